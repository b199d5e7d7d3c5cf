import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTarget, parseTargets, targetOfAddress, UsageError } from './target.ts'

test('a messaging server is an address with or without http://', () => {
  for (const raw of ['http://127.0.0.1:5000', '127.0.0.1:5000', 'http://127.0.0.1:5000/']) {
    assert.equal(parseTarget('messaging', raw).shown, 'http://127.0.0.1:5000')
  }
  assert.deepEqual(targetOfAddress(parseTarget('messaging', 'http://[::1]')), { host: '::1', port: 80 })
  assert.deepEqual(targetOfAddress(parseTarget('messaging', 'https://pi.local')), { host: 'pi.local', port: 443 })
})

test('a socket server is host and port, IPv6 in brackets', () => {
  assert.deepEqual(targetOfAddress(parseTarget('echo1', 'localhost:8080')), {
    lab: 'echo1',
    host: 'localhost',
    port: 8080,
    shown: 'localhost:8080',
  })
  assert.equal(parseTarget('echo1', '[::1]:8080').shown, '[::1]:8080')
})

test('anything else is refused in a sentence', () => {
  const bad = ['', '8080', 'host', 'host:', 'host:0', 'host:65536', '::1:80', 'http://host:80', 'a b:80', 'host:8o']
  for (const raw of bad) assert.throws(() => parseTarget('happy', raw), UsageError, raw)
  for (const raw of ['', 'http://', 'ftp://host', 'http://host/path', 'http://u:p@host', 'http://host:99999']) {
    assert.throws(() => parseTarget('messaging', raw), UsageError, raw)
  }
})

test('a class is one target a line, with a name if wanted; comments and empty lines are left out', () => {
  const file = '\uFEFF# our class\r\n\r\n10.0.0.1:8080 Ada  Lovelace  # late\r\n\t10.0.0.2:8080\n'
  assert.deepEqual(
    parseTargets('echo1', file).map(({ name, target }) => [name, target.shown]),
    [
      ['Ada  Lovelace', '10.0.0.1:8080'],
      ['10.0.0.2:8080', '10.0.0.2:8080'],
    ],
  )
})

test('a mistake in the file is told with its line', () => {
  assert.throws(() => parseTargets('echo1', '10.0.0.1:8080\nnonsense\n'), /line 2: "nonsense"/)
  assert.throws(() => parseTargets('echo1', '10.0.0.1:8080\n10.0.0.1:8080 Ada\n'), /line 2: .* twice/)
  assert.throws(() => parseTargets('echo1', '\n# nobody\n'), /names no target/)
  const many = Array.from({ length: 1001 }, (_, index) => `10.0.0.1:${index + 1}`).join('\n')
  assert.throws(() => parseTargets('echo1', many), /at most 1000/)
})
