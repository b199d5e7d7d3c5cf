// The documents say what is: the reference is what its script makes, and the bot of the guide runs as it stands there.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { register } from '../../src/sdk/sdk.ts'
import { startHullo } from '../lab-http/server.ts'
import { root, startScript } from '../support/program.ts'
import { makeReference, referenceFile } from './reference.ts'

test('the reference is what the docstrings say', async () => {
  assert.equal(readFileSync(referenceFile, 'utf8'), await makeReference(), 'run: npx node test/sdk/reference.ts')
})

test('the first program of the guide is a bot that answers', async () => {
  const guide = readFileSync(join(root, 'docs/guides/bot.md'), 'utf8')
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(guide) ?? []
  assert.ok(program.split('\n').length <= 10)
  await using hullo = await startHullo()
  const server = `http://127.0.0.1:${hullo.port}`
  await (await register({ server, name: 'echo', password: 'echoes' })).close()
  await using alice = await register({ server, name: 'alice', password: 'x' })
  const inbox = alice.messages()
  await alice.live()
  // Inside the package, so that 'hullo' means this one.
  const folder = mkdtempSync(join(root, 'test/sdk/bot-'))
  try {
    const file = join(folder, 'bot.ts')
    writeFileSync(file, program.replace('http://127.0.0.1:5000', server))
    await using bot = startScript(file, [])
    // It hears what comes once it is there: said again until it answers.
    let answer: string | undefined
    while (answer === undefined) {
      await alice.send('@echo', 'hello')
      const { value } = await inbox.next()
      if (value?.sender === 'echo') answer = value.text
      else if (bot.child.exitCode !== null) assert.fail(bot.stderr())
    }
    assert.equal(answer, 'You said: hello')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
