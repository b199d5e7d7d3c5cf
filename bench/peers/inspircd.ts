// InspIRCd: an IRC server in C++ that forwards and stores nothing. Its limits against floods are off.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startProcess } from '../process.ts'
import type { Peer } from './peer.ts'

export const inspircd: Peer = {
  name: 'InspIRCd',
  package: 'inspircd',
  path: '/usr/sbin/inspircd',
  async start(bench, wrap = []) {
    const dir = bench.folder()
    const port = await freePort()
    const file = join(dir, 'inspircd.conf')
    writeFileSync(file, configuration(port, dir))
    return startProcess([...wrap, this.path, '--nofork', '--runasroot', '--config', file], { port })
  },
}

function configuration(port: number, dir: string): string {
  return `<config format="xml">
<server name="irc.bench.local" description="bench" network="Bench" id="00A">
<admin name="bench" nick="bench" email="bench@bench.local">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect name="all" allow="*" timeout="60" pingfreq="3600" hardsendq="100M" softsendq="50M" recvq="50M"
  threshold="1000000000" commandrate="1000000000000" fakelag="no" localmax="20000" globalmax="20000"
  resolvehostnames="no" useident="no">
<options prefixquit="" syntaxhints="no">
<performance netbuffersize="65534" somaxconn="128" softlimit="20000">
<files motd="">
<dns server="127.0.0.1" timeout="1">
<pid file="${join(dir, 'inspircd.pid')}">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${join(dir, 'inspircd.log')}">
`
}
