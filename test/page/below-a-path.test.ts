// Behind a proxy that has the server below a path of its own (`/chat/`), as docs/reference/settings.md sets it up: the page,
// its worker, the API, the live stream, invite links and the pages of the API all stay below it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, say, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'

interface Proxy extends AsyncDisposable {
  /** The server's address through it, with its path. */
  readonly url: string
  /** Where it sends on to. */
  port: number
  /** What was asked of it that is not below the path. */
  readonly strays: string[]
}

/** Takes the path off, leaves Host as it came, and says who asks. */
async function startProxy(): Promise<Proxy> {
  const strays: string[] = []
  const below = ({ url = '' }: IncomingMessage) => {
    if (!url.startsWith('/chat/')) strays.push(url)
    return url.slice('/chat'.length)
  }
  const headersOf = ({ headers, socket }: IncomingMessage) => ({
    ...headers,
    'x-forwarded-for': socket.remoteAddress ?? '',
    'x-forwarded-proto': 'http',
  })
  const front = createServer((asked, answer) => {
    const on = request({ port: proxy.port, path: below(asked), method: asked.method, headers: headersOf(asked) })
    on.on('response', came => {
      answer.writeHead(came.statusCode ?? 502, came.headers)
      came.pipe(answer)
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  front.on('upgrade', (asked, socket) => {
    const on = connect(proxy.port, '127.0.0.1')
    const lines = Object.entries(headersOf(asked)).map(([name, value]) => `${name}: ${String(value)}\r\n`)
    on.write(`GET ${below(asked)} HTTP/1.1\r\n${lines.join('')}\r\n`)
    on.pipe(socket).pipe(on)
    for (const side of [on, socket]) side.on('error', () => {}).on('close', () => (on.destroy(), socket.destroy()))
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/chat/`,
    port: 0,
    strays,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections()
      front.close()
      await once(front, 'close')
    },
  }
  return proxy
}

/** Fills the door's form, which an invite has opened for a new account. */
async function join({ page }: Window, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill('builder')
  await page.locator('button[type=submit]', { hasText: 'Create account' }).click()
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
}

describe('below a path of a proxy', { skip: missing('chromium') }, () => {
  let proxy: Proxy
  let server: RunningServer
  let screens: Screens

  before(async () => {
    proxy = await startProxy()
    const seen = ['--trust-proxy', '127.0.0.1', '--public-url', proxy.url.replace(/\/$/, '')]
    server = await startHullo(['--registration', 'invite', ...seen])
    proxy.port = server.port
    screens = await startScreens()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  test('one comes in by the invite that was printed, writes, invites, and nothing leaves the path', async () => {
    const [, link = ''] = await server.program.printed(/^ {2}invite {3}(\S+)$/m)
    assert.ok(link.startsWith(`${proxy.url}#invite=`), link)
    const ann = await screens.open(link)
    const { page } = ann
    const socket = page.waitForEvent('websocket')
    await join(ann, 'ann')
    assert.equal((await socket).url(), `${proxy.url.replace('http', 'ws')}v1/live`)
    await say(ann, '@ann', 'to myself')
    await sees(ann, 'to myself')
    await becomes(ann, `navigator.serviceWorker.ready.then(({ scope }) => scope === '${proxy.url}')`)
    await page.reload()
    await sees(ann, 'to myself')

    await page.evaluate("location.hash = '#/-invites'")
    await page.getByRole('button', { name: 'Make invite link' }).click()
    const made = (await page.getByText(/#invite=/).textContent())?.trim() ?? ''
    assert.ok(made.startsWith(`${proxy.url}#invite=`), made)
    const ben = await screens.open(made)
    await join(ben, 'ben')
    assert.deepEqual(proxy.strays, [])
    untroubled(ann, ben)
  })

  test('so do the pages of the API, and what is tried there', async () => {
    const reader = await screens.open(`${proxy.url}docs`)
    const me = reader.page.locator('.opblock', { hasText: '/v1/me' }).first()
    await me.locator('.opblock-summary-control').click()
    await me.getByRole('button', { name: 'Try it out' }).click()
    const asked = reader.page.waitForResponse(`${proxy.url}v1/me`)
    await me.getByRole('button', { name: 'Execute' }).click()
    assert.equal((await asked).status(), 401)
    assert.deepEqual(proxy.strays, [])
  })
})
