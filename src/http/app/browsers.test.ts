import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { checkHost, checkOrigin, type Front, ownHosts } from './browsers.ts'

const front: Front = {
  hosts: ownHosts(new URL('https://Chat.Example.org:8443/path')),
  allowedOrigins: new Set(['https://friend.example']),
}

function hostSays(host: string | undefined, more: { url?: string; httpVersion?: string } = {}): string {
  const sent = host === undefined ? { headers: {}, rawHeaders: [] } : { headers: { host }, rawHeaders: ['Host', host] }
  const request = { ...sent, url: '/', httpVersion: '1.1', ...more }
  return checkHost(request as unknown as IncomingMessage, front)?.code ?? 'passes'
}

function originSays(headers: Record<string, string>): string {
  return (
    checkOrigin({ headers: { host: '127.0.0.1:5000', ...headers } } as unknown as IncomingMessage, front)?.code ??
    'passes'
  )
}

test('addresses, localhost, this machine and the public URL are ours, with and without a port', () => {
  const machine = hostname().split('.')[0] ?? ''
  for (const name of [
    '127.0.0.1',
    '192.168.1.20',
    '[::1]',
    '[2001:db8::1]',
    'localhost',
    'LocalHost',
    'localhost.',
    machine,
    machine.toUpperCase(),
    `${machine}.local`,
    'chat.example.org',
    'CHAT.EXAMPLE.ORG',
  ]) {
    assert.equal(hostSays(name), 'passes', name)
    assert.equal(hostSays(`${name}:5000`), 'passes', name)
  }
})

test('other names are foreign, however near they come', () => {
  for (const name of [
    'example.org',
    'xlocalhost',
    'localhost.example.org',
    '127.0.0.1.nip.io',
    'chat.example.org.evil',
    '127.1',
    '0x7f000001',
    '2130706433',
    'local',
    '.local',
    '127.0.0.1@evil',
    '127.0.0.1 evil',
    '127.0.0.1,evil',
    '127.0.0.1/evil',
  ]) {
    assert.equal(hostSays(name), 'foreign-host', name)
  }
})

test('what is no host is malformed', () => {
  for (const name of [
    undefined,
    '',
    ':',
    ':80',
    '[]',
    '[::1',
    '::1',
    '127.0.0.1:',
    '127.0.0.1:x',
    '127.0.0.1:123456',
    'a:b:c',
  ]) {
    assert.equal(hostSays(name), 'malformed', String(name))
  }
  assert.equal(hostSays(undefined, { httpVersion: '1.0' }), 'passes')
})

test('the host of an absolute target is to be ours, and so is the header', () => {
  assert.equal(hostSays('127.0.0.1', { url: 'http://evil.example/auth' }), 'foreign-host')
  assert.equal(hostSays('evil.example', { url: 'http://127.0.0.1:5000/auth' }), 'foreign-host')
  assert.equal(hostSays('127.0.0.1', { url: 'http://localhost:5000/auth' }), 'passes')
  assert.equal(hostSays('127.0.0.1', { url: 'http://127.0.0.1@evil.example/' }), 'foreign-host')
})

test('programs, which send neither Origin nor Sec-Fetch-Site, pass; so do pages of our own', () => {
  assert.equal(originSays({}), 'passes')
  assert.equal(originSays({ origin: 'http://127.0.0.1:5000', 'sec-fetch-site': 'same-origin' }), 'passes')
  assert.equal(originSays({ origin: 'https://127.0.0.1:5000' }), 'passes', 'TLS ends at a proxy')
  assert.equal(originSays({ 'sec-fetch-site': 'none' }), 'passes')
})

test('pages elsewhere do not pass: another site, another port, another scheme, no origin at all', () => {
  for (const origin of [
    'https://evil.example',
    'http://127.0.0.1',
    'http://127.0.0.1:5001',
    'http://localhost:5000',
    'null',
    '',
    'ftp://127.0.0.1:5000',
    'http://127.0.0.1:5000/',
    'http://127.0.0.1:5000, https://evil.example',
  ]) {
    assert.equal(originSays({ origin }), 'foreign-origin', origin)
  }
  for (const site of ['cross-site', 'same-site']) {
    assert.equal(originSays({ 'sec-fetch-site': site }), 'foreign-origin')
    assert.equal(originSays({ origin: 'http://127.0.0.1:5000', 'sec-fetch-site': site }), 'foreign-origin')
  }
})

test('an origin that the operator has named passes, to the letter', () => {
  assert.equal(originSays({ origin: 'https://friend.example', 'sec-fetch-site': 'cross-site' }), 'passes')
  assert.equal(originSays({ origin: 'http://friend.example', 'sec-fetch-site': 'cross-site' }), 'foreign-origin')
})
