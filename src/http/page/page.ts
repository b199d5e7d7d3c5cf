// Depart: the page for browsers, from memory: a table of its files, each a route of its own, so that no path from outside
// ever meets the file system. It knows nothing of what is in them.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TrustedProxies } from '../../net/address.ts'
import { documentHeaders } from '../app/document-headers.ts'

export interface PageFile {
  /** From the page's folder, with slashes: `index.html`, `page/index-Ab12.js`. */
  readonly name: string
  /** Of `plain`: the same bytes, the same digest. */
  readonly digest: string
  readonly plain: Buffer
  readonly br: Buffer | undefined
  readonly gzip: Buffer | undefined
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
}

/**
 * Everything of the page comes from this server and nothing is written into it: no inline script or style. `connect-src
 * 'self'` is also the WebSocket of the same host and port (CSP 3, 6.7.2.8); a browser in which it is not gets its live
 * stream as server-sent events. What could turn a text into a script takes only what the named policy made.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types hullo',
].join('; ')

/** What browsers may keep for ever: its name holds a hash of its content. */
const isHashed = (name: string) => /^page\/.+-[\w-]{8}\.\w+$/.test(name)

/** Adds a route for each file but the page itself, which `sendPage` gives out at `/`. */
export function addPageFiles(
  app: FastifyInstance,
  files: readonly PageFile[],
  trusted: TrustedProxies | undefined,
): void {
  for (const file of files) {
    if (file.name === 'index.html') continue
    const ready = prepare(file, trusted)
    app.route({
      method: ['GET', 'HEAD'],
      url: `/${file.name}`,
      handler: async (request, reply) => ready(request, reply),
    })
  }
}

/** Answers with the page, where there is one. */
export function pageSender(
  files: readonly PageFile[],
  trusted: TrustedProxies | undefined,
): ((request: FastifyRequest, reply: FastifyReply) => FastifyReply) | undefined {
  const index = files.find(({ name }) => name === 'index.html')
  return index === undefined ? undefined : prepare(index, trusted)
}

function prepare(
  file: PageFile,
  trusted: TrustedProxies | undefined,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const type = types[file.name.slice(file.name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  const tag = `"${file.digest}"`
  const headers = {
    'Content-Type': type,
    'Content-Security-Policy': pagePolicy,
    'Cache-Control': isHashed(file.name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: tag,
    Vary: file.name === 'index.html' ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
  }
  return (request, reply) => {
    reply.headers(headers).headers(documentHeaders(request.raw, trusted))
    if (matches(request.headers['if-none-match'], tag)) return reply.code(304).send()
    const coding = codingOf(request.headers['accept-encoding'], file)
    if (coding === 'plain') return reply.send(file.plain)
    return reply.header('Content-Encoding', coding).send(file[coding])
  }
}

/** A proxy that compresses marks the tag as weak; for the question whether it is the same that makes no difference. */
function matches(asked: string | undefined, tag: string): boolean {
  return asked !== undefined && asked.split(',').some(one => one.trim().replace(/^W\//, '') === tag)
}

function codingOf(accepted = '', file: PageFile): 'br' | 'gzip' | 'plain' {
  const takes = (coding: string) =>
    accepted.split(',').some(part => {
      const [name = '', ...parameters] = part.split(';').map(text => text.trim())
      return name.toLowerCase() === coding && !parameters.some(text => /^q=0(\.0*)?$/i.test(text))
    })
  if (file.br !== undefined && takes('br')) return 'br'
  return file.gzip !== undefined && takes('gzip') ? 'gzip' : 'plain'
}
