// ejabberd: an XMPP server in Erlang; live delivery, nothing archived. It is started by erl itself, without a node's name,
// so that no port mapper stays behind.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { xmppHost } from '../load/wires/xmpp.ts'
import { freePort, startProcess } from '../process.ts'
import type { Peer } from './peer.ts'

export const ejabberd: Peer = {
  name: 'ejabberd',
  package: 'ejabberd',
  path: '/usr/sbin/ejabberdctl',
  async start(bench, wrap = []) {
    const dir = bench.folder()
    const port = await freePort()
    const file = join(dir, 'ejabberd.yml')
    writeFileSync(file, configuration(port))
    const line = ['/usr/bin/erl', '-noinput', '+K', 'true', '+P', '250000', '-mnesia', 'dir', `"${join(dir, 'spool')}"`]
    return startProcess([...wrap, ...line, '-ejabberd', 'quiet', 'true', '-s', 'ejabberd'], {
      port,
      cwd: dir,
      env: {
        EJABBERD_CONFIG_PATH: file,
        EJABBERD_LOG_PATH: join(dir, 'ejabberd.log'),
        ERL_LIBS: librariesOf(),
        ERL_CRASH_DUMP: join(dir, 'crash.dump'),
        HOME: dir,
      },
    })
  },
}

/** Where Debian keeps Erlang's packages: the folder of the machine's architecture that has ejabberd. */
function librariesOf(): string {
  const folders = readdirSync('/usr/lib', { withFileTypes: true }).filter(entry => entry.isDirectory())
  const found = folders.find(({ name }) => readdirSync(join('/usr/lib', name)).some(one => /^ejabberd-\d/.test(one)))
  return join('/usr/lib', found?.name ?? '')
}

function configuration(port: number): string {
  return `
hosts: ["${xmppHost}"]
loglevel: error
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    starttls_required: false
    shaper: none
    access: all
auth_method: internal
auth_password_format: plain
registration_timeout: infinity
modules:
  mod_disco: {}
  mod_ping: {}
  mod_register:
    access: all
  mod_roster: {}
`
}
