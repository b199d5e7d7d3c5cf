// IRC (RFC 2812): NICK, USER, PRIVMSG. Nothing is acknowledged.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Scanner, textOf } from '../texts.ts'
import type { OpenWire } from './wire.ts'

export const openIrc: OpenWire = async ({ port, self, name, targets, from }, { delivered, lost }) => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await once(socket, 'connect')
  await register(socket, name)
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
    else if (chunk.subarray(0, 5).equals(ping)) socket.write(`PONG${chunk.toString('latin1').slice(4)}`)
  })
  socket.on('error', lost).on('close', () => lost(new Error(`IRC: ${name} was put out`)))
  return {
    seen,
    send(first, count) {
      let lines = ''
      for (let number = first; number < first + count; number += 1) {
        lines += `PRIVMSG ${targets[number % targets.length]} :${textOf(self, number)}\r\n`
      }
      socket.write(lines)
    },
    close: () => socket.destroy(),
  }
}

const ping = Buffer.from('PING ')

/** Until the message of the day, or that there is none: then the server takes messages. */
async function register(socket: Socket, name: string): Promise<void> {
  socket.write(`NICK ${name}\r\nUSER ${name} 0 * :${name}\r\n`)
  let text = ''
  for await (const [chunk] of onData(socket)) {
    text += chunk.toString('latin1')
    const challenge = /^PING (.*)\r?$/m.exec(text)
    if (challenge !== null) {
      socket.write(`PONG ${challenge[1]}\r\n`)
      text = text.replace(challenge[0], '')
    }
    if (/^:\S+ (376|422) /m.test(text)) return
    const refusal = /^(ERROR|:\S+ (4[36]\d|465)) .*$/m.exec(text)
    if (refusal !== null) throw new Error(`IRC refuses ${name}: ${refusal[0]}`)
  }
}

async function* onData(socket: Socket): AsyncGenerator<[Buffer]> {
  while (!socket.destroyed) yield (await once(socket, 'data')) as [Buffer]
}
