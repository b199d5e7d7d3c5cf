// The line that is being written: every row fits, nothing is lost, and the caret stands where one writes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, integer, property } from 'fast-check'
import { composed } from './composer.ts'
import { widthOf } from './widths.ts'

const all = 1_000

test('what is written breaks after spaces where it can, and within a word where it must', () => {
  const text = 'a line that goes on until the window ends'
  assert.deepEqual(composed({ text, caret: 0 }, 18, all).rows, ['a line that goes ', 'on until the ', 'window ends'])
  assert.deepEqual(composed({ text: 'abcdefghij kl', caret: 0 }, 5, all).rows, ['abcd', 'efgh', 'ij ', 'kl'])
  assert.deepEqual(composed({ text: 'one\n\ntwo\n', caret: 0 }, 10, all).rows, ['one', '', 'two', ''])
})

test('the caret is on the row and in the column of what it stands before', () => {
  const text = 'one two three'
  const caretAt = (caret: number) => Object.values(composed({ text, caret }, 9, all).caret)
  assert.deepEqual(composed({ text, caret: 0 }, 9, all).rows, ['one two ', 'three'])
  assert.deepEqual([0, 7, 8, 13].map(caretAt), [
    [0, 0],
    [0, 7],
    [1, 0],
    [1, 5],
  ])
  assert.deepEqual(composed({ text: '漢字👍', caret: 2 }, 9, all).caret, { row: 0, column: 4 })
  assert.deepEqual(composed({ text: 'a\n', caret: 2 }, 9, all).caret, { row: 1, column: 0 })
})

test('of many rows those around the caret are shown', () => {
  const text = Array.from({ length: 30 }, (_, index) => `row ${index}`).join('\n')
  const { rows, caret } = composed({ text, caret: text.indexOf('row 15') }, 20, 5)
  assert.equal(rows.length, 5)
  assert.equal(rows[caret.row], 'row 15')
})

test('whatever is written, rows keep to the width, and together are the text', () => {
  const words = array(constantFrom('a', 'bb', ' ', '漢', '👍🏽', '\n', 'long-word', '\t', 'e\u0301'), { maxLength: 40 })
  holds(
    property(words, integer({ min: 3, max: 30 }), integer({ min: 0, max: 40 }), (parts, width, index) => {
      const text = parts.join('')
      const caret = parts.slice(0, index).join('').length
      const { rows, caret: place } = composed({ text, caret }, width, all)
      // A tab is four columns, however narrow it is.
      const tooWide = rows.filter(row => widthOf(row) > Math.max(width, 4))
      assert.deepEqual(tooWide, [])
      assert.equal(rows.join(''), text.replaceAll('\n', '').replaceAll('\t', '    '))
      assert.ok(place.row < rows.length && place.column < width)
    }),
    { numRuns: 1_000 },
  )
})
