// Invite links, by admins: made, passed on at once, and withdrawn while they still let somebody in.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-invites.ts'
import type { Invite, InviteView } from '../../src/sdk/sdk.ts'
import { Button } from '../ui/button.tsx'
import { confirm } from '../ui/confirm.tsx'
import { More } from '../ui/more.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { type Page, usePages } from '../behaviour/use-pages.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { MakeInvite } from './make-invite.tsx'
import { ToPassOn } from './to-pass-on.tsx'

/** A few screens. */
const pageInvites = 50

export function InviteLinks() {
  const { me } = useChat()
  const [made, setMade] = useState<Invite>()
  const { isBusy, wrong, run } = useDeed()
  const pages = usePages('invites', async (after: string | undefined, signal): Promise<Page<InviteView, string>> => {
    const at = after === undefined ? {} : { after }
    const { invites, more } = await me.people.invites({ ...at, limit: pageInvites, signal })
    return { items: invites, next: more ? invites.at(-1)?.id : undefined }
  })
  const link = useRef<HTMLDivElement>(null)
  // It stands below the form, and on a phone below all that is in sight.
  useLayoutEffect(() => link.current?.scrollIntoView({ block: 'nearest' }), [made])
  const withdraw = async (id: string) => {
    if (!(await confirm({ question: say.withdrawAsk, yes: say.withdraw, danger: true }))) return
    if (!(await run(() => me.people.withdrawInvite(id)))) return
    if (made?.id === id) setMade(undefined)
    pages.again()
  }
  return (
    <>
      <MakeInvite
        made={invite => {
          setMade(invite)
          pages.again()
        }}
      />
      {made !== undefined && (
        <div ref={link} class="invite-made" role="status">
          <p>{say.made}</p>
          <ToPassOn text={made.link} label={say.codeOfInvite} />
        </div>
      )}
      <div>
        <h3 class="invites-title">{say.open}</h3>
        <ul class="items" aria-label={say.open} aria-busy={pages.isLoading}>
          {pages.items.map(invite => (
            <li key={invite.id} class="item">
              <InviteLine invite={invite} />
              <Button disabled={isBusy} onClick={() => void withdraw(invite.id)}>
                {say.withdraw}
              </Button>
            </li>
          ))}
        </ul>
        {pages.isLoaded && pages.items.length === 0 && <p class="view-note">{say.none}</p>}
        <Wrong sentence={wrong} />
        <More pages={pages} />
      </div>
    </>
  )
}

function InviteLine({ invite: { by, usesLeft, makesAdmin, expiresAt } }: { readonly invite: InviteView }) {
  return (
    <span class="item-text">
      <span class="item-name">
        {say.usesLeft(usesLeft)}
        {makesAdmin && ` · ${say.forAdmins}`}
      </span>
      <span class="item-sub" dir="auto">
        {say.until(expiresAt)} · {by === undefined ? say.byServer : say.madeBy(by)}
      </span>
    </span>
  )
}
