// Many clients: at once they are served in turn, one after the other they leave nothing behind.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { talk } from 'hullo/tcp'
import { missing } from '../support/debian.ts'
import { startScript } from '../support/program.ts'
import { nc, startLab } from './support.ts'

const skip = missing('nc')

test('ten nc at once against the one-at-a-time server are all answered, in turn', { skip }, async () => {
  await using lab = await startLab('echo-server2')
  const words = Array.from({ length: 10 }, (_, i) => `client ${i}`)
  const answers = await Promise.all(words.map((word, i) => nc(lab.port, word, ...(i % 2 === 0 ? ['-N'] : []))))
  assert.deepEqual(
    answers,
    words.map(word => `ECHO: ${word}\n`),
  )
  lab.program.child.kill('SIGINT')
  await lab.program.ended
  // In turn: between two connections there is always one message, never another connection.
  const turns = [...lab.program.stdout().matchAll(/^(CONNECTION \d+|Message received)/gm)].map(([, turn]) => turn)
  const expected = words.flatMap((_, i) => [`CONNECTION ${i + 1}`, 'Message received'])
  assert.deepEqual(turns, expected)
})

test('1,000 connections in a row and a restart right after leave nothing open', async t => {
  if (process.platform !== 'linux') return t.skip('needs /proc')
  const lab = await startLab('echo-server1')
  const openFiles = (): number => readdirSync(`/proc/${lab.program.child.pid}/fd`).length
  await talk('127.0.0.1', lab.port, 'first')
  const before = openFiles()
  for (let i = 0; i < 1000; i += 1) assert.equal(await talk('127.0.0.1', lab.port, `${i}`), `ECHO: ${i}\n`)
  // The last sockets close when the server has seen their end, a moment after the client has. No event tells from here.
  for (let tries = 0; openFiles() > before && tries < 500; tries += 1) await pause(10)
  assert.ok(openFiles() <= before, `${openFiles()} files open, ${before} before`)
  lab.program.child.kill('SIGINT')
  assert.equal((await lab.program.ended).code, 0)
  await using again = startScript('labs/echo-server1.ts', ['--port', String(lab.port)])
  await again.printed(/Waiting for Clients to connect/)
  assert.equal(await talk('127.0.0.1', lab.port, 'again'), 'ECHO: again\n')
  return undefined
})
