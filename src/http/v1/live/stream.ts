// Depart: GET /v1/stream, server-sent events (WHATWG HTML, 9.2). The event's name is the frame's type, its id the
// cursor: a browser that reconnects sends it back as Last-Event-ID. One chunk a frame, at the speed of the reader.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Refusal } from '../../../protocol/refusals.ts'
import { begin, hereWhile } from '../../../core/live/begin.ts'
import { type Frame, frameOf, plain } from './frames.ts'
import { LiveSession } from '../../../core/live/live-session.ts'
import { sendProblem } from '../problems.ts'
import type { V1Routes } from '../group.ts'
import { Type } from '../document/type.ts'

/** A quiet stream says so this often: the client gives it up after twice the time. */
const beatMs = 15_000

/** A stream is ended after ten minutes, give or take one: what half-died unnoticed in between is let go. */
const lifeMs = 600_000
const jitterMs = 60_000

/** A reader that has not taken the end of its stream by then is cut off: it may hang for good. */
const endMs = 30_000

/** Between the two looks whether a reader that has closed its side is gone: the time for its system to say so. */
const goneMs = 500

/** How long a browser waits before it comes back by itself. */
const retryMs = 2_000

export const streamRoutes: V1Routes = async (v1, needs) => {
  v1.get(
    '/stream',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Everything of mine, live',
        description:
          'Server-sent events: `hello` first, then `entries`, `beat`, `soft`, `diverged`, `truncated`, `end`. The id of ' +
          'an event is a cursor; `Last-Event-ID` or `after` goes on from one, without gap and without double.',
        tags: ['live'],
        querystring: Type.Object({ after: Type.Optional(Type.String({ maxLength: 64 })) }),
        response: {
          200: {
            description: 'Events without end.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const after = request.headers['last-event-id'] ?? request.query.after
      const beginning = await begin(needs, request.caller, typeof after === 'string' ? after : undefined)
      if (beginning instanceof Refusal) return sendProblem(reply, beginning)
      using ends = beginning.ends
      const { follower } = beginning
      ends.use(hereWhile(needs.soft, request.caller.account))
      reply.hijack()
      const left = new AbortController()
      reply.raw.once('close', () => left.abort())
      // It may have closed while the stream was beginning, and would not say so again.
      if (reply.raw.destroyed) left.abort()
      for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, String(value))
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
      reply.raw.write(`retry: ${retryMs}\n\n${beginning.frames.map(frame => eventOf(plain(frame))).join('')}`)
      ends.use(lookWhetherGone(request.raw.socket, reply.raw))
      let life = setTimeout(
        () => {
          follower.end('renew')
          life = setTimeout(() => reply.raw.destroy(), endMs)
        },
        lifeMs + (Math.random() - 0.5) * 2 * jitterMs,
      )
      const session = new LiveSession(needs.sessions, request.caller.session, () => follower.end('session-over'))
      try {
        for await (const live of follower.live(left.signal, beatMs)) {
          // Its end comes next, in place of what came after it.
          if (live.kind !== 'end' && session.isPast && !(await session.lasts())) continue
          await write(reply.raw, eventOf(frameOf(live, needs.cursors)), left.signal)
        }
      } catch (error) {
        // The store failed in the middle: the reader comes back with its cursor.
        if (!left.signal.aborted) reply.raw.write(eventOf(plain({ type: 'end', reason: 'renew' })))
        if (!left.signal.aborted) throw error
      } finally {
        clearTimeout(life)
        reply.raw.end()
      }
      return undefined
    },
  )
}

function eventOf({ type, json, cursor }: Frame): string {
  return `${cursor === undefined ? '' : `id: ${cursor}\n`}event: ${type}\ndata: ${json}\n\n`
}

/** Waits for a reader that is slower than we are: what comes meanwhile waits in its follower, which is bounded. */
async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(text)) return
  await once(response, 'drain', { signal }).catch(() => {})
}

/**
 * A reader that is gone closes its side as one does that only has no more to ask (`nc -N`). Bytes that mean nothing tell
 * them apart: to the first a system answers that nobody is there, and the second then fails.
 */
function lookWhetherGone(socket: Socket, response: ServerResponse): Disposable {
  let second: NodeJS.Timeout | undefined
  const look = () => {
    response.write(':\n\n')
    second = setTimeout(() => response.write(':\n\n'), goneMs)
  }
  socket.once('end', look)
  if (socket.readableEnded) look()
  return {
    [Symbol.dispose]: () => {
      clearTimeout(second)
      socket.off('end', look)
    },
  }
}
