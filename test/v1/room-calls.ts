// What the suites of rooms over v1 ask of a server, and how they read its answers.
import assert from 'node:assert/strict'
import type { ChangeView, EntryView, HistoryView, RoomView, SendResult } from '../../src/protocol/v1.ts'
import { freshName, type Person, type Reply, type V1Server } from './support.ts'

/** The calls, of whatever server `running` gives by the time they are made. */
export function roomCalls(running: () => V1Server) {
  async function newRoom(by: Person, more: object = {}): Promise<RoomView> {
    const { status, json } = await running().call('POST', '/v1/rooms', {
      token: by.token,
      json: { name: freshName('room'), ...more },
    })
    assert.equal(status, 201, JSON.stringify(json))
    return json as RoomView
  }

  const room = (by: Person, method: string, path: string, json?: unknown): Promise<Reply> =>
    running().call(method, `/v1/rooms/${path}`, { token: by.token, ...(json === undefined ? {} : { json }) })

  const send = (by: Person, to: string, text: string): Promise<Reply> =>
    running().call('POST', '/v1/messages', { token: by.token, json: { messages: [{ to, text }] } })

  async function say(by: Person, { name }: RoomView, text: string): Promise<number> {
    const { status, json } = await send(by, `#${name}`, text)
    assert.equal(status, 200, JSON.stringify(json))
    const [result] = (json as { results: SendResult[] }).results
    return result !== undefined && 'seq' in result ? result.seq : 0
  }

  async function history(of: Person, id: number, query = ''): Promise<HistoryView> {
    const { status, json } = await running().call('GET', `/v1/conversations/${id}/history${query}`, { token: of.token })
    assert.equal(status, 200, JSON.stringify(json))
    return json as HistoryView
  }

  return { newRoom, room, send, say, history }
}

/** The seq of a change that happened. */
export async function changed(reply: Promise<Reply>): Promise<number> {
  const { status, json } = await reply
  const { changed: isChanged, seq } = json as ChangeView
  assert.deepEqual([status, isChanged], [200, true], JSON.stringify(json))
  assert.ok(seq !== undefined)
  return seq
}

export async function unchanged(reply: Promise<Reply>): Promise<void> {
  const { status, json } = await reply
  assert.deepEqual([status, json], [200, { changed: false }])
}

export const seqsOf = (entries: readonly EntryView[]) => entries.map(({ seq }) => seq)
