// What the operator does in the data folder while the server is stopped.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exits } from '../../src/cli/exit-codes.ts'
import type { MeView } from '../../src/protocol/v1.ts'
import { run } from '../support/program.ts'
import { assertRefused, startV1, temporaryFolder } from './support.ts'

const hullo = (args: readonly string[], input = '', env = {}) =>
  run(process.execPath, ['bin/hullo.js', ...args], { input, env: { ...process.env, HULLO_PASSWORD: '', ...env } })

describe('the operator', () => {
  test('gives a forgotten password, also one that was set under a weaker rule', async () => {
    using folder = temporaryFolder()
    const first = await startV1([], folder.dir)
    const { name, token } = await first.person('Ann', 'short')
    await first.stop()

    const strict = ['--password-min', '8']
    const second = await startV1(strict, folder.dir)
    const weak = await second.call('POST', '/v1/sessions', { json: { name, password: 'short' } })
    assertRefused(weak, 403, 'password-weak')
    const wrong = await second.call('POST', '/v1/sessions', { json: { name, password: 'wrong' } })
    assertRefused(wrong, 401, 'sign-in-failed')
    const held = await hullo(['reset-password', name, '--data', folder.dir], 'long enough\n')
    assert.deepEqual([held.code, /in use/.test(held.stderr)], [exits.broken.code, true])
    await second.stop()

    const short = await hullo(['reset-password', name, '--data', folder.dir], 'still\n')
    assert.deepEqual([short.code, /at least 8/.test(short.stderr)], [exits.refused.code, true])
    const none = await hullo(['reset-password', name, '--data', folder.dir])
    assert.deepEqual([none.code, /There is no password/.test(none.stderr)], [exits.usage.code, true], none.stderr)
    const reset = await hullo(['reset-password', 'ANN', '--data', folder.dir], 'long enough\n')
    assert.deepEqual([reset.code, reset.stdout], [0, 'ANN has another password; all its sessions are over.\n'])

    await using third = await startV1(strict, folder.dir)
    assertRefused(await third.call('GET', '/v1/me', { token }), 401, 'signed-out')
    await third.signIn(name, 'long enough')
  })

  test('makes an invite for an admin, where none is left', async () => {
    using folder = temporaryFolder()
    const first = await startV1([], folder.dir)
    await first.person()
    await first.stop()
    const made = await hullo(['invite', '--data', folder.dir, '--admin', '--url', 'https://chat.example.org/hullo'])
    const [, invite = ''] = /^https:\/\/chat\.example\.org\/hullo\/#invite=([\w-]{43})\n$/.exec(made.stdout) ?? []
    await using third = await startV1(['--registration', 'invite'], folder.dir)
    assert.equal(
      ((await third.call('POST', '/v1/accounts', { json: { name: 'boss', password: 'x', invite } })).json as MeView)
        .isAdmin,
      true,
    )
  })

  test('lists open invites and withdraws one that went astray', async () => {
    using folder = temporaryFolder()
    const flags = ['--registration', 'invite']
    const first = await startV1(flags, folder.dir)
    const [, astray = ''] = await first.program.printed(/#invite=([\w-]{43})/)
    await first.stop()
    const data = ['--data', folder.dir]
    await hullo(['invite', ...data, '--uses', '3'])
    const listed = await hullo(['invites', ...data])
    assert.equal(listed.code, 0)
    const line = /^([0-9a-f]{16}) {2}until .+? \d{4}, .+? {2}(.+)$/
    const lines = listed.stdout
      .trimEnd()
      .split('\n')
      .map(text => line.exec(text) ?? [])
    const rests = lines.map(([, , rest = '']) => rest)
    assert.ok(rests.includes('1 use left  by the operator  makes admins'), listed.stdout)
    assert.ok(rests.includes('3 uses left  by the operator'), listed.stdout)
    assert.equal(rests.length, 2)
    const [, id = ''] = lines.find(([text]) => text?.includes('makes admins')) ?? []
    const withdrawn = await hullo(['invites', ...data, '--withdraw', id])
    assert.deepEqual([withdrawn.code, withdrawn.stdout], [0, `${id} lets nobody in any more.\n`])
    const again = await hullo(['invites', ...data, '--withdraw', id])
    assert.deepEqual(
      [again.code, again.stderr],
      [exits.refused.code, `hullo: There is no open invite ${id}. (hullo invites lists them.)\n`],
    )
    const empty = await hullo(['invites', ...data, '--withdraw', ''])
    assert.equal(empty.code, exits.refused.code)

    await using second = await startV1(flags, folder.dir)
    const json = { name: 'finder', password: 'x', invite: astray }
    assertRefused(await second.call('POST', '/v1/accounts', { json }), 403, 'invite-unknown')
  })

  for (const [what, args, wanted, pattern] of [
    [
      'of a folder without data',
      ['invite', '--data', '/dev/null'],
      exits.usage,
      /no database in \/dev\/null.*--data DIR/,
    ],
    ['of no uses', ['invite', '--uses', '0'], exits.usage, /--uses.*whole number from 1/],
    ['of no address', ['invite', '--url', 'chat.example.org'], exits.usage, /--url.*http/],
  ] as const) {
    test(`is told in a sentence ${what}`, async () => {
      const { code, stdout, stderr } = await hullo(args)
      assert.deepEqual([code, stdout], [wanted.code, ''])
      assert.match(stderr, pattern)
      assert.doesNotMatch(stderr, /\n {4}at /)
    })
  }

  test('is told that there is no such account', async () => {
    using folder = temporaryFolder()
    const server = await startV1([], folder.dir)
    await server.stop()
    const { code, stderr } = await hullo(['reset-password', 'nobody', '--data', folder.dir], 'long enough\n')
    assert.deepEqual([code, stderr], [exits.refused.code, 'hullo: There is no account nobody.\n'])
  })
})
