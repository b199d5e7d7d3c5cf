// Devices that come back: a WebSocket with a cursor from before, until what came since is there; one after the other.
import { latencies } from '../stats.ts'
import { pause, serveLoad } from './process.ts'
import { Scanner } from './texts.ts'
import { openWebSocket } from './wires/websocket.ts'

export interface Resumes {
  readonly port: number
  readonly token: string
  readonly cursor: string
  /** Texts that lie behind the cursor. */
  readonly texts: number
  readonly ms: number
}

serveLoad({ round })

async function round(resumes: Resumes): Promise<Record<string, number>> {
  const times: number[] = []
  const beganMs = performance.now()
  while (performance.now() < beganMs + resumes.ms) {
    const fromMs = performance.now()
    await resume(resumes)
    times.push(performance.now() - fromMs)
    // The server sees the end of this one before the next begins.
    await pause(1)
  }
  return latencies(Float64Array.from(times))
}

async function resume({ port, token, cursor, texts }: Resumes): Promise<void> {
  const whole = Promise.withResolvers<void>()
  let found = 0
  const scanner = new Scanner(() => {
    found += 1
    if (found === texts) whole.resolve()
  })
  const live = await openWebSocket(
    { port, path: '/v1/live', protocol: 'hullo.v1', from: '127.0.0.1' },
    { part: bytes => scanner.take(bytes), closed: why => whole.reject(why) },
  )
  live.send(JSON.stringify({ type: 'start', token, after: cursor }))
  await whole.promise
  live.socket.destroy()
}
