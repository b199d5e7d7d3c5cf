// Another program that reads the database when the server starts, for as long as it likes: nobody waits for it.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing } from '../support/debian.ts'
import { type Program, start } from '../support/program.ts'
import { checkAfterRestart, noFates, send } from './fates.ts'
import { textsOfLog } from './log.ts'
import { client, folder, serve, stop } from './server.ts'

const skip = missing('sqlite3')

/** sqlite3 in the middle of a transaction that it never ends. */
async function sqlite3(dir: string, statement: string): Promise<Program> {
  const program = start('sqlite3', [join(dir, 'hullo.sqlite')])
  program.type(`BEGIN; ${statement}\nSELECT 'it has begun';\n`)
  await program.printed(/it has begun/)
  return program
}

const read = 'SELECT count(*) FROM messages;'

for (const end of ['a clean stop', 'kill -9'] as const) {
  test(`a reader with an open transaction over ${end}: sign-ins and sends go on, and what is stored stays`, {
    skip,
  }, async () => {
    using here = folder()
    const fates = noFates()
    let reader: Program
    {
      await using server = await serve(here.path)
      using people = client(server.url, 4)
      for (const name of ['ann', 'bob']) assert.equal((await people.register(name)).body, '1')
      await send(people, 20, fates)
      reader = await sqlite3(here.path, read)
      await send(people, 20, fates)
      if (end === 'kill -9') server.program.child.kill('SIGKILL')
      else await stop(server)
      await server.program.ended
    }
    await using held = reader
    {
      await using server = await serve(here.path)
      using people = client(server.url, 4)
      assert.deepEqual(await people.signIn('ann'), { status: 200, body: '1' })
      assert.equal((await people.register('cora')).body, '1')
      await send(people, 20, fates)
      assert.deepEqual([fates.stored.length, fates.unavailable.length, fates.unknown.length], [60, 0, 0])
      server.program.child.kill('SIGKILL')
      await server.program.ended
    }
    // Still the same reader, on what it saw first.
    held.type(`${read}\nSELECT 'the end';\n`)
    await held.printed(/^20\nit has begun\n20\nthe end$/m)
    held.child.kill('SIGKILL')
    await held.ended
    await checkAfterRestart(here.path, fates)
  })
}

test('a program that writes makes sends wait a second; the log says which program it is', { skip }, async () => {
  using here = folder()
  await using server = await serve(here.path)
  using people = client(server.url, 4)
  for (const name of ['ann', 'bob']) assert.equal((await people.register(name)).body, '1')
  await using writer = await sqlite3(here.path, 'UPDATE marks SET value = value;')
  const fates = noFates()
  await send(people, 1, fates)
  assert.equal(fates.unavailable.length, 1)
  if (process.platform === 'linux') {
    await server.program.printed(new RegExp(`sqlite3 \\(process ${writer.child.pid}\\) is using the database`))
  }
  writer.child.kill('SIGKILL')
  await writer.ended
  await send(people, 1, fates)
  assert.equal(fates.stored.length, 1)
  await stop(server)
  assert.deepEqual(textsOfLog(here.path), fates.stored)
})
