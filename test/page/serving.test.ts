// How the page is served: to browsers and to nobody else, compressed, cached as its names allow, under a strict policy, and
// small enough for a slow phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { type RunningServer, startHullo } from '../lab-http/server.ts'

/** Of JavaScript for the first view, compressed: about a second on a slow phone's connection. */
const firstViewBytesMax = 60_000

let server: RunningServer
before(async () => {
  server = await startHullo()
})
after(() => server[Symbol.asyncDispose]())

// fetch undoes the compression before one can look at it; this shows what is on the wire.
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  server.ask(method, path, { headers })
const browser = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
}

async function pageText(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.port}/`, { headers: browser })
  return response.text()
}

test('a browser gets the page at /, and everybody else what they always got', async () => {
  assert.match((await ask('/', browser)).body, /^<!doctype html>/)
  for (const accept of ['*/*', 'application/json, */*;q=0.5', 'text/plain', 'text/html;q=0', 'application/text/html']) {
    assert.equal((await ask('/', { Accept: accept })).body, 'hello', accept)
  }
  assert.equal((await ask('/')).body, 'hello')
  const { headers } = await ask('/', { Accept: '*/*' })
  assert.equal(headers.get('vary'), 'Accept', 'a cache between must not give one the other’s')
})

test('what the page loads has a hash in its name and is kept for ever; the page itself is asked for each time', async () => {
  const page = await ask('/', browser)
  assert.equal(page.headers.get('cache-control'), 'no-cache')
  const names = [...page.body.matchAll(/(?:src|href)="\.\/(page\/[^"]+)"/g)].map(([, name]) => name)
  assert.ok(names.length >= 2)
  for (const name of names) {
    const { status, headers } = await ask(`/${name}`)
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.match(headers.get('content-type') ?? '', name?.endsWith('.js') === true ? /^text\/javascript/ : /^text\/css/)
  }
})

test('who has it already is told that it is the same', async () => {
  const asked = async (tag: string) => {
    const headers = { ...browser, 'If-None-Match': tag }
    return fetch(`http://127.0.0.1:${server.port}/`, { headers, cache: 'no-store' })
  }
  const tag = (await ask('/', browser)).headers.get('etag') ?? ''
  assert.match(tag, /^"[\w-]+"$/)
  const again = await asked(tag)
  assert.equal(again.status, 304)
  assert.equal(await again.text(), '')
  assert.equal(again.headers.get('etag'), tag)
  assert.equal((await asked(`W/${tag}, "x"`)).status, 304)
  assert.equal((await asked('"other"')).status, 200)
})

test('it comes as the browser takes it: Brotli, gzip or as it is, and is the same page each time', async () => {
  const raw = async (coding: string) => {
    const chunks: Buffer[] = []
    const { request } = await import('node:http')
    return new Promise<{ coding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      request({ port: server.port, path: '/', headers: { ...browser, 'Accept-Encoding': coding } }, response => {
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ coding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
        )
      })
        .on('error', reject)
        .end()
    })
  }
  const plain = await raw('identity')
  assert.equal(plain.coding, undefined)
  const br = await raw('gzip, deflate, br, zstd')
  assert.equal(br.coding, 'br')
  assert.deepEqual(brotliDecompressSync(br.bytes), plain.bytes)
  const gzip = await raw('gzip;q=1.0, br;q=0')
  assert.equal(gzip.coding, 'gzip')
  assert.deepEqual(gunzipSync(gzip.bytes), plain.bytes)
})

test('its policy takes nothing from elsewhere and nothing that is written into the page', async () => {
  const { headers, body } = await ask('/', browser)
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /script-src 'self'(;|$)/)
  assert.match(policy, /style-src 'self'(;|$)/)
  assert.match(policy, /require-trusted-types-for 'script'/)
  assert.doesNotMatch(policy, /unsafe|upgrade-insecure-requests|https?:|\*/)
  assert.equal(headers.get('strict-transport-security'), undefined)
  assert.doesNotMatch(body, /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/)
})

test('other pages get no handle on its window, and it may use camera, microphone and clipboard, nothing else', async () => {
  for (const path of ['/', '/docs']) {
    const { headers } = await ask(path, browser)
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
    const permissions = (headers.get('permissions-policy') ?? '').split(', ')
    assert.deepEqual(
      permissions.filter(one => !one.endsWith('=()')),
      ['camera=(self)', 'microphone=(self)', 'clipboard-write=(self)'],
      path,
    )
    for (const denied of ['geolocation', 'usb', 'display-capture', 'payment']) {
      assert.ok(permissions.includes(`${denied}=()`), `${path}: ${denied}`)
    }
  }
  // On plain HTTP in a network a browser ignores the first of them, with an error in its console.
  const { headers } = await ask('/', { ...browser, Host: '192.168.7.7:5000' })
  assert.equal(headers.get('cross-origin-opener-policy'), undefined)
  assert.match(headers.get('permissions-policy') ?? '', /camera=\(self\)/)
})

test('the first view needs at most 60 kB of JavaScript', async () => {
  const scripts = [...(await pageText()).matchAll(/(?:src|href)="\.\/(page\/[^"]+\.js)"/g)].map(
    ([, name]) => name ?? '',
  )
  assert.ok(scripts.length > 0)
  let bytes = 0
  for (const name of scripts) {
    const { headers } = await ask(`/${name}`, { 'Accept-Encoding': 'br' }, 'HEAD')
    assert.equal(headers.get('content-encoding'), 'br')
    bytes += Number(headers.get('content-length'))
  }
  assert.ok(bytes > 10_000, `only ${bytes} bytes: is this the page?`)
  assert.ok(bytes <= firstViewBytesMax, `${bytes} bytes`)
})

test('no path leads out of the table', async () => {
  for (const path of [
    '/page/../package.json',
    '/page/%2e%2e/package.json',
    '/index.html',
    '/page/',
    '/page/x-AAAAAAAA.js',
  ]) {
    assert.equal((await ask(path, browser)).status, 404, path)
  }
  assert.equal((await ask('/icon.svg', {}, 'POST')).status, 405)
})
