// The last part of a host's name, for links that are written without a scheme: `example.com` is one, `notes.txt` is not.

/** The usual generic ones, the country codes of ISO 3166, and the names that are kept for examples (RFC 2606). */
export const endings: ReadonlySet<string> = new Set(
  (
    'com,org,net,edu,gov,mil,int,biz,io,dev,app,xyz,blog,shop,wiki,cloud,online,site,tech,page,news,museum,coop,aero,example,' +
    'ac,ad,ae,af,ag,ai,al,am,ao,ar,at,au,aw,ax,az,ba,bb,bd,be,bf,bg,bh,bi,bj,bm,bn,bo,br,bs,bt,bw,by,bz,ca,cd,cf,cg,ch,ci,' +
    'ck,cl,cm,cn,co,cr,cu,cv,cw,cx,cy,cz,de,dj,dk,dm,dz,ec,ee,eg,er,es,et,eu,fi,fj,fk,fm,fo,fr,ga,gd,ge,gf,gg,gh,gi,gl,gm,' +
    'gn,gp,gq,gr,gt,gu,gw,gy,hk,hn,hr,ht,hu,ie,il,im,in,iq,ir,it,je,jm,jo,jp,ke,kg,kh,ki,km,kn,kp,kr,kw,ky,kz,la,lb,lc,li,' +
    'lk,lr,ls,lt,lu,lv,ly,ma,mc,mg,mh,mn,mo,mp,mq,mr,ms,mt,mu,mv,mw,mx,mz,na,nc,ne,nf,ng,ni,nl,no,np,nr,nu,nz,om,pa,pe,pf,' +
    'pg,ph,pk,pl,pn,pr,pt,pw,qa,re,ro,ru,rw,sa,sb,sc,sd,se,sg,si,sk,sl,sm,sn,sr,ss,su,sv,sx,sy,sz,tc,td,tf,tg,th,tj,tk,tl,' +
    'tm,tn,tr,tt,tv,tw,tz,ua,ug,uk,us,uy,uz,va,vc,ve,vg,vi,vn,vu,wf,ws,ye,yt,za,zm,zw'
  ).split(','),
)

/** Those that a file, a line of code or a missing space may end in as well: they count only where more shows a link. */
export const couldBeFile: ReadonlySet<string> = new Set(
  'as,cc,do,gs,hm,id,info,is,md,me,mk,ml,mm,my,name,ps,py,rs,sh,so,st,to'.split(','),
)
