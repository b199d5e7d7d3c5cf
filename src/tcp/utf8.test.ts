import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, nat, property, string } from 'fast-check'
import { unfinished } from './utf8.ts'

test('wherever a text is cut, the bytes before its unfinished character decode without loss', () => {
  check(
    property(string({ unit: 'binary' }), nat(), (text, at) => {
      const bytes = Buffer.from(text)
      const cut = bytes.subarray(0, at % (bytes.length + 1))
      const whole = cut.subarray(0, cut.length - unfinished(cut))
      assert.ok(text.startsWith(whole.toString('utf8')))
    }),
  )
})

test('a text that is all there has no unfinished character', () => {
  check(property(string({ unit: 'binary' }), text => unfinished(Buffer.from(text)) === 0))
})

test('bytes that can never become a character are not waited for', () => {
  for (const bytes of [[0xff], [0x80], [0xc0], [0xc1], [0xf5], [0x80, 0x80, 0x80, 0x80], [0x61, 0xa9], []]) {
    assert.equal(unfinished(Uint8Array.from(bytes)), 0)
  }
})

test('the beginning of a character is counted in bytes', () => {
  assert.equal(unfinished(Uint8Array.from([0x61, 0xc3])), 1)
  assert.equal(unfinished(Uint8Array.from([0xe2, 0x82])), 2)
  assert.equal(unfinished(Uint8Array.from([0xf0, 0x9f, 0x98])), 3)
})
