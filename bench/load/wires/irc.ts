// IRC (RFC 2812): NICK, USER, PRIVMSG. Nothing is acknowledged.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { textOf } from '../texts.ts'
import { openScanned } from './scanned.ts'
import type { OpenWire } from './wire.ts'

export const openIrc: OpenWire = async (options, events) => {
  const { self, targets } = options
  const { socket, seen, close } = await openScanned(options, events, { name: 'IRC', signIn: register, other: pong })
  return {
    seen,
    send(first, count) {
      let lines = ''
      for (let number = first; number < first + count; number += 1) {
        lines += `PRIVMSG ${targets[number % targets.length]} :${textOf(self, number)}\r\n`
      }
      socket.write(lines)
    },
    close,
  }
}

const ping = Buffer.from('PING ')

function pong(socket: Socket, chunk: Buffer): void {
  if (chunk.subarray(0, 5).equals(ping)) socket.write(`PONG${chunk.toString('latin1').slice(4)}`)
}

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
