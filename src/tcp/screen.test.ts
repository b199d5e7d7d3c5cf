import assert from 'node:assert/strict'
import { test } from 'node:test'
import { harmless } from './screen.ts'

test('ordinary text, new lines and tabs are shown as they came', () => {
  for (const text of ['', 'Test\n', 'a\tb\r\nc', 'ñandú 日本 😀', ' two  spaces ']) assert.equal(harmless(text), text)
})

test('a terminal is never told to do anything by received text', () => {
  assert.equal(harmless('\x1b[2J\x1b]0;title\x07'), '\\x1b[2J\\x1b]0;title\\x07')
  assert.equal(harmless('real\rforged'), 'real\\x0dforged')
  assert.equal(harmless('\x9b31m \x7f \0 \b'), '\\x9b31m \\x7f \\x00 \\x08')
  assert.equal(harmless('\u202eabc\u2028'), '\\u202eabc\\u2028')
})
