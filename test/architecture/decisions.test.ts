// Decisions are named by their number, in texts and in links: each has one of its own.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { root } from '../support/program.ts'

const files = globSync('docs/decisions/*.md', { cwd: root }).toSorted()

test('decisions are numbered one after the other, and say their number', () => {
  const numbers = files.map(file => Number(basename(file).slice(0, 4)))
  assert.deepEqual(
    numbers,
    files.map((_, at) => at + 1),
  )
  for (const [at, file] of files.entries()) {
    assert.ok(readFileSync(join(root, file), 'utf8').startsWith(`# ${at + 1}. `), file)
  }
})
