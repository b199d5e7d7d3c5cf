import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { messagingClient } from './client.ts'

/** A server that gives each request the next of `answers`, as it is; `requests` is what it was sent. */
async function scripted(context: TestContext, ...answers: readonly string[]) {
  const requests: string[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    socket
      .on('error', () => {})
      .on('data', (data: Buffer) => {
        requests.push(data.toString())
        socket.end(answers[requests.length - 1] ?? '')
      })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  context.after(() => server.close())
  const address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { requests, client: messagingClient(address, { timeoutMs: 5000, signal: context.signal }) }
}

test('a GET carries its JSON body, framed, on a connection that is not kept', async context => {
  const { client, requests } = await scripted(context, 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1')
  const { answer } = await client.ask('GET', '/auth', { username: 'ä' })
  assert.deepEqual(answer?.json, { value: 1 })
  const [head = '', body] = requests[0]?.split('\r\n\r\n') ?? []
  assert.match(head, /^GET \/auth HTTP\/1\.1\r\n/)
  assert.match(head, /^Content-Type: application\/json$/im)
  assert.match(head, /^Content-Length: 17$/im)
  assert.match(head, /^Connection: close$/im)
  assert.equal(body, '{"username":"ä"}')
})

test('hand-written answers that the lab client takes are taken: bare newlines, no reason, no length', async context => {
  const answers = [
    'HTTP/1.0 200 OK\n\n1',
    'HTTP/1.1 200\r\n\r\n1\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\uFEFF1',
  ]
  const { client } = await scripted(context, ...answers)
  for (const raw of answers) {
    const { answer, trouble } = await client.ask('GET', '/auth', {})
    assert.deepEqual(answer?.json, { value: 1 }, `${JSON.stringify(raw)}: ${trouble}`)
  }
})

const to = (status: number, place: string): string =>
  `HTTP/1.1 ${status} X\r\nLocation: ${place}\r\nContent-Length: 0\r\n\r\n`

test('redirects on the same server are followed as Python does: 308 with the body, 302 as a GET without', async context => {
  const last = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1'
  const { client, requests } = await scripted(context, to(308, '/register/'), to(302, '/done'), last)
  const { answer } = await client.ask('POST', '/register', { username: 'a' })
  assert.equal(answer?.status, 200)
  assert.match(requests[1] ?? '', /^POST \/register\/ [^]*\{"username":"a"\}$/)
  assert.match(requests[2] ?? '', /^GET \/done [^]*\r\n\r\n$/)
})

test('a redirect to another server is not followed', async context => {
  const { client, requests } = await scripted(
    context,
    'HTTP/1.1 302 X\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\n\r\n',
  )
  assert.equal((await client.ask('POST', '/', {})).answer?.status, 302)
  assert.equal(requests.length, 1)
})

test('a body that is shorter than its length is no answer, and what came is told', async context => {
  const { client } = await scripted(context, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1')
  const { answer, trouble } = await client.ask('GET', '/auth', {})
  assert.equal(answer, undefined)
  assert.match(trouble ?? '', /not ended; up to then came "1"/)
})
