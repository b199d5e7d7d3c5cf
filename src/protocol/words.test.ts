import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { matches, parseQuery, placesOf, wordsOf } from './words.ts'

function finds(query: string, text: string): boolean {
  const parsed = parseQuery(query)
  assert.ok(parsed !== undefined, query)
  const words = wordsOf(text)
  const inIndex = parsed.sought.every(({ word, isPrefix }) =>
    isPrefix ? [...words].some(one => one.startsWith(word)) : words.has(word),
  )
  const meant = matches(parsed, text)
  // The index may give too much, never too little.
  assert.ok(inIndex || !meant, `${query} is in ${JSON.stringify(text)}, but not in the index`)
  return inIndex && meant
}

for (const [query, text] of [
  ['hello', 'Hello, world!'],
  ['WORLD hello', 'hello (world)'],
  ['wor*', 'Hello world'],
  ['"hello world"', 'Well: Hello, world'],
  ['"lo wor"*', 'lo world'],
  ["don't", 'I don’t'],
  ['straße', 'STRASSE'],
  ['strasse', 'Straße'],
  ['ΟΔΟΣ', 'η οδος'],
  ['οδοσ*', 'ΟΔΟΣ'],
  ['ｈｅｌｌｏ', 'hello'],
  ['café', 'cafe\u0301'],
  ['東京', '明日は東京へ行く'],
  ['日本語', '日本語を話す'],
  ['京', '東京'],
  ['東', '東京'],
  ['東京*', '東京都'],
  ['カタカナ', 'ｶﾀｶﾅ'],
  ['ラーメン', 'ラーメンを食べる'],
  ['안녕', '안녕하세요'],
  ['สวัสดี', 'สวัสดีครับ'],
  ['vue3', 'we use Vue3日本'],
  ['日本', 'we use Vue3日本'],
  ['2026', 'in 2026.'],
  ['"a "', 'a'],
  ['"open', 'an open quote'],
  ['x'.repeat(100), `say ${'x'.repeat(100)}!`],
  ['emoji', '👩‍👩‍👧 emoji'],
] as const) {
  test(`${query} finds ${text.slice(0, 40)}`, () => assert.ok(finds(query, text)))
}

for (const [query, text] of [
  ['hell', 'hello'],
  ['"world hello"', 'hello world'],
  ['"wor hello"*', 'hello world'],
  ['日語', '日本語'],
  ['本日', '日本'],
  ['日本語', '日本の言語、本語'],
  ['hello missing', 'hello world'],
  ['x'.repeat(100), 'x'.repeat(99)],
] as const) {
  test(`${query} does not find ${text.slice(0, 40)}`, () => assert.ok(!finds(query, text)))
}

test('where there is no word there is no query', () => {
  for (const raw of ['', ' ', '*', '""', '"', '!?', '👩‍👩‍👧', '""*', '" "', '\u3000'])
    assert.equal(parseQuery(raw), undefined, raw)
})

const letters = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    'ß',
    'Σ',
    'ς',
    'é',
    'e\u0301',
    '7',
    '東',
    '京',
    'カ',
    '한',
    'ก',
    ' ',
    '-',
    '。',
    '"',
    '*',
    '😀',
    'ﬁ',
    'İ',
  ),
  maxLength: 24,
})

test('every piece of a text between spaces finds the text, whatever the script', () => {
  fc.assert(
    fc.property(letters, text => {
      for (const piece of text.split(/[\s"*]+/))
        if (parseQuery(piece) !== undefined) assert.ok(finds(piece, text), piece)
    }),
    { numRuns: 1_000 },
  )
})

test('the text itself in quotes finds the text, and so does its beginning with a star', () => {
  fc.assert(
    fc.property(letters, fc.nat(24), (text, length) => {
      const plain = text.replaceAll(/["*]/g, ' ')
      if (parseQuery(plain) !== undefined) assert.ok(finds(`"${plain}"`, text))
      const start = Array.from(plain).slice(0, length).join('')
      // A beginning that ends between a letter and its mark is another letter.
      if (!/^\p{M}/u.test(Array.from(plain)[length] ?? '') && parseQuery(start) !== undefined) {
        assert.ok(finds(`"${start}"*`, text), start)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('no query and no text breaks it, and a query asks for a bounded number of words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), letters, (query, text) => {
      const parsed = parseQuery(query)
      if (parsed !== undefined) {
        assert.ok(parsed.sought.length >= 1 && parsed.sought.length <= 16)
        matches(parsed, text)
      }
      for (const word of wordsOf(query)) assert.ok(word !== '' && Array.from(word).length <= 64)
    }),
  )
})

test('where a query stands in a text is told as it is written there', () => {
  const found = (q: string, text: string) => {
    const query = parseQuery(q)
    assert.ok(query !== undefined)
    return placesOf(query, text).map(({ start, end }) => text.slice(start, end))
  }
  assert.deepEqual(found('tea', 'Tea, steam, and TEA.'), ['Tea', 'TEA'])
  assert.deepEqual(found('te*', 'Tea and a team'), ['Tea', 'team'])
  assert.deepEqual(found('"green tea"', 'green, tea; tea green; green tea'), ['green, tea', 'green tea'])
  assert.deepEqual(found('a ab* b', 'abc a 😀 b'), ['abc', 'a', 'b'])
  assert.deepEqual(found('strasse', 'Die Straße 😀 Strasse'), ['Straße', 'Strasse'])
  assert.deepEqual(found('京都', '東京都と京都'), ['京都', '京都'])
  assert.deepEqual(found('ﬁn', 'fin ﬁn'), ['fin', 'ﬁn'])
  assert.deepEqual(found('nothing', 'something'), [])
})
