import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Places } from './slots.ts'

test('each key has so many places, and a place that was given back is taken again', () => {
  const places = new Places<string>(2)
  const [first, second] = [places.take('a'), places.take('a')]
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(places.take('a'), undefined)
  assert.notEqual(places.take('b'), undefined)
  first[Symbol.dispose]()
  // Twice is once.
  first[Symbol.dispose]()
  assert.notEqual(places.take('a'), undefined)
  assert.equal(places.take('a'), undefined)
})

test('without a bound there is always one more', () => {
  const places = new Places<string>(Infinity)
  for (let count = 0; count < 10_000; count += 1) assert.notEqual(places.take('a'), undefined)
})
