import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cursorAt, formatCursor, parseCursor } from './cursor.ts'

const epochs = fc.stringMatching(/^[0-9a-f]{16}$/)
const seqs = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const times = fc.integer({ min: 0, max: 8_640_000_000_000_000 })

test('every cursor comes back from its string, which is plain enough for a header, a query and IRC', () => {
  fc.assert(
    fc.property(epochs, seqs, times, (epoch, seq, storedAtMs) => {
      const cursor = cursorAt(epoch, seq, storedAtMs)
      const text = formatCursor(cursor)
      assert.deepEqual(parseCursor(text), cursor)
      assert.match(text, /^[0-9a-z.]{1,34}$/)
    }),
  )
})

test('cursors that differ in epoch, seq or the time of storing have different strings', () => {
  const one = formatCursor(cursorAt('0123456789abcdef', 5, 1_000))
  for (const other of [
    cursorAt('0123456789abcdee', 5, 1_000),
    cursorAt('0123456789abcdef', 6, 1_000),
    cursorAt('0123456789abcdef', 5, 1_001),
  ]) {
    assert.notEqual(formatCursor(other), one)
  }
})

test('the beginning of a log is a cursor too', () => {
  assert.deepEqual(parseCursor('0123456789abcdef.0.0'), { epoch: '0123456789abcdef', seq: 0, mark: 0 })
})

test('what is no cursor is none', () => {
  const epoch = '0123456789abcdef'
  const raws = ['', '5', epoch, `${epoch}.5`, `${epoch}.5.`, `${epoch}.5.1.1`, `${epoch}..1`, ` ${epoch}.5.1`]
  raws.push(`${epoch}.5.1\n`, `${epoch}.-5.1`, `${epoch}.5.1 `, `${epoch.toUpperCase()}.5.1`, `${epoch}0.5.1`)
  raws.push(`${epoch}.2gosa7pa2gw.0`, `${epoch}.zzzzzzzzzzz.0`, `${epoch}.5.zzzz`, `${epoch}.5.mh34`)
  for (const raw of raws) assert.equal(parseCursor(raw), undefined, raw)
  assert.equal(parseCursor(`${epoch}.2gosa7pa2gv.mh33`)?.seq, Number.MAX_SAFE_INTEGER)
})

test('whatever the string, parsing ends in a cursor that is in its bounds, or in none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f]{16}\.[0-9a-z]{1,12}\.[0-9a-z]{1,5}$/)), raw => {
      const cursor = parseCursor(raw)
      if (cursor === undefined) return
      assert(Number.isSafeInteger(cursor.seq) && cursor.seq >= 0)
      assert(Number.isSafeInteger(cursor.mark) && cursor.mark >= 0 && cursor.mark < 2 ** 20)
    }),
  )
})
