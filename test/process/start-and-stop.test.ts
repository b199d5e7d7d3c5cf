// `npm start` as a person runs it: what it prints, and that it stops as it promises.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type Program, root, run, start, startScript } from '../support/program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hullo-process-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const folder = () => join(scratch, String((folders += 1)))

const npmStart = (data: string, ...args: string[]) =>
  start('npm', ['start', '--', '--port', '0', '--data', data, ...args], { detached: true })
const serve = (...args: string[]) => startScript('bin/hullo.js', ['serve', '--port', '0', '--data', folder(), ...args])

async function portOf(server: Program): Promise<number> {
  const [, port] = await server.printed(/listening on .*http:\/\/127\.0\.0\.1:(\d+)/)
  return Number(port)
}

/** Whether somebody answers on a port. */
function isTaken(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy())
  })
}

/** The processes of a group, by /proc; where there is none (not Linux), those that answer signal 0: the leader. */
async function groupIsGone(leader: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-eo', 'pgid='])
  return !stdout.split('\n').some(line => Number(line) === leader)
}

/** The beginning of a request whose body is still to come: it is in flight. */
async function requestInFlight(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST /register HTTP/1.1\r\nHost: localhost\r\nContent-Length: 36\r\n\r\n{"username":"alice",')
  // An answer to a later request says that the server has seen this one.
  const other = await fetch(`http://127.0.0.1:${port}/`)
  assert.equal(await other.text(), 'hello')
  return socket
}

/** Loaded before the server: says on standard output when one of Intl's objects is made, and what of Node was loaded. */
const lookout = `
  for (const name of ['NumberFormat', 'DateTimeFormat', 'ListFormat', 'PluralRules']) {
    const Real = Intl[name]
    Intl[name] = class extends Real { constructor(...args) { super(...args); console.log('made Intl.' + name) } }
  }
  process.on('exit', () => console.log(process.moduleLoadList.filter(name => name.includes('undici')).join(', ')))`

test('a server that starts and stops loads neither the data of Intl nor fetch, which cost memory and time', async () => {
  const preload = `data:text/javascript,${encodeURIComponent(lookout)}`
  const args = ['--import', preload, 'src/main.ts', 'serve', '--port', '0', '--data', folder()]
  await using server = start(process.execPath, args, { cwd: root })
  await portOf(server)
  process.kill(server.child.pid ?? 0, 'SIGTERM')
  await server.ended
  assert.doesNotMatch(server.stdout(), /made Intl|undici/)
})

describe('npm start', () => {
  test('prints where it listens and where the data is', async () => {
    const data = folder()
    await using server = npmStart(data)
    const port = await portOf(server)
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'hello')
    assert.match(server.stdout(), new RegExp(`data +${join(data, 'hullo.sqlite')}`))
    assert.ok(existsSync(join(data, 'hullo.sqlite')))
    process.kill(server.child.pid ?? 0, 'SIGTERM')
    await server.ended
  })

  for (const [how, signal, toGroup] of [
    ['SIGTERM to npm', 'SIGTERM', false],
    ['SIGINT to npm', 'SIGINT', false],
    ['Ctrl-C, which reaches npm and all its children', 'SIGINT', true],
  ] as const) {
    test(`stops on ${how}: exit code 0, a line that says so, the port free, no child left`, async () => {
      await using server = npmStart(folder())
      const port = await portOf(server)
      const pid = server.child.pid ?? 0
      process.kill(toGroup ? -pid : pid, signal)
      assert.deepEqual(await server.ended, { code: 0, signal: null })
      assert.match(server.stdout(), /^Stopped\. Everything that was acknowledged is stored\.$/m)
      assert.equal(await isTaken(port), false)
      assert.ok(await groupIsGone(pid))
    })
  }
})

describe('stopping', () => {
  test('finishes what is in flight: a request that was half sent is answered, and kept', async () => {
    const data = folder()
    await using server = startScript('bin/hullo.js', ['serve', '--port', '0', '--data', data])
    const port = await portOf(server)
    const socket = await requestInFlight(port)
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    server.child.kill('SIGTERM')
    await server.printed(/Stopping/)
    socket.write('"password":"pw"}')
    await once(socket, 'close')
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n1$/)
    assert.deepEqual(await server.ended, { code: 0, signal: null })

    await using again = startScript('bin/hullo.js', ['serve', '--port', '0', '--data', data])
    const auth = await fetch(`http://127.0.0.1:${await portOf(again)}/auth?username=alice&password=pw`)
    assert.equal(await auth.text(), '1')
  })

  test('does not wait for a request that never ends', async () => {
    await using server = serve()
    const socket = await requestInFlight(await portOf(server))
    server.child.kill('SIGTERM')
    assert.deepEqual(await server.ended, { code: 0, signal: null })
    socket.destroy()
  })

  test('is over at once with a second Ctrl-C', async () => {
    await using server = serve()
    const socket = await requestInFlight(await portOf(server))
    server.child.kill('SIGINT')
    await server.printed(/Stopping/)
    const again = setInterval(() => server.child.kill('SIGINT'), 50)
    const ending = await server.ended
    clearInterval(again)
    assert.deepEqual(ending, { code: null, signal: 'SIGINT' })
    socket.destroy()
  })
})

describe('what is refused at the start', () => {
  const refused = (pattern: RegExp, ...args: string[]) => refusedAs(1, pattern, ...args)
  const refusedAs = async (exitCode: number, pattern: RegExp, ...args: string[]) => {
    const { code, stderr, stdout } = await run(process.execPath, ['bin/hullo.js', 'serve', ...args])
    assert.match(stderr, pattern)
    assert.doesNotMatch(stderr, /\n {4}at /, 'no stack trace')
    assert.equal(stdout, '')
    assert.equal(code, exitCode)
  }
  const here = () => ['--data', folder()]

  test('a taken port: names it, the likely culprit and the flag', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const address = holder.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    await refused(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken: .*--port`), '--port', String(port), ...here())
    holder.close()
  })

  test("an address that is not this machine's", () =>
    refused(
      /192\.0\.2\.1 is not an address of this machine.*--host/,
      '--profile',
      'classroom',
      '--host',
      '192.0.2.1',
      ...here(),
    ))

  test('a name that is no address', () =>
    refused(/is not an address, and no name/, '--profile', 'classroom', '--host', 'no.such.host.invalid', ...here()))

  test('another host under the profile local, naming the other profiles', () =>
    refusedAs(2, /local listens on this machine only.*classroom.*public/s, '--host', '0.0.0.0', ...here()))

  test('the profile public without TLS: names both ways to it, and the way without', () =>
    refusedAs(2, /needs TLS.*--tls-cert.*--tls-key.*--trust-proxy.*--insecure-http/s, '--profile', 'public', ...here()))

  test('a data folder in use', async () => {
    const data = folder()
    await using server = startScript('bin/hullo.js', ['serve', '--port', '0', '--data', data])
    await portOf(server)
    await refused(/is in use by another Hullo.*--data/s, '--port', '0', '--data', data)
  })

  test('a data folder that cannot be made', () => refused(/cannot be made/, '--data', '/dev/null/hullo'))

  for (const [flag, value, pattern] of [
    ['--port', '70000', /--port.*whole number from 0 to 65535/],
    ['--port', '5e3', /--port.*whole number/],
    ['--lab', 'shut', /--lab.*guarded, open, off/],
    ['--profile', 'home', /--profile.*local, classroom, public/],
    ['--trust-proxy', '10.0.0.0/33', /--trust-proxy.*10\.0\.0\.0\/33/],
    ['--registration', 'friends', /--registration.*open, invite, closed/],
    ['--insecure-http', 'perhaps', /--insecure-http.*yes, no/],
  ] as const) {
    test(`${flag} ${value}`, () => refusedAs(2, pattern, flag, value, ...here()))
  }
})

describe('settings', () => {
  test('come from HULLO_* where no flag is given', async () => {
    const data = folder()
    const env = { ...process.env, HULLO_PORT: '0', HULLO_DATA: data, HULLO_LAB: 'off' }
    await using server = startScript('bin/hullo.js', ['serve'], { env })
    const port = await portOf(server)
    assert.equal((await fetch(`http://127.0.0.1:${port}/auth?username=a&password=b`)).status, 404)
    assert.ok(existsSync(join(data, 'hullo.sqlite')))
  })

  test('a flag wins over the environment', async () => {
    const env = { ...process.env, HULLO_LAB: 'off' }
    await using server = startScript('bin/hullo.js', ['serve', '--port', '0', '--data', folder(), '--lab', 'open'], {
      env,
    })
    const port = await portOf(server)
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/get_messages?username=a`)).text(), '{"messages": []}')
  })

  test('a wrong one in the environment is refused by its name', async () => {
    const env = { ...process.env, HULLO_PORT: 'five' }
    const { code, stderr } = await run(process.execPath, ['bin/hullo.js', 'serve', '--data', folder()], { env })
    assert.match(stderr, /HULLO_PORT.*whole number/)
    assert.equal(code, 2)
  })

  test('hullo serve --help shows every flag with its default and its variable', async () => {
    const { code, stdout } = await run(process.execPath, ['bin/hullo.js', 'serve', '--help'])
    assert.equal(code, 0)
    for (const flag of ['host', 'port', 'data', 'profile', 'lab', 'registration', 'trust-proxy', 'password-min']) {
      const variable = `HULLO_${flag.toUpperCase().replaceAll('-', '_')}`
      assert.match(stdout, new RegExp(`--${flag} <[^]*?${variable}`))
    }
    assert.match(stdout, /default: 5000/)
  })

  test('the classroom prints an address that others can type, and what they should know', async () => {
    await using server = serve('--profile', 'classroom')
    await portOf(server)
    await server.printed(/people behind one address .* can act for one another/)
  })
})
