import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddress } from './client-address.ts'

function read(typed: string): string {
  const address = parseAddress(typed)
  return typeof address === 'string' ? `no: ${address}` : address.base.href
}

test('nothing typed is the usual address, and http:// is added where it is missing', () => {
  assert.equal(read(''), 'http://127.0.0.1:5000/')
  assert.equal(read('  \t'), 'http://127.0.0.1:5000/')
  assert.equal(read('localhost:5000'), 'http://localhost:5000/')
  assert.equal(read(' 192.168.1.20:5055 '), 'http://192.168.1.20:5055/')
  assert.equal(read('http://example.org'), 'http://example.org/')
  assert.equal(read('HTTPS://example.org:8443/'), 'https://example.org:8443/')
})

test('an IPv6 address needs no brackets where it has no port', () => {
  assert.equal(read('::1'), 'http://[::1]/')
  assert.equal(read('[::1]:5000'), 'http://[::1]:5000/')
})

test('a path stays, since a server may live under one', () => {
  assert.equal(read('example.org/class/'), 'http://example.org/class')
})

test('whether a port was typed is known even where it is the usual one of the scheme', () => {
  const given = ['127.0.0.1', '127.0.0.1:80', 'http://a:80/x', '[::1]', '[::1]:80'].map(typed => {
    const address = parseAddress(typed)
    return typeof address !== 'string' && address.portWasGiven
  })
  assert.deepEqual(given, [false, true, true, false, true])
})

test('what cannot be a server gets a sentence', () => {
  assert.match(read('not an address'), /^no: "not an address" is not an address/)
  assert.match(read('127.0.0.1:99999'), /^no: .* is not an address/)
  assert.match(read('http://'), /^no: .* is not an address/)
  assert.match(read('ftp://example.org'), /^no: The address begins with ftp/)
  assert.match(read('javascript://x'), /^no: The address begins with javascript/)
  assert.match(read('http://bob:secret@example.org'), /^no: An address must not hold a user name or password/)
  assert.match(read('example.org/?a=1'), /^no: The address of a server ends before/)
  assert.doesNotMatch(read('http://bob:secret@example.org'), /secret/)
})
