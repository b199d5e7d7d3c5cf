// ngircd: an IRC server in C that forwards and stores nothing. Its limits against floods are off.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startProcess } from '../process.ts'
import type { Peer } from './peer.ts'

export const ngircd: Peer = {
  name: 'ngircd',
  package: 'ngircd',
  path: '/usr/sbin/ngircd',
  async start(bench, wrap = []) {
    const dir = bench.folder()
    chmodSync(dir, 0o755) // it gives up root's rights
    const port = await freePort()
    const file = join(dir, 'ngircd.conf')
    writeFileSync(file, configuration(port))
    return startProcess([...wrap, this.path, '--nodaemon', '--config', file], { port })
  },
}

function configuration(port: number): string {
  return `
[Global]
Name = irc.bench.local
Info = bench
Listen = 127.0.0.1
Ports = ${port}
MotdPhrase = hello
ServerUID = irc
ServerGID = irc
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxPenaltyTime = 0
MaxNickLength = 30
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
`
}
