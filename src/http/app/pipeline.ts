// Arrive: requests that come on one connection without waiting for answers (pipelining) take turns. They are carried
// out one after the other, as RFC 9112, 9.3.2 asks for what changes something, and what is no request is told so only
// after the answers to those before it. Nothing here looks into a request.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that wait; nobody but an attacker sends more before reading a single answer. */
const waitingMax = 256

interface Turn {
  readonly request: IncomingMessage
  /** Those who wait for its end: usually nobody, so that a promise is only made for those who do. */
  readonly waiting: (() => void)[]
}

/** The turns of a connection that are not over, oldest first. */
const lines = new WeakMap<Socket, Turn[]>()

/** Connections on which something came that is no request. */
const broken = new WeakSet<Socket>()

/**
 * True where no other request of its connection is being answered: it is this one's turn. Otherwise resolves when it is;
 * to false where the request itself was found broken meanwhile: its answer, the connection's last, is then another's to
 * give.
 */
export function takeTurn(request: IncomingMessage, response: ServerResponse): true | Promise<boolean> {
  const { socket } = request
  const line = lineOf(socket)
  const before = line.at(-1)
  line.push({ request, waiting: [] })
  response.on('close', endTurn)
  if (before === undefined) return true
  if (line.length > waitingMax) socket.destroy()
  return overOf(before).then(() => request.complete || !broken.has(socket))
}

/** As the listener of a response, which knows its request. */
function endTurn(this: ServerResponse): void {
  const { req: request } = this
  const line = lineOf(request.socket)
  const [turn] = line.splice(
    line.findIndex(one => one.request === request),
    1,
  )
  for (const wake of turn?.waiting ?? []) wake()
}

/**
 * Resolves when all whole requests that came before what is broken have been answered; to false where the connection
 * was known to be broken.
 */
export async function afterTheOthers(socket: Socket): Promise<boolean> {
  if (broken.has(socket)) return false
  broken.add(socket)
  const last = lines.get(socket)?.findLast(({ request }) => request.complete)
  if (last !== undefined) await overOf(last)
  return true
}

/** Whether the last request of a connection is still to be sent to its end. */
export function isUnfinished(socket: Socket): boolean {
  return lines.get(socket)?.at(-1)?.request.complete === false
}

function lineOf(socket: Socket): Turn[] {
  const known = lines.get(socket)
  if (known !== undefined) return known
  const line: Turn[] = []
  lines.set(socket, line)
  return line
}

function overOf({ waiting }: Turn): Promise<void> {
  return new Promise(resolve => waiting.push(resolve))
}
