import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { textBytesMax } from './limits.ts'
import { checkText, checkUnicode, codePointsOf, sentText } from './text.ts'
import { textLong } from './texts/fields.ts'

test('any well-formed text without NUL passes, the empty one too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const fate = checkText(text, 'message')?.code
      assert.equal(fate, text.includes('\0') ? 'field-invalid' : undefined)
    }),
  )
  assert.equal(checkText('', 'message'), undefined)
})

test('NUL and half a character are refused, wherever they stand, naming the field', () => {
  for (const [before, after] of [
    ['', ''],
    ['a', ''],
    ['', 'b'],
    ['😀', '😀'],
  ] as const) {
    const nul = checkText(`${before}\0${after}`, 'message')
    assert.deepEqual(
      [nul?.code, nul?.field, nul?.message],
      ['field-invalid', 'message', 'message holds a NUL character.'],
    )
    for (const half of ['\ud800', '\udbff', '\udc00', '\udfff', '\udc00\ud800']) {
      const refusal = checkUnicode(`${before}${half}${after}`, 'x')
      assert.deepEqual([refusal?.code, refusal?.field], ['field-invalid', 'x'])
      assert.match(refusal?.message ?? '', /^x holds half a character/)
    }
  }
})

test('the bound is in bytes of UTF-8: the last that fits passes, one more does not', () => {
  for (const one of ['a', 'é', '€', '😀']) {
    const bytes = Buffer.byteLength(one)
    const most = Math.floor(textBytesMax / bytes)
    assert.equal(checkText(one.repeat(most), 'message'), undefined)
    const tooLarge = checkText(one.repeat(most + 1), 'message')
    assert.deepEqual([tooLarge?.code, tooLarge?.field], ['too-large', 'message'])
    const total = (most + 1) * bytes
    assert.equal(tooLarge?.message, textLong(total)('message'))
    assert.match(tooLarge?.message ?? '', /^message has 16,38\d bytes; a message has at most 16,384\.$/)
  }
})

test('code points are counted, not UTF-16 units', () => {
  assert.deepEqual(['', 'a', '😀', 'e\u{301}', '\ud800'].map(codePointsOf), [0, 1, 1, 2, 1])
})

test('what is sent loses blank lines at its ends and space at its end, never indentation', () => {
  const sent: Readonly<Record<string, string>> = {
    '  if x:\n    y()\n': '  if x:\n    y()',
    '\n \t\r\n\n\tcode\n\n  more  \n \n': '\tcode\n\n  more',
    ' one ': ' one',
    '\u3000段落': '\u3000段落',
    ' \n ': '',
    '': '',
  }
  for (const [written, text] of Object.entries(sent)) assert.equal(sentText(written), text)
  assert.equal(sentText(`${' '.repeat(16_000)}x`).length, 16_001)
})
