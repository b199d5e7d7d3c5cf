// Arrive: which address a request comes from, and whether that address may stand for a person.
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6, type Socket } from 'node:net'
import * as settingTexts from '../protocol/texts/settings.ts'

export interface Origin {
  /** The address of the one who asks, in one form: IPv4 also where it came as `::ffff:a.b.c.d`. */
  readonly address: string
  /** False where somebody in between may have sent it on: then the address says nothing about who it is. */
  readonly provable: boolean
}

/** Peers whose X-Forwarded-For counts. */
export type TrustedProxies = BlockList

/** Reads `ADDR|CIDR,...`; throws with a sentence that names what is neither. */
export function parseTrustedProxies(list: string): TrustedProxies {
  const trusted = new BlockList()
  for (const item of list.split(',').map(part => part.trim())) {
    const [address = '', prefix, ...rest] = item.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    const bits = prefix === undefined ? undefined : Number(prefix)
    const bitsMax = family === 'ipv6' ? 128 : 32
    const wrong = bits !== undefined && !(/^\d+$/.test(prefix ?? '') && bits <= bitsMax)
    if (isIP(address) === 0 || rest.length > 0 || wrong) {
      throw new Error(settingTexts.notProxy(JSON.stringify(item)))
    }
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, bits, family)
  }
  return trusted
}

/** Beside X-Forwarded-For, what proxies add to a request that they send on. */
const relayHeaders = ['forwarded', 'via', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip'] as const

/** The address behind a request: the rightmost of X-Forwarded-For that is not a trusted proxy's, if the peer is one. */
export function originOf(request: IncomingMessage, trusted: TrustedProxies | undefined): Origin {
  const peer = peerOf(request.socket)
  const { headers } = request
  const chain = headers['x-forwarded-for']
  const isSentOn = relayHeaders.some(name => headers[name] !== undefined)
  if (trusted === undefined || !isTrusted(trusted, peer)) {
    return { address: peer, provable: chain === undefined && !isSentOn }
  }
  if (chain === undefined) return { address: peer, provable: !isSentOn }
  const hops = [chain].flat().join(',').split(',').map(forwardedAddress)
  const client = hops.findLast(hop => hop === undefined || !contains(trusted, hop))
  // A hop that is no address (obfuscated, "unknown", an attempt): the proxy's own address, which proves nothing.
  if (client === undefined && hops.includes(undefined)) return { address: peer, provable: false }
  return { address: client ?? hops[0] ?? peer, provable: true }
}

/** Whether a request came over TLS: to this server, or to the trusted proxy that sent it on. */
export function isSecure(request: IncomingMessage, trusted: TrustedProxies | undefined): boolean {
  if ('encrypted' in request.socket) return true
  if (!isTrusted(trusted, peerOf(request.socket))) return false
  const hops = [request.headers['x-forwarded-proto'] ?? ''].flat().join(',').split(',')
  return hops.at(-1)?.trim().toLowerCase() === 'https'
}

/** Whether a peer is a proxy whose word counts. */
export function isTrusted(trusted: TrustedProxies | undefined, peer: string): boolean {
  return trusted !== undefined && contains(trusted, peer)
}

/** The other end of a connection, in the one form in which addresses are compared. */
export function peerOf({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return plain(remoteAddress)
}

/** Whom a limit counts: an IPv6 network of 64 bits is one customer, and holds more addresses than any table. */
export function rateKey(address: string): string {
  // What has a colon is looked at more closely; an expression for IPv6 would cost each request of an IPv4 address 1 us.
  if (!address.includes(':') || !isIPv6(address)) return address
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  if (address.includes('::')) groups.push(...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'))
  const network = [...groups, ...after].slice(0, 4)
  return `${network.map(group => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** One hop of X-Forwarded-For, with or without a port. */
function forwardedAddress(hop: string): string | undefined {
  const text = hop.trim()
  const [, bracketed, dotted] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? []
  const address = plain(bracketed ?? dotted ?? text)
  return isIP(address) === 0 ? undefined : address
}

/** `::ffff:a.b.c.d` is the IPv4 address: a dual-stack socket must not make two people of one. */
function plain(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return mapped?.[1] ?? address.toLowerCase()
}
