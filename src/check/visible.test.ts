import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as always, property, string, uint8Array } from 'fast-check'
import { oneLine, visible } from './visible.ts'

test('plain text stands in quotes, as it is', () => {
  assert.equal(visible('Hello, 你好 👋🏽'), '"Hello, 你好 👋🏽"')
  assert.equal(visible(Buffer.from('Hello, 你好 👋🏽')), '"Hello, 你好 👋🏽"')
})

test('control, bidi and line characters are shown, not sent to the terminal', () => {
  assert.equal(visible('a\n\r\t\0\\\u001B[2J\u009B\u202E\u2028'), '"a\\n\\r\\t\\0\\\\\\x1b[2J\\x9b\\u{202e}\\u{2028}"')
})

test('bytes that are no UTF-8 are shown each', () => {
  assert.equal(visible(Buffer.from([0x54, 0xc3, 0xff, 0xe2, 0x82, 0x41])), '"T\\xc3\\xff\\xe2\\x82A"')
})

test('what is long is cut, and its length told', () => {
  assert.match(visible('x'.repeat(5000)), /^"x{300}"\.\.\. \(5000 characters in all\)$/)
  assert.match(visible(Buffer.alloc(5000, 'x')), /^"x{300}"\.\.\. \(5000 bytes in all\)$/)
})

test('whatever comes, the outcome is one bounded line that a terminal can be given', () => {
  // oxlint-disable-next-line no-control-regex -- that is the point
  const unfit = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/
  const fit = (text: string) => text.isWellFormed() && !unfit.test(text) && text.length < 3000
  always(property(uint8Array({ maxLength: 2000 }), bytes => fit(visible(bytes))))
  always(property(string({ unit: 'binary', maxLength: 700 }), text => fit(visible(text)) && fit(oneLine(text))))
  assert.ok(fit(visible('\uD800')) && fit(visible('x\uDC80')))
})
