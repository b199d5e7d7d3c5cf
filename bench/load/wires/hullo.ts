// Hullo over WebSocket (subprotocol hullo.v1): what the SDK does, without its books. What there is to send goes as one
// frame, each message with its client id; entries and acknowledgements are counted as they stream by.
import { randomBytes } from 'node:crypto'
import { Void } from '../../contract.ts'
import { clientIdOf, Scanner, textOf } from '../texts.ts'
import { openWebSocket } from './websocket.ts'
import type { OpenWire, WireOptions } from './wire.ts'

export const openHullo: OpenWire = async (options, events) => {
  const { port, self, token, targets, from } = options
  const seen = { frames: 0, reads: 0 }
  const prefix = randomBytes(6).toString('base64url')
  const hello = Promise.withResolvers<void>()
  const pending = new Map<number, number>()
  const acknowledge = acknowledgements(pending, events)
  const testify = testimony(options)
  const scanner = new Scanner(events.delivered)
  let kind = 'other'
  const socket = await openWebSocket(
    { port, path: '/v1/live', protocol: 'hullo.v1', from },
    {
      closed(why) {
        hello.reject(why)
        events.lost(why)
      },
      part(bytes, isFirst, isLast) {
        if (isFirst) kind = kindOf(bytes)
        if (kind === 'hello') hello.resolve()
        else if (kind === 'sent') acknowledge(bytes, isFirst, isLast)
        else if (kind === 'entries') {
          // First the store, then the books: what is delivered is to be there by now.
          testify(bytes, isFirst, isLast)
          scanner.take(bytes)
          if (isFirst) seen.frames += 1
          seen.reads += 1
        } else if (kind === 'refused' || kind === 'end') events.lost(new Error(`Hullo says ${bytes.toString()}`))
      },
    },
  )
  socket.send(JSON.stringify({ type: 'start', token }))
  await hello.promise
  let ref = 0
  return {
    seen,
    send(first, count) {
      ref += 1
      pending.set(ref, count)
      let messages = ''
      for (let number = first; number < first + count; number += 1) {
        const to = targets[number % targets.length]
        messages += `${number === first ? '' : ','}{"to":"@${to}","text":"${textOf(self, number)}","clientId":"${clientIdOf(prefix, number)}"}`
      }
      socket.send(`{"type":"send","ref":${ref},"messages":[${messages}]}`)
    },
    close: () => socket.socket.destroy(),
  }
}

/** The frame's type, which is its first member. */
function kindOf(bytes: Buffer): string {
  const from = '{"type":"'.length
  return bytes.toString('latin1', from, bytes.indexOf(0x22, from))
}

const seqMember = Buffer.from('"seq":')

/**
 * Counts the results of `sent` frames. A frame that holds anything but its full count of results is a fault: the load is
 * such that nothing is refused.
 */
function acknowledgements(pending: Map<number, number>, { acknowledged, lost }: Parameters<OpenWire>[1]) {
  let parts: Buffer[] = []
  return (bytes: Buffer, isFirst: boolean, isLast: boolean): void => {
    if (isFirst) parts = []
    parts.push(bytes)
    if (!isLast) return
    const [only = bytes] = parts
    const frame = parts.length === 1 ? only : Buffer.concat(parts)
    const ref = Number.parseInt(frame.toString('latin1', '{"type":"sent","ref":'.length, 48), 10)
    const wanted = pending.get(ref) ?? 0
    pending.delete(ref)
    let count = 0
    for (let at = frame.indexOf(seqMember); at !== -1; at = frame.indexOf(seqMember, at + seqMember.length)) count += 1
    if (count === wanted && wanted > 0) acknowledged(count)
    else lost(new Void(`Hullo acknowledged ${count} of ${wanted}: ${frame.toString().slice(0, 500)}`))
  }
}

/** Now and then collects a whole frame of entries and has its last one looked up. */
function testimony({ witness }: WireOptions) {
  let parts: Buffer[] | undefined
  return (bytes: Buffer, isFirst: boolean, isLast: boolean): void => {
    if (isFirst) parts = witness?.isDue() === true ? [] : undefined
    if (parts === undefined) return
    parts.push(bytes)
    if (!isLast) return
    const { entries } = JSON.parse(Buffer.concat(parts).toString()) as { entries: { seq: number; text?: string }[] }
    const last = entries.at(-1)
    if (last?.text !== undefined) witness?.look({ seq: last.seq, text: last.text })
  }
}
