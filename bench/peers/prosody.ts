// Prosody: an XMPP server in Lua; live delivery, nothing archived.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { xmppHost } from '../load/wires/xmpp.ts'
import { freePort, startProcess } from '../process.ts'
import type { Peer } from './peer.ts'

export const prosody: Peer = {
  name: 'Prosody',
  package: 'prosody',
  path: '/usr/bin/prosody',
  async start(bench, wrap = []) {
    const dir = bench.folder()
    const port = await freePort()
    const file = join(dir, 'prosody.cfg.lua')
    writeFileSync(file, configuration(port, dir))
    return startProcess([...wrap, this.path, '--config', file, '-F'], { port, cwd: dir })
  },
}

function configuration(port: number, dir: string): string {
  return `
run_as_root = true
daemonize = false
modules_enabled = { "roster", "saslauth", "disco", "ping", "presence", "message", "iq", "register", "register_ibr" }
modules_disabled = { "s2s", "tls", "limits", "offline" }
allow_registration = true
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
authentication = "internal_plain"
storage = "internal"
data_path = "${dir}"
pidfile = "${join(dir, 'prosody.pid')}"
c2s_ports = { ${port} }
c2s_interfaces = { "127.0.0.1" }
s2s_ports = {}
http_ports = {}
https_ports = {}
log = { error = "${join(dir, 'prosody.log')}" }
VirtualHost "${xmppHost}"
`
}
