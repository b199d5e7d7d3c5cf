// What the protocols share that carry texts in lines or stanzas and acknowledge nothing: a socket, signed in, on which texts
// are looked for as they come.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Scanner } from '../texts.ts'
import type { OpenWire, Wire } from './wire.ts'

interface Protocol {
  readonly name: string
  /** Until the server takes messages. */
  signIn(socket: Socket, name: string): Promise<void>
  /** What came in one read and brought no text. */
  other?(socket: Socket, chunk: Buffer): void
}

type Scanned = Pick<Wire, 'seen' | 'close'> & { readonly socket: Socket }

export async function openScanned(
  { port, name, from }: Parameters<OpenWire>[0],
  { delivered, lost }: Parameters<OpenWire>[1],
  protocol: Protocol,
): Promise<Scanned> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await once(socket, 'connect')
  await protocol.signIn(socket, name)
  const seen = { frames: 0, reads: 0 }
  let found = false
  const scanner = new Scanner((sender, number) => {
    found = true
    delivered(sender, number)
  })
  socket.on('data', (chunk: Buffer) => {
    found = false
    scanner.take(chunk)
    if (found) seen.reads += 1
    else protocol.other?.(socket, chunk)
  })
  socket.on('error', lost).on('close', () => lost(new Error(`${protocol.name}: ${name} was put out`)))
  return { socket, seen, close: () => socket.destroy() }
}
