// NATS JetStream: a log in Go that acknowledges what it has put into its file; it does not sync each.
import { freePort, startProcess } from '../process.ts'
import type { Peer } from './peer.ts'

export const jetstream: Peer = {
  name: 'JetStream',
  package: 'nats-server',
  path: '/usr/sbin/nats-server',
  async start(bench, wrap = []) {
    const port = await freePort()
    const where = ['--addr', '127.0.0.1', '--port', String(port), '--store_dir', bench.folder()]
    return startProcess([...wrap, this.path, '--jetstream', ...where], { port, ready: /Server is ready/ })
  },
}
