// The lab's routes and v1 are one system: what is said on one side is there on the other, as it reads now.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import type { ChangeView, EntriesView } from '../../src/protocol/v1.ts'
import { type Person, startV1, type V1Server } from './support.ts'

let server: V1Server
let ann: Person
let bob: Person
before(async () => {
  server = await startV1()
  ann = await server.person()
  bob = await server.person()
})
after(() => server[Symbol.asyncDispose]())

/** As the lab's client asks: JSON in the body of every request, on GET too; the body of the answer, parsed. */
function lab(method: string, path: string, json: object): Promise<unknown> {
  const body = JSON.stringify(json)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers, agent: false }, response => {
      readJson(response).then(resolve, reject)
    })
    sent.once('error', reject).end(body)
  })
}

const prove = ({ name, password }: Person) => lab('GET', '/auth', { username: name, password })

interface LabMessage {
  readonly sender: string
  readonly message: string
  readonly timestamp: number
}

async function inbox({ name }: Person): Promise<readonly LabMessage[]> {
  return ((await lab('GET', '/get_messages', { username: name })) as { messages: LabMessage[] }).messages
}

async function sendV1(by: Person, to: Person, text: string): Promise<number> {
  const json = { messages: [{ to: `@${to.name}`, text, sentAt: 1_700_000_000.5 }] }
  const { status, json: answer } = await server.call('POST', '/v1/messages', { token: by.token, json })
  assert.equal(status, 200)
  return (answer as { results: { seq: number }[] }).results[0]?.seq ?? 0
}

test('an account of v1 is one of the lab’s, and a message of a lab client is an entry for v1', async () => {
  assert.equal(await prove(ann), 1)
  const draft = { sender: ann.name, recipient: bob.name, message: 'from the lab', timestamp: 1_700_000_000.125 }
  assert.equal(await lab('POST', '/', draft), 1)
  const { json } = await server.call('GET', '/v1/entries', { token: bob.token })
  const entry = (json as EntriesView).entries.at(-1)
  assert.deepEqual(
    [entry?.kind, entry?.sender, entry?.to, entry?.text, entry?.sentAt],
    ['text', ann.name, `@${bob.name}`, 'from the lab', 1_700_000_000.125],
  )
})

test('a message of v1 is in the lab’s inbox, edited as it reads now, and erased not at all', async () => {
  await prove(bob)
  const seq = await sendV1(ann, bob, 'from v1')
  const last = async () => (await inbox(bob)).at(-1)
  const shown = ({ sender, message, timestamp }: LabMessage) => [sender, message, timestamp]
  assert.deepEqual(shown((await last()) as LabMessage), [ann.name, 'from v1', 1_700_000_000.5])
  await server.call('PATCH', `/v1/messages/${seq}`, { token: ann.token, json: { text: 'edited' } })
  assert.deepEqual(shown((await last()) as LabMessage), [ann.name, 'edited', 1_700_000_000.5])
  const count = (await inbox(bob)).length
  const erased = await server.call('DELETE', `/v1/messages/${seq}`, { token: ann.token })
  assert.equal((erased.json as ChangeView).changed, true)
  assert.equal((await inbox(bob)).length, count - 1)
  assert.notEqual((await last())?.message, 'edited')
})

test('what is said in rooms is not in the lab’s inbox', async () => {
  await prove(bob)
  const made = await server.call('POST', '/v1/rooms', { token: ann.token, json: { name: 'lab-room' } })
  const { id } = made.json as { id: number }
  await server.call('PUT', `/v1/rooms/${id}/members/${bob.name}`, { token: ann.token })
  const untouched = await inbox(bob)
  const json = { messages: [{ to: '#lab-room', text: 'in the room' }] }
  assert.equal((await server.call('POST', '/v1/messages', { token: ann.token, json })).status, 200)
  assert.deepEqual(await inbox(bob), untouched)
})

test('who is blocked on v1 is told on the lab’s routes that there is no such account', async () => {
  const [from, to] = [await server.person(), await server.person()]
  await prove(from)
  const draft = { sender: from.name, recipient: to.name, message: 'x', timestamp: 1 }
  assert.equal(await lab('POST', '/', draft), 1)
  await server.call('PUT', `/v1/blocks/${from.name}`, { token: to.token })
  assert.equal(await lab('POST', '/', draft), 11)
})
