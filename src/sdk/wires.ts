// The two ways a live stream comes: a WebSocket, or server-sent events where WebSockets do not work. A wire hands on
// frames and says once that it is lost; it decides nothing and never opens itself again.
import type { ServerFrame } from '../protocol/v1.ts'
import { asError, NoAnswer } from './errors.ts'
import { parseFrame } from './frames.ts'
import { headersOf, type Place, refusalIn, routeUrl } from './http.ts'
import * as clientTexts from '../protocol/texts/client.ts'

export interface Wire {
  /** Sends a client's frame; absent where the wire only receives. */
  readonly send?: (json: string) => void
  /** Bytes given to `send` that have not left yet. */
  readonly waitingBytes: () => number
  /** Ends it, without a word to its events. */
  readonly drop: () => void
}

export interface WireEvents {
  /** `chars` is its length on the wire, for those who bound what they keep. */
  readonly frame: (frame: ServerFrame, chars: number) => void
  /** Something came, whatever it was. */
  readonly heard: () => void
  /** The end; nothing comes after it. */
  readonly lost: (why: Error) => void
}

/** Of one server-sent event: a frame is 1 MiB at most. */
const eventCharsMax = 2 ** 21

/** Opens `/v1/live`. The token goes in the first frame: a browser cannot set headers here. */
export function openWebSocket(place: Place, after: string | undefined, events: WireEvents): Wire {
  const url = routeUrl(place, '/live')
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const { WebSocket } = place.platform
  if (WebSocket === undefined) throw new NoAnswer(clientTexts.noWebSockets)
  const socket = new WebSocket(url, 'hullo.v1')
  let over = false
  const end = (why?: Error) => {
    if (over) return
    over = true
    socket.close()
    if (why !== undefined) events.lost(why)
  }
  socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'start', token: place.token, after })))
  socket.addEventListener('message', ({ data }: { data: unknown }) => {
    if (over) return
    try {
      events.heard()
      if (typeof data !== 'string') throw new NoAnswer(clientTexts.streamBinary)
      const frame = parseFrame(data)
      if (frame !== undefined) events.frame(frame, data.length)
    } catch (error) {
      end(asError(error))
    }
  })
  socket.addEventListener('error', () => end(new NoAnswer(clientTexts.webSocketFailed(url.host))))
  socket.addEventListener('close', ({ code }) => {
    end(new NoAnswer(clientTexts.webSocketClosed(url.host, code)))
  })
  return {
    send: json => socket.send(json),
    waitingBytes: () => socket.bufferedAmount,
    drop: () => end(),
  }
}

/** Opens `/v1/stream`. The cursor goes in the query: as a header it would need leave from another origin's server. */
export function openEvents(place: Place, after: string | undefined, events: WireEvents): Wire {
  const stop = new AbortController()
  const read = async () => {
    const response = await place.platform.fetch(routeUrl(place, '/stream', { after }), {
      headers: { ...headersOf(place), Accept: 'text/event-stream' },
      signal: stop.signal,
      redirect: 'error',
      cache: 'no-store',
    })
    if (!response.ok) throw refusalIn(response, await response.text(), place)
    if (response.body === null || !/^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')) {
      throw new NoAnswer(clientTexts.foreignStream(place.server.host))
    }
    // Loaded where it is needed: most pages have a WebSocket and never do.
    const { createParser } = await import('eventsource-parser')
    const parser = createParser({
      maxBufferSize: eventCharsMax,
      onEvent({ data }) {
        const frame = parseFrame(data)
        if (frame !== undefined && !stop.signal.aborted) events.frame(frame, data.length)
      },
      onError(error) {
        if (error.type === 'max-buffer-size-exceeded') throw error
      },
    })
    const decoder = new TextDecoder()
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || stop.signal.aborted) break
      events.heard()
      parser.feed(decoder.decode(value, { stream: true }))
    }
    throw new NoAnswer(clientTexts.streamEnded)
  }
  read().catch((error: unknown) => {
    if (stop.signal.aborted) return
    stop.abort()
    events.lost(asError(error))
  })
  return { waitingBytes: () => 0, drop: () => stop.abort() }
}
