import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Refusal, type RefusalCode, refusalCodes } from '../../protocol/refusals.ts'
import { tooMany } from '../../protocol/texts/state.ts'
import { bodyOf, statusOf } from './refusals.ts'

/** Code, status and meaning of each row of the table in the documentation. */
function documented(): readonly { code: string; status: number; meaning: string }[] {
  const text = readFileSync(new URL('../../../docs/reference/refusals.md', import.meta.url), 'utf8')
  return [...text.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, code = '', status, meaning = '']) => ({
    code,
    status: Number(status),
    meaning,
  }))
}

test('the documentation lists exactly the refusals of the catalogue, each once, in its order', () => {
  assert.deepEqual(
    documented().map(row => row.code),
    [...refusalCodes],
  )
})

test('every refusal is rendered with the status that the documentation gives', () => {
  for (const { code, status } of documented()) {
    assert.deepEqual([code, statusOf(code as RefusalCode)], [code, status])
  }
})

test('every refusal of the catalogue has a status that is an error of the client or a lack of the server', () => {
  for (const code of refusalCodes) {
    const status = statusOf(code)
    assert.ok((status >= 400 && status < 500) || status === 503, `${code}: ${status}`)
  }
})

test('the meaning of every refusal is a sentence', () => {
  for (const { code, meaning } of documented()) assert.match(meaning, /^[A-Z].{10,}\.$/, code)
})

test('the body of a refusal is its code and its sentence, and nothing else', () => {
  const refusal = new Refusal('too-many', tooMany('guesses', 3), { retryAfterSeconds: 3, field: 'x' })
  assert.deepEqual(bodyOf(refusal), {
    error: 'too-many',
    message: 'Too many wrong passwords for this account. Try again in 3 seconds.',
  })
})
