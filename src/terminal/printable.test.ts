import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { localTime, printableJson, printableLine, printableMessage, printableName, printableText } from './printable.ts'

// Everything a terminal might obey, and ordinary characters of several scripts between.
const dangerous = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x9f }).map(code => String.fromCharCode(code)),
    fc.constantFrom('\u202e', '\u2066', '\u2028', '\u2029', '\ud800', '\x1b]0;x\x07', '\x1b[2J', 'é', '日', '👋', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

const harmful = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

test('no line holds a control, half a character or a turn of direction, whatever came in', () => {
  fc.assert(
    fc.property(dangerous, text => {
      assert.doesNotMatch(printableLine(text), harmful)
      assert.doesNotMatch(printableName(text), harmful)
      assert.doesNotMatch(printableJson({ [text]: text }), harmful)
      for (const line of printableText(text, '    ', 20).split('\n')) assert.doesNotMatch(line, harmful)
    }),
  )
})

test('every line of a text begins with the indent and stays within the terminal, so none can pose as a header', () => {
  fc.assert(
    fc.property(dangerous, fc.integer({ min: 12, max: 60 }), (text, columns) => {
      for (const line of printableText(text, '    ', columns).split('\n')) {
        assert.ok(line.startsWith('    '))
        assert.ok(line.length <= columns, `${line.length} > ${columns}`)
      }
    }),
  )
})

test('ordinary text stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'ß', '日', '👩‍👩‍👧', 'ع', '\\', '"', ' ', '-') }), text => {
      assert.equal(printableLine(text), text)
      assert.equal(printableText(text, ''), text)
    }),
  )
})

test('JSON that is made safe reads back the same', () => {
  fc.assert(
    fc.property(dangerous, text => {
      assert.deepEqual(JSON.parse(printableJson({ text })), { text })
    }),
  )
})

test('what is made visible can be recognised', () => {
  assert.equal(printableLine('a\x1b[31mb\r\n\0\u009b\u202e'), 'a\\x1b[31mb\\x0d\\x0a\\x00\\x9b\\u202e')
  assert.equal(printableText('one\r\ntwo\n\tthree\rfour', '> '), '> one\n> two\n>     three\\x0dfour')
})

test('a name shows what cannot be seen, and has an end', () => {
  assert.equal(printableName('bob\u200b\u{e0041}\u3164'), 'bob\\u200b\\u{e0041}\\u3164')
  assert.equal(printableName('👋'.repeat(81)), `${'👋'.repeat(80)}...`)
})

test('a long line is broken after a word where there is one, and by force where there is none', () => {
  assert.equal(printableText('aaaa bbbb cccc', '  ', 11), '  aaaa bbbb\n  cccc')
  assert.equal(printableText('abcdefghijkl', '  ', 10), '  abcdefgh\n  ijkl')
  assert.equal(printableText('日本語日本語', '  ', 10), '  日本語日\n  本語')
})

test('a text cannot put a header of its own at the left edge, by a line break or by length', () => {
  const forged = '2026-01-01 00:00:00, from alice:'
  for (const text of [`x\n${forged}`, `x\r${forged}`, `x\u2028${forged}`, `${' '.repeat(76)}${forged}`]) {
    const shown = printableMessage({ sender: 'mallory', message: text, timestamp: 0 }, 80)
    assert.equal(shown.split('\n').filter(line => !line.startsWith('    ')).length, 1, JSON.stringify(text))
  }
})

test('times are shown where the reader is, and one that no clock shows is said to be unknown', () => {
  const seconds = 1601366781.9
  assert.equal(new Date(localTime(seconds)).getTime(), Math.floor(seconds) * 1000)
  assert.match(localTime(seconds), /^2020-09-(29|30) \d\d:\d\d:21$/)
  assert.equal(localTime(undefined), 'at an unknown time')
})
