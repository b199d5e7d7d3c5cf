// Both live transports as a client without a library sees them: server-sent events over HTTP, and a WebSocket. A wire
// gives frames until either side ends it, at the speed of whoever takes them.
import { request } from 'node:http'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { ClientFrame, ServerFrame } from '../../src/protocol/v1.ts'

export interface Wire {
  /** Frames as they come; ends, or throws, with the connection. */
  readonly frames: AsyncIterable<ServerFrame>
  /** Only a WebSocket carries something the other way. */
  send(frame: ClientFrame): void
  cut(): void
}

export interface Asked {
  readonly url: string
  readonly token: string
  readonly after: string | undefined
}

/** GET /v1/stream, the cursor as a browser sends it or as a script does. */
export async function openSse({ url, token, after }: Asked, asBrowser: boolean): Promise<Wire> {
  const query = after === undefined || asBrowser ? '' : `?after=${after}`
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(after !== undefined && asBrowser ? { 'Last-Event-ID': after } : {}),
  }
  const asked = request(`${url}/v1/stream${query}`, { headers, agent: false })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`the stream was answered with ${response.statusCode}`)
  asked.on('error', () => {})
  return { frames: framesOf(response), send: () => {}, cut: () => asked.destroy() }
}

/** The events of a stream (WHATWG HTML, 9.2), as far as this server uses them; whole ones only. */
async function* framesOf(response: IncomingMessage): AsyncGenerator<ServerFrame, void, undefined> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) {
    text += chunk as string
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const fields = new Map(event.split('\n').map(line => line.split(/: (.*)/s, 2) as [string, string]))
      const data = fields.get('data')
      if (data === undefined) continue
      const frame = JSON.parse(data) as ServerFrame
      const cursor = 'cursor' in frame ? frame.cursor : undefined
      if (fields.get('event') !== frame.type || fields.get('id') !== cursor) {
        throw new Error(`an event is not what its data says: ${event.slice(0, 200)}`)
      }
      yield frame
    }
  }
}

export async function openWebSocket({ url, token, after }: Asked): Promise<Wire> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['hullo.v1'])
  const waiting: ServerFrame[] = []
  let over = false
  let wake = () => {}
  socket.addEventListener('message', event => {
    waiting.push(JSON.parse(String(event.data)) as ServerFrame)
    wake()
  })
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    // `close` follows every failure, also that of opening.
    socket.addEventListener('close', () => {
      over = true
      wake()
      reject(new Error('the WebSocket is closed'))
    })
  })
  socket.addEventListener('error', () => {})
  await opened
  const send = (frame: ClientFrame) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  send({ type: 'start', token, ...(after === undefined ? {} : { after }) })
  async function* frames(): AsyncGenerator<ServerFrame, void, undefined> {
    for (;;) {
      const frame = waiting.shift()
      if (frame !== undefined) yield frame
      else if (over) return
      else {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    }
  }
  return { frames: frames(), send, cut: () => socket.close() }
}
