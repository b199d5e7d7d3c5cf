// The lab as its course runs it: lab.py on Debian's Flask and SQLAlchemy, with Flask's development server.
import { fileURLToPath } from 'node:url'
import { freePort, startProcess } from '../process.ts'
import type { Peer } from './peer.ts'

export const flask: Peer = {
  name: 'Flask',
  package: 'python3-flask-sqlalchemy',
  path: '/usr/lib/python3/dist-packages/flask_sqlalchemy',
  async start(bench, wrap = []) {
    const port = await freePort()
    const script = fileURLToPath(new URL('lab.py', import.meta.url))
    return startProcess([...wrap, '/usr/bin/python3', script, String(port), bench.folder()], { port })
  },
}
