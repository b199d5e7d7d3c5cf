// What a search means while it is typed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches, parseQuery } from '../../src/protocol/words.ts'
import { asTyped } from '../../web/search/as-typed.ts'

function finds(typed: string, text: string): boolean {
  const query = parseQuery(asTyped(typed))
  return query !== undefined && matches(query, text)
}

test('the last word counts as a beginning while it is typed, the others as whole words', () => {
  for (const typed of ['gre', 'green te', 'Green Tea', '"green te', '"green tea', 'green "tea po', '緑', 'café']) {
    assert.ok(finds(typed, 'Green tea pots, 緑茶, cafés'), typed)
  }
  for (const typed of ['gre tea', 'te ', '"green te"', 'gre* te ', 'tea "gre" ', 'een']) {
    assert.ok(!finds(typed, 'Green tea pots'), typed)
  }
})

test('a word that is ended by a space, a star or a quote is taken as it is', () => {
  for (const typed of ['tea ', 'tea*', '"tea"', '"green tea"*', '', '!']) assert.equal(asTyped(typed), typed)
})
