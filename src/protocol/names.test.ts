import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { nameCodePointsMax } from './limits.ts'
import { nameKey, parseName } from './names.ts'
import { Refusal } from './refusals.ts'

/** The name as shown, or the refusal's sentence. */
function shown(raw: string): string {
  const name = parseName(raw, 'username')
  return name instanceof Refusal ? name.message : name.shown
}

function refused(raw: string, why: RegExp): void {
  const name = parseName(raw, 'username')
  assert(name instanceof Refusal, `${JSON.stringify(raw)} was taken`)
  assert.deepEqual([name.code, name.field], ['field-invalid', 'username'])
  assert.match(name.message, why)
}

test('names of any script, with the signs and single inner spaces, pass as they are', () => {
  const names = [
    'a',
    'Bob',
    'Zoë',
    "O'Neil",
    'will_b-2.0',
    '李小龍',
    'Мария',
    'عمر',
    'नमस्ते',
    'José Ángel',
    '7 of 9',
    '٣',
  ]
  for (const name of names) assert.equal(shown(name), name)
})

test('32 characters pass and 33 do not, counted as people count', () => {
  assert.equal(shown('𝔘'.normalize('NFKC')), 'U')
  for (const one of ['a', 'é', '李', '𐐀']) {
    assert.equal(shown(one.repeat(nameCodePointsMax)), one.repeat(nameCodePointsMax))
    refused(one.repeat(nameCodePointsMax + 1), /^username has 33 characters; a name has at most 32\.$/)
  }
  refused('', /^username is empty/)
})

test('what is counted and kept is the NFKC form', () => {
  assert.equal(shown('ﬁ'), 'fi')
  assert.equal(shown('Ａｎｎ'), 'Ann')
  assert.equal(shown('e\u{301}'), 'é')
  refused('ﷺ'.repeat(2), /has \d+ characters/) // one character in, eighteen out
  assert.equal(shown('a\u{a0}b'), 'a b') // a no-break space is a space
})

test('what cannot be seen, or turns the direction of writing, is refused', () => {
  const invisible =
    '\u{200b}\u{200d}\u{200e}\u{202e}\u{2066}\u{feff}\u{ad}\u{34f}\u{115f}\u{3164}\u{180b}\u{fe0f}\u{e0041}'
  for (const one of invisible) refused(`a${one}b`, /cannot be seen|must begin/)
  for (const one of '\0\t\n\r\u{7f}\u{85}\u{1b}\u{2028}\u{2029}') refused(`a${one}b`, /cannot be seen|must begin/)
  refused('a\ud800b', /cannot be seen/)
  refused('\udc00', /cannot be seen/)
})

test('other signs, outer and double spaces, and beginnings that are no letter or digit are refused', () => {
  for (const one of '@#:/\\<>"&%$!?*()+=,;|~`^[]{}😀')
    refused(`a${one}b`, /must begin with a letter or digit and hold only/)
  for (const name of [' a', 'a ', 'a  b', '_a', '-a', '.a', "'a", ' ', '\u{301}a']) refused(name, /must begin/)
})

test('names that differ in case or in compatibility forms have one key', () => {
  const same = [
    ['Bob', 'bob', 'BOB', 'Ｂｏｂ'],
    ['É', 'é', 'e\u{301}', 'E\u{301}'],
    ['ﬁn', 'FIN', 'fin'],
    ['İ', 'i\u{307}'],
    ['K', 'k', '\u{212a}'],
  ]
  for (const names of same) assert.equal(new Set(names.map(nameKey)).size, 1, names.join(' '))
  for (const [a, b] of [
    ['Bob', 'Rob'],
    ['e', 'é'],
    ['o', '0'],
  ] as const)
    assert.notEqual(nameKey(a), nameKey(b))
})

test('of whatever is taken: the shown form is a name of its own with the same key, and keys are stable', () => {
  const raws = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 4 }))
  fc.assert(
    fc.property(raws, raw => {
      assert.equal(nameKey(nameKey(raw)), nameKey(raw))
      const name = parseName(raw, 'username')
      if (name instanceof Refusal) return
      assert.equal(name.key, nameKey(raw))
      assert.deepEqual(parseName(name.shown, 'username'), name)
      assert.match(name.shown, /^[\p{L}\p{Nd}]/u)
      assert.doesNotMatch(name.shown, /\p{C}|^\s|\s$|\s\s/u)
    }),
    { numRuns: 2_000 },
  )
})

test('every single character: its key is stable, and is the key of the form that is shown', () => {
  for (let code = 1; code <= 0x1_ffff; code += 1) {
    const raw = String.fromCodePoint(code)
    const key = nameKey(raw)
    assert.equal(nameKey(key), key, raw)
    const name = parseName(raw, 'username')
    if (!(name instanceof Refusal)) assert.deepEqual([name.key, nameKey(name.shown)], [key, key], raw)
  }
})
