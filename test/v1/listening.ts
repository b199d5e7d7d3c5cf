// Live readers for the tests: what comes over SSE and WebSocket, as frames that can be waited for.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { WebSocket } from 'ws'
import type { ClientFrame, EntryView, ServerFrame } from '../../src/protocol/v1.ts'

export interface Listening extends AsyncDisposable {
  readonly frames: readonly ServerFrame[]
  /** The entries of all frames so far. */
  entries(): readonly EntryView[]
  /** The last cursor that was given. */
  cursor(): string
  /** The first frame, past or to come, that fits; rejects if the stream ends before. */
  frame<T extends ServerFrame['type']>(
    type: T,
    fits?: (frame: Extract<ServerFrame, { type: T }>) => boolean,
  ): Promise<Extract<ServerFrame, { type: T }>>
  /** Resolves when an entry with this text is there. */
  text(text: string): Promise<EntryView>
  readonly ended: Promise<void>
}

class Frames {
  readonly frames: ServerFrame[] = []
  readonly #watchers = new Set<() => void>()
  readonly #end = Promise.withResolvers<void>()
  #over = false

  get ended(): Promise<void> {
    return this.#end.promise
  }

  add(frame: ServerFrame): void {
    this.frames.push(frame)
    for (const watch of this.#watchers) watch()
  }

  end(): void {
    this.#over = true
    this.#end.resolve()
    for (const watch of this.#watchers) watch()
  }

  find<T>(look: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = look()
        if (found === undefined && !this.#over) return
        this.#watchers.delete(check)
        if (found === undefined) reject(new Error(`the stream ended before ${what}: ${JSON.stringify(this.frames)}`))
        else resolve(found)
      }
      this.#watchers.add(check)
      check()
    })
  }

  listening(dispose: () => Promise<void>): Listening {
    const entries = () => this.frames.flatMap(frame => (frame.type === 'entries' ? frame.entries : []))
    return {
      frames: this.frames,
      ended: this.ended,
      entries,
      cursor: () => this.frames.findLast(frame => 'cursor' in frame)?.cursor ?? '',
      frame: <T extends ServerFrame['type']>(
        type: T,
        fits: (frame: Extract<ServerFrame, { type: T }>) => boolean = () => true,
      ) =>
        this.find(
          () =>
            this.frames.find(
              (frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type && fits(frame as never),
            ),
          `a frame ${type}`,
        ),
      text: text => this.find(() => entries().find(entry => entry.text === text), `the text ${text}`),
      [Symbol.asyncDispose]: dispose,
    }
  }
}

/** A reader over server-sent events; resolves when the answer's head is there. */
export async function listenSse(
  url: string,
  token: string,
  { after, lastEventId }: { after?: string; lastEventId?: string } = {},
): Promise<Listening & { readonly response: IncomingMessage }> {
  const asked = request(`${url}/v1/stream${after === undefined ? '' : `?after=${after}`}`, {
    headers: {
      Authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    },
  }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const frames = new Frames()
  let rest = ''
  response.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data !== undefined) frames.add(JSON.parse(data) as ServerFrame)
    }
  })
  response.on('error', () => {})
  response.once('close', () => frames.end())
  const listening = frames.listening(async () => {
    asked.destroy()
    await frames.ended
  })
  return { ...listening, response }
}

export interface Talking extends Listening {
  readonly socket: WebSocket
  say(frame: ClientFrame): void
  /** The code with which it was closed. */
  readonly closed: Promise<number>
}

/** A WebSocket; it starts by itself where a token is given. */
export async function talkLive(
  url: string,
  token: string | undefined,
  { after, headers = {} }: { after?: string; headers?: Record<string, string> } = {},
): Promise<Talking> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['hullo.v1'], { headers })
  const frames = new Frames()
  socket.on('message', (data: Buffer) => frames.add(JSON.parse(data.toString()) as ServerFrame))
  const { promise: closed, resolve } = Promise.withResolvers<number>()
  socket.once('close', code => {
    frames.end()
    resolve(code)
  })
  await once(socket, 'open')
  const say = (frame: ClientFrame) => socket.send(JSON.stringify(frame))
  if (token !== undefined) say({ type: 'start', token, ...(after === undefined ? {} : { after }) })
  const listening = frames.listening(async () => {
    socket.terminate()
    await frames.ended
  })
  return { ...listening, socket, say, closed }
}
