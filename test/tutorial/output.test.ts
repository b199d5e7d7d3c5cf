// How a screen is compared with what the tutorial says: what may vary varies, and nothing else does.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { match, type Numbers, stepsOf } from './output.ts'

const whole = { whole: true }
const begins = { whole: false }
const is = (shows: string, screen: string, how = whole, numbers: Numbers = new Map()) =>
  match(shows, screen, numbers, how) >= 0

test('text is compared letter by letter, spaces and empty lines at its ends left out', () => {
  assert.ok(is('a (b)\nc.', 'a (b)\nc.\n'))
  assert.ok(is('a \n', '\na\n\n'))
  assert.ok(is('', '\n'))
  for (const screen of [
    'a (b)',
    'a (b)\nc',
    'a (b)\nc.\nd',
    'a (b)c.',
    'A (b)\nc.',
    'a (b)\n\nc.',
    'x\na (b)\nc.',
    '',
  ]) {
    assert.ok(!is('a (b)\nc.', screen), JSON.stringify(screen))
  }
  assert.ok(!is('', 'a'))
  assert.ok(!is('a\n\nb', 'a\nb'))
  assert.ok(!is('a\n  b', 'a\nb'))
})

test('three points are any lines, or any text inside a line', () => {
  assert.ok(is('a\n...\nz', 'a\nb\n\nc\nz\n'))
  assert.ok(is('a\n...\nz', 'a\nz'))
  assert.ok(is('...\nz', 'b\nz'))
  assert.ok(is('a\n...', 'a\nb\nc'))
  assert.ok(is('{"a":...}', '{"a":1,"b":2}'))
  assert.ok(is('...  alice: Hi', 'Sun Nov 22 01:45:31 2026  alice: Hi'))
  assert.ok(!is('a\n...\nz', 'a\nb\nxz'))
  assert.ok(!is('a...z', 'a\nz'))
})

test('a number of five digits is any, but the same number is the same', () => {
  assert.ok(is('57848 57848', '40001 40001'))
  assert.ok(is('57848 57849', '40001 40002'))
  assert.ok(!is('57848 57848', '40001 40002'))
  assert.ok(!is('57848 57848', '40001 400011'))
  assert.ok(!is('57848', 'x'))
  assert.ok(!is('1700000000', '1700000001'))
})

test('numbers are remembered from text to text', () => {
  const numbers: Numbers = new Map()
  assert.ok(is('CONNECTION 1: 57848', 'CONNECTION 1: 40001\n', whole, numbers))
  assert.ok(is('Client 0: 57848', 'Client 0: 40001\n', whole, numbers))
  assert.ok(!is('Client 0: 57848', 'Client 0: 40002\n', whole, numbers))
})

test('a screen that goes on is compared so far, and only by whole lines', () => {
  assert.equal(match('a', 'a\nb\n', new Map(), begins), 2)
  assert.equal(match('User name: ', 'User name: ', new Map(), begins), 11)
  assert.ok(!is('a', 'ab\n', begins))
})

test('Ctrl-C and what is typed are keys, between what is shown before and after', () => {
  assert.deepEqual(stepsOf(['Waiting', '^CStopped']), [
    { shows: 'Waiting\n' },
    { keys: '\x03' },
    { shows: '^CStopped\n' },
  ])
  assert.deepEqual(stepsOf(['', 'Choice: 1⏎', 'Password: (wonder)⏎', 'To whom: bob⏎']), [
    { shows: '\nChoice: ' },
    { keys: '1\r' },
    { shows: '1\nPassword: ' },
    { keys: 'wonder\r' },
    { shows: '\nTo whom: ' },
    { keys: 'bob\r' },
    { shows: 'bob\n' },
  ])
})
