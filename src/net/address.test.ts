import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { originOf, parseTrustedProxies, rateKey } from './address.ts'

/** As much of a request as tells where it comes from. */
function from(remoteAddress: string | undefined, headers: Record<string, string> = {}): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage
}

test('a direct client is its own address, which can be proved', () => {
  assert.deepEqual(originOf(from('192.0.2.1'), undefined), { address: '192.0.2.1', provable: true })
  assert.deepEqual(originOf(from('2001:DB8::1'), undefined), { address: '2001:db8::1', provable: true })
})

test('an IPv4 address in IPv6 dress is the IPv4 address', () => {
  assert.equal(originOf(from('::ffff:192.0.2.1'), undefined).address, '192.0.2.1')
  assert.equal(originOf(from('::FFFF:192.0.2.1'), undefined).address, '192.0.2.1')
})

test('without trusted proxies any sign of one makes the address prove nothing', () => {
  const headers = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip']
  for (const header of headers) {
    for (const value of ['192.0.2.9', '']) {
      const origin = originOf(from('192.0.2.1', { [header]: value }), undefined)
      assert.deepEqual(origin, { address: '192.0.2.1', provable: false }, header)
    }
  }
})

test('a connection whose address is gone proves nothing of value and is no crash', () => {
  assert.equal(originOf(from(undefined), undefined).address, '')
})

test('behind trusted proxies the rightmost address that is not theirs counts', () => {
  const trusted = parseTrustedProxies('10.0.0.0/8, 2001:db8::/32')
  const client = (chain: string, peer = '10.1.2.3') => originOf(from(peer, { 'x-forwarded-for': chain }), trusted)
  assert.deepEqual(client('192.0.2.1'), { address: '192.0.2.1', provable: true })
  assert.deepEqual(client('203.0.113.1, 192.0.2.1, 10.9.9.9'), { address: '192.0.2.1', provable: true })
  assert.deepEqual(client('192.0.2.1', '2001:db8::5'), { address: '192.0.2.1', provable: true })
  assert.deepEqual(client('192.0.2.1', '::ffff:10.0.0.1'), { address: '192.0.2.1', provable: true })
  assert.deepEqual(client('[2001:dead::1]:443'), { address: '2001:dead::1', provable: true })
  assert.deepEqual(client('192.0.2.1:443'), { address: '192.0.2.1', provable: true })
  assert.deepEqual(client('10.0.0.7, 10.0.0.8'), { address: '10.0.0.7', provable: true }, 'a client among the proxies')
  assert.deepEqual(client('192.0.2.1', '192.0.2.77'), { address: '192.0.2.77', provable: false }, 'not a proxy of ours')
})

test('a hop that is no address ends the search at the proxy, which proves nothing', () => {
  const trusted = parseTrustedProxies('10.0.0.1')
  for (const chain of [
    'unknown',
    '_secret',
    '',
    '192.0.2.1, unknown, 10.0.0.1',
    '1.2.3',
    '192.0.2.1;',
    '192.0.2.1 10.0.0.1',
  ]) {
    const origin = originOf(from('10.0.0.1', { 'x-forwarded-for': chain }), trusted)
    assert.deepEqual(origin, { address: '10.0.0.1', provable: false }, chain)
  }
})

test('what a client adds in front of the chain never changes who it is', () => {
  const trusted = parseTrustedProxies('10.0.0.1')
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), spoofed => {
      const origin = originOf(from('10.0.0.1', { 'x-forwarded-for': `${spoofed}, 192.0.2.1` }), trusted)
      assert.deepEqual(origin, { address: '192.0.2.1', provable: true })
    }),
  )
})

test('a list of proxies is addresses and ranges; anything else is refused, quoting it', () => {
  for (const list of [
    '',
    ' ',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/ 8',
    '::1/129',
    '300.1.1.1',
    '10.0.0.1,',
    '10.0.0.1;10.0.0.2',
    '*',
  ]) {
    assert.throws(() => parseTrustedProxies(list), /is neither an IP address nor a range/, list)
  }
  for (const list of ['127.0.0.1', ' 10.0.0.0/8 , ::1 ', '::/0', '0.0.0.0/0', 'fd00::/8']) parseTrustedProxies(list)
})

test('a rate limit counts IPv4 by address and IPv6 by its network of 64 bits, however it is written', () => {
  assert.equal(rateKey('192.0.2.1'), '192.0.2.1')
  const same = [
    '2001:db8:0:7::1',
    '2001:db8::7:0:0:0:1',
    '2001:0db8:0000:0007:ffff:ffff:ffff:ffff',
    '2001:db8:0:7:1:2:3:4%eth0',
  ]
  for (const address of same) assert.equal(rateKey(address), '2001:db8:0:7::/64', address)
  assert.equal(rateKey('::1'), '0:0:0:0::/64')
  assert.equal(rateKey('::'), '0:0:0:0::/64')
  assert.equal(rateKey('fe80::1%eth0'), 'fe80:0:0:0::/64')
  assert.notEqual(rateKey('2001:db8:0:8::1'), rateKey('2001:db8:0:7::1'))
})

function text(groups: readonly number[]): string {
  return groups.map(value => value.toString(16)).join(':')
}

test('a rate limit counts any two addresses of one /64 as one, and no two of different ones', () => {
  const group = fc.integer({ min: 0, max: 65_535 })
  fc.assert(
    fc.property(
      fc.array(group, { minLength: 8, maxLength: 8 }),
      fc.array(group, { minLength: 8, maxLength: 8 }),
      (a, b) => {
        const neighbour = [...a.slice(0, 4), ...b.slice(4)]
        assert.equal(rateKey(text(a)), rateKey(text(neighbour)))
        // As the system writes addresses, with the zeros left out.
        assert.equal(rateKey(text(a)), rateKey(new URL(`http://[${text(a)}]/`).hostname.slice(1, -1)))
        if (text(a.slice(0, 4)) !== text(b.slice(0, 4))) assert.notEqual(rateKey(text(a)), rateKey(text(b)))
      },
    ),
  )
})
