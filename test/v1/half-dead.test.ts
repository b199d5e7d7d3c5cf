// A client that is gone without a word: its machine sleeps, its net is cut. A stopped process is the same to the server:
// the system still takes bytes for it, and nobody answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { start } from '../support/program.ts'
import { talkLive } from './listening.ts'
import { startV1 } from './support.ts'

/** A client that says who it is, and then answers pings as every WebSocket client does. */
const client = `
  const socket = new WebSocket(process.env.URL, ['hullo.v1'])
  socket.onopen = () => socket.send(JSON.stringify({ type: 'start', token: process.env.TOKEN }))
  socket.onmessage = ({ data }) => { if (data.includes('"hello"')) console.log('here') }
`

test('a WebSocket client that has stopped is found and let go, and others see that it has left', async () => {
  await using server = await startV1()
  const [alice, bob] = [await server.person(), await server.person()]
  const messages = [{ to: `@${bob.name}`, text: 'hi' }]
  assert.equal((await server.call('POST', '/v1/messages', { token: alice.token, json: { messages } })).status, 200)
  await using watcher = await talkLive(server.url, bob.token)
  await watcher.frame('hello')
  const env = { ...process.env, URL: `${server.url.replace('http', 'ws')}/v1/live`, TOKEN: alice.token }
  await using sleeper = start(process.execPath, ['--input-type=module', '--eval', client], { env })
  await sleeper.printed(/here/)
  const isSaid = (online: boolean) =>
    watcher.frame('soft', ({ events }) =>
      events.some(event => event.kind === 'presence' && event.who === alice.name && event.online === online),
    )
  await isSaid(true)
  sleeper.child.kill('SIGSTOP')
  await isSaid(false)
  // The watcher, which answers, is still there.
  assert.equal((await server.call('GET', '/v1/me', { token: bob.token })).status, 200)
  assert.equal(watcher.socket.readyState, watcher.socket.OPEN)
})
