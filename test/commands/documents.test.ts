// The guide for scripts says what the code does.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exitCodesHelp, exits } from '../../src/cli/exit-codes.ts'
import { root } from '../support/program.ts'

const guide = readFileSync(join(root, 'docs/guides/scripts.md'), 'utf8')

test('the table of exit codes in the guide and the help are those of the code', () => {
  const rows = [...guide.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, means]) => [
    Number(code),
    means?.replaceAll('\\|', '|'),
  ])
  assert.deepEqual(
    rows,
    Object.values(exits).map(({ code, means }) => [code, means]),
  )
  for (const { code, means } of Object.values(exits)) assert.ok(exitCodesHelp.includes(`${code}`.padEnd(5) + means))
})

test('every variable that a command of watch gets is in the guide, and none beyond', () => {
  const source = readFileSync(join(root, 'src/cli/watch-exec.ts'), 'utf8')
  const given = [...source.matchAll(/^ {4}(HULLO_\w+):/gm)].map(([, name]) => name)
  const told = [...(/\| variable \| \|[^]*?\n\n/.exec(guide)?.[0] ?? '').matchAll(/HULLO_\w+/g)].map(([name]) => name)
  assert.ok(given.length > 5)
  assert.deepEqual(new Set(told), new Set(given))
})
