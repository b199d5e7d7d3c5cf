// node:http and fastify without anything behind them, started as processes of their own.
import { fileURLToPath } from 'node:url'
import { type Running, startProcess } from '../process.ts'

export function startBare(kind: 'node' | 'fastify'): Promise<Running> {
  const script = fileURLToPath(new URL('bare-http.ts', import.meta.url))
  return startProcess([process.execPath, script, kind], { ready: /listening on (\d+)/ })
}
