// What somebody wrote in the terminal chat and the server has not stored: blocked by a proxy, refused, waiting, an edit that
// was not saved, a program that was closed or killed. It is there until it is stored or its author deletes it.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Me, signIn } from '../../src/sdk/sdk.ts'
import { keepSession } from '../../src/terminal/kept-sessions.ts'
import { startHullo } from '../lab-http/server.ts'
import { blocking, isPost, Proxy } from '../support/proxy.ts'
import { newcomer, sitDown } from './people.ts'
import { configFolder, openScreen } from './screen.ts'

const hullo = await startHullo()
after(() => hullo[Symbol.asyncDispose]())
const server = `http://127.0.0.1:${hullo.port}`

/** Files of what is kept unsent. */
function unsentIn(config: string): readonly string[] {
  const folder = join(config, 'unsent')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap(one => (one.isFile() ? [one.name] : []))
}

/** Resolves when the half-written line is on the disk: a change of a folder that is not there yet cannot be watched. */
async function linesKept(config: string): Promise<void> {
  while (!unsentIn(config).includes('lines.json')) await new Promise(resolve => setTimeout(resolve, 20))
}

/** Texts between `me` and another account, the oldest first. */
async function saidTo(me: Me, name: string): Promise<readonly (string | undefined)[]> {
  const { conversations } = await me.conversations.list()
  const { id = 0 } = conversations.find(({ address }) => address === `@${name}`) ?? {}
  return (await me.conversations.history(id)).entries.map(({ text }) => text)
}

test('a message that a proxy blocks says so, the others go on; it is sent again, changed or deleted', async () => {
  await using proxy = await Proxy.start(server)
  await using other = await newcomer(server)
  await using seat = await sitDown(proxy.url)
  const { screen, name } = seat
  await screen.until('connected')
  proxy.rule = blocking(413, 'evil')
  screen.type(`/msg ${other.name} evil one\r`)
  screen.type('good one\r')
  await screen.until('good one  ✓')
  await screen.until(/evil one[^]*✗ not sent: A proxy or firewall blocked this message[^]*\(HTTP\s+413\)/)
  screen.type('/edit\r')
  await screen.until('› evil one')
  screen.type(' again\r')
  await screen.until(/evil one again[^]*✗ not sent/)
  screen.type('/delete\r')
  await screen.until(shown => !shown.includes('evil one'))
  screen.type('evil two\r')
  await screen.until(/evil two[^]*✗ not sent/)
  proxy.rule = () => undefined
  screen.type('/retry\r')
  await screen.until('evil two  ✓')
  assert.deepEqual(await saidTo(other, name), ['good one', 'evil two'])
})

test('a message that only waits is deleted, and is never sent', async () => {
  await using proxy = await Proxy.start(server)
  await using other = await newcomer(server)
  await using seat = await sitDown(proxy.url)
  const { screen, name } = seat
  await screen.until('connected')
  screen.type(`/msg ${other.name}\r`)
  await screen.until(`Write to @${other.name}`)
  const gate = Promise.withResolvers<undefined>()
  proxy.rule = asked => (isPost(asked) ? gate.promise : undefined)
  screen.type('first\r')
  await screen.until('first  sending')
  screen.type('in anger\r')
  await screen.until('in anger  sending')
  screen.type('/delete\r')
  await screen.until(shown => !shown.includes('in anger'))
  screen.type('last\r')
  await screen.until('last  sending')
  gate.resolve(undefined)
  await screen.until('last  ✓')
  assert.deepEqual(await saidTo(other, name), ['first', 'last'])
  assert.ok(proxy.asked.every(({ body }) => !body.includes('in anger')))
})

test('a message that is refused is shown, though another device of the account sent the same text meanwhile', async () => {
  await using proxy = await Proxy.start(server)
  await using other = await newcomer(server)
  await using seat = await sitDown(proxy.url)
  const { screen, name } = seat
  await screen.until('connected')
  screen.type(`/msg ${other.name} hello\r`)
  await screen.until('hello  ✓')
  const gate = Promise.withResolvers<number>()
  proxy.rule = asked => (isPost(asked) ? gate.promise : undefined)
  screen.type('on my way\r')
  await screen.until('on my way  sending')
  await using phone = await signIn({ server, name, password: 'secret' })
  await phone.send(`@${other.name}`, 'on my way')
  await screen.until('on my way  ✓')
  gate.resolve(403)
  await screen.until(/on my way[^]*on my way[^]*✗ not sent/)
  proxy.rule = () => undefined
  screen.type('/retry\r')
  await screen.until(/on my way[^]*on my way  ✓/)
  assert.deepEqual(await saidTo(other, name), ['hello', 'on my way', 'on my way'])
})

test('an edit that is not saved is back in the line, and what was set aside for an older line too', {
  skip: 'does not end since the chat decodes keys itself: to be mended',
}, async () => {
  await using proxy = await Proxy.start(server)
  await using other = await newcomer(server)
  await using seat = await sitDown(proxy.url)
  const { screen, name } = seat
  await screen.until('connected')
  screen.type(`/msg ${other.name} dinner at sevn\r`)
  await screen.until('dinner at sevn  ✓')
  screen.type('/edit\r')
  await screen.until('✎ dinner at sevn')
  proxy.rule = ({ method }) => (method === 'PATCH' ? 'cut' : undefined)
  screen.type('\x15dinner at seven\r')
  await screen.until(/Your edit is not saved[^]*✎ dinner at seven/)
  proxy.rule = () => undefined
  screen.type('\r')
  await screen.until('dinner at seven  (edited)')
  assert.deepEqual((await saidTo(other, name)).slice(0, 1), ['dinner at seven'])
  screen.type('half a thought')
  await screen.until('› half a thought')
  screen.type('\x1b[A')
  await screen.until('› dinner at seven')
  screen.type('\r')
  await screen.until(/dinner at seven  ✓[^]*› half a thought/)
})

for (const how of ['is killed', 'is left'] as const) {
  test(`what is not sent when the program ${how} is there at the next start, and is stored once`, {
    skip: 'does not end since the chat decodes keys itself: to be mended',
  }, async () => {
    await using proxy = await Proxy.start(server)
    await using other = await newcomer(server)
    const me = await newcomer(server)
    using folder = configFolder()
    await keepSession({ server: proxy.url, name: me.name, token: me.token ?? '', account: me.account }, folder.dir)
    await me.close()
    const start = () => openScreen(['chat'], { env: { HULLO_CONFIG: folder.dir }, columns: 100 })
    {
      await using screen = start()
      await screen.until('connected')
      screen.type(`/msg ${other.name} hello\r`)
      await screen.until('hello  ✓')
      proxy.rule = asked => (isPost(asked) ? 'cut-after' : undefined)
      screen.type('in a tunnel\r')
      await screen.until('in a tunnel  sending')
      screen.type('half a thought')
      await screen.until('› half a thought')
      if (how === 'is left') {
        screen.signal('SIGTERM')
        await screen.until('1 message is not sent yet')
        await screen.ended
      } else {
        await linesKept(folder.dir)
        screen.signal('SIGKILL')
        await screen.ended
      }
    }
    proxy.rule = () => undefined
    await using again = start()
    await again.until(/in a tunnel  ✓[^]*› half a thought/)
    assert.deepEqual(await saidTo(other, me.name), ['hello', 'in a tunnel'])
    again.type('\x15/sign-out\r')
    await again.until('Sign out')
    again.type('y')
    await again.ended
    assert.deepEqual(unsentIn(folder.dir), [])
  })
}
