// Arrive: requests that come on one connection without waiting for answers (pipelining) take turns. They are carried
// out one after the other, as RFC 9112, 9.3.2 asks for what changes something, and what is no request is told so only
// after the answers to those before it. Nothing here looks into a request.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that wait; nobody but an attacker sends more before reading a single answer. */
const waitingMax = 256

interface Turn {
  readonly request: IncomingMessage
  readonly over: Promise<void>
}

/** The turns of a connection that are not over, oldest first. */
const lines = new WeakMap<Socket, Turn[]>()

/** Connections on which something came that is no request. */
const broken = new WeakSet<Socket>()

/**
 * Resolves when it is this request's turn: at once where no other of its connection is being answered. False where the
 * request itself was found broken meanwhile: its answer, the connection's last, is then another's to give.
 */
export async function takeTurn(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const { socket } = request
  const line = lines.get(socket) ?? []
  lines.set(socket, line)
  const before = line.at(-1)
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const turn = { request, over }
  line.push(turn)
  response.once('close', () => {
    line.splice(line.indexOf(turn), 1)
    resolve()
  })
  if (before === undefined) return true
  if (line.length > waitingMax) socket.destroy()
  await before.over
  return request.complete || !broken.has(socket)
}

/**
 * Resolves when all whole requests that came before what is broken have been answered; to false where the connection
 * was known to be broken.
 */
export async function afterTheOthers(socket: Socket): Promise<boolean> {
  if (broken.has(socket)) return false
  broken.add(socket)
  const line = lines.get(socket) ?? []
  await line.findLast(({ request }) => request.complete)?.over
  return true
}

/** Whether the last request of a connection is still to be sent to its end. */
export function isUnfinished(socket: Socket): boolean {
  return lines.get(socket)?.at(-1)?.request.complete === false
}
