// The line that is written: whatever keys come, the caret stands between two characters, and nothing is lost unasked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, oneof, property, string } from 'fast-check'
import * as line from './line.ts'
import { graphemes } from './widths.ts'

const keys = {
  left: line.left,
  right: line.right,
  wordLeft: line.wordLeft,
  wordRight: line.wordRight,
  home: line.home,
  end: line.end,
  up: (one: line.Line) => line.up(one) ?? one,
  down: (one: line.Line) => line.down(one) ?? one,
  eraseBack: line.eraseBack,
  eraseForward: line.eraseForward,
  cutSpacedWordBack: line.cutSpacedWordBack,
  cutWordBack: line.cutWordBack,
  cutWordForward: line.cutWordForward,
  cutToStart: line.cutToStart,
  cutToEnd: line.cutToEnd,
  yank: line.yank,
  transpose: line.transpose,
} as const

const key = constantFrom(...(Object.keys(keys) as (keyof typeof keys)[]))
const typed = oneof(
  string({ unit: 'grapheme' }),
  string({ unit: 'binary' }),
  constantFrom('\n', '👨‍👩‍👧', 'e', '\u0301', ' '),
)

test('whatever is typed and pressed, the caret never stands inside a character, and the text is well formed', () => {
  holds(
    property(
      array(
        oneof(
          key,
          typed.map(text => ({ text })),
        ),
        { maxLength: 40 },
      ),
      strokes => {
        let one = line.emptyLine
        for (const stroke of strokes) {
          one = typeof stroke === 'string' ? keys[stroke](one) : line.insert(one, stroke.text)
          assert.ok(one.text.isWellFormed())
          assert.doesNotMatch(one.text, /[^\P{Cc}\n\t]/u)
          const edges = new Set([0])
          for (const { index, segment } of new Intl.Segmenter().segment(one.text)) edges.add(index + segment.length)
          assert.ok(edges.has(one.caret), `${one.caret} in ${JSON.stringify(one.text)}`)
        }
      },
    ),
  )
})

test('what is cut comes back where it was', () => {
  holds(
    property(string({ unit: 'grapheme' }), string({ unit: 'grapheme' }), (before, behind) => {
      let one = line.insert(line.emptyLine, before + behind)
      for (let steps = graphemes(behind).length; steps > 0; steps -= 1) one = line.left(one)
      for (const cut of [
        line.cutSpacedWordBack,
        line.cutWordBack,
        line.cutToStart,
        line.cutToEnd,
        line.cutWordForward,
      ]) {
        const after = cut({ ...one, cutting: false })
        if (after.text !== one.text) assert.equal(line.yank(after).text, one.text)
      }
    }),
  )
})

test('cuts one after the other join, a move between parts them', () => {
  const words = line.lineOf('one two three')
  const twice = line.cutSpacedWordBack(line.cutSpacedWordBack(words))
  assert.deepEqual([twice.text, twice.cut], ['one ', 'two three'])
  const parted = line.cutSpacedWordBack(line.left(line.right(line.cutSpacedWordBack(words))))
  assert.notEqual(parted.cut, 'two three')
})

test('up and down go through the lines and keep the column', () => {
  const text = line.lineOf('long first line\nab\nlong third line')
  const above = line.up(text)
  assert.equal(above?.caret, 18)
  assert.equal(line.up(line.emptyLine), undefined)
  assert.equal(above && line.down(above)?.caret, 21)
  assert.equal(line.down(text), undefined)
})

test('line ends become one kind, controls are left out, and a paste without end is cut', () => {
  assert.equal(line.insert(line.emptyLine, 'a\r\nb\rc\x1b[31m\x00\x9bd').text, 'a\nb\nc[31md')
  const huge = line.insert(line.emptyLine, 'x'.repeat(10_000_000))
  assert.equal(huge.text.length, 65_536)
  assert.equal(line.cutSpacedWordBack(line.insert(huge, 'y')).text, '')
})
