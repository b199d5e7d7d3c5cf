import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionError, listenError } from './errors.ts'

const where = { host: '192.168.1.45', port: 8080 }
const system = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

test('what the system says of a call becomes a code and a sentence', () => {
  const calls = {
    ECONNREFUSED: 'refused',
    EHOSTUNREACH: 'unreachable',
    ENETUNREACH: 'unreachable',
    ETIMEDOUT: 'timed-out',
    ENOTFOUND: 'not-resolvable',
    EAI_AGAIN: 'not-resolvable',
    ECONNRESET: 'reset',
    EPIPE: 'reset',
    EMFILE: 'failed',
  }
  for (const [name, code] of Object.entries(calls)) {
    const error = connectionError(system(name), where)
    assert.equal(error.code, code)
    assert.match(error.message, /192\.168\.1\.45/)
    assert.ok(error.cause instanceof Error)
  }
})

test('what the system says of listening becomes a code and a sentence', () => {
  assert.equal(
    listenError(system('EADDRINUSE'), where).message,
    'Address already in use: another program listens on 192.168.1.45 port 8080',
  )
  assert.equal(listenError(system('EADDRNOTAVAIL'), where).message, '192.168.1.45 is not an address of this machine')
  assert.equal(listenError(system('EACCES'), { ...where, port: 80 }).code, 'not-allowed')
})

test('an error that nobody foresaw keeps the words of the system', () => {
  assert.match(listenError(system('EWEIRD'), where).message, /did not work: connect EWEIRD$/)
  assert.match(connectionError('odd', where).message, /broke: odd$/)
})
