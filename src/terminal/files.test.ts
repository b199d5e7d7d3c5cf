import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, reasonOf, writeWhole } from './files.ts'

test('folders are made down to the last, for their owner alone, and one that is there stays', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-files-'))
  try {
    const path = join(dir, 'a', 'b', 'c')
    await makeFolder(path)
    await makeFolder(path)
    assert.equal(statSync(join(dir, 'a')).mode & 0o777, 0o700)
    await writeWhole(join(path, 'file'), 'one')
    await writeWhole(join(path, 'file'), 'two')
    assert.equal(readFileSync(join(path, 'file'), 'utf8'), 'two')
    assert.deepEqual(readdirSync(path), ['file'])
    assert.equal(statSync(join(path, 'file')).mode & 0o777, 0o600)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('a folder that can never be made is an error, not a wait without end', {
  skip: process.platform !== 'linux',
}, async () => {
  await assert.rejects(makeFolder('/proc/hullo/sessions'), (error: Error) => {
    assert.match(reasonOf(error), /^E\w+: [a-z ,]+$/)
    return true
  })
})
