// The server with a log or a console that cannot be written: it answers, it stops in time, and it says what was dropped.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { talk } from '../../src/tcp/tcp.ts'
import { machineWith } from '../commands/support.ts'
import { startHullo } from '../lab-http/server.ts'
import { eventually } from '../support/process-state.ts'
import { type Program, start } from '../support/program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hullo-log-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const folder = () => join(scratch, String((folders += 1)))

const serve = (...args: string[]) => ['src/main.ts', 'serve', '--port', '0', '--data', folder(), ...args]
const talkative = ['--log-level', 'info']

async function portOf(server: Program): Promise<number> {
  const [, port] = await server.printed(/listening on http:\/\/127\.0\.0\.1:(\d+)/)
  return Number(port)
}

/** Many requests on one connection, without waiting for each answer. Resolves when all were answered. */
async function manyRequests(port: number, count: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  let answered = 0
  let rest = ''
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const more = () => socket.write(request.repeat(50))
  more()
  for await (const part of socket.setEncoding('latin1')) {
    const pieces = (rest + String(part)).split('\r\n\r\nhello')
    rest = pieces.at(-1) ?? ''
    const before = answered
    answered += pieces.length - 1
    if (answered >= count) break
    if (Math.floor(answered / 50) > Math.floor(before / 50)) more()
  }
  assert.ok(answered >= count, `${answered} of ${count} were answered`)
}

async function stopped(server: Program): Promise<void> {
  server.child.kill('SIGTERM')
  assert.deepEqual(await server.ended, { code: 0, signal: null })
}

describe('the log', () => {
  test('whose reader stalls: the server answers, drops lines, says how many once it is read again', async () => {
    await using server = start(process.execPath, serve(...talkative))
    const port = await portOf(server)
    server.child.stderr?.pause()
    await manyRequests(port, 6_000)
    server.child.stderr?.resume()
    const [, count] = await server.printed(/"dropped":(\d+),"msg":"\d+ log lines were dropped/)
    assert.ok(Number(count) > 0)
    await stopped(server)
  })

  test('whose reader stalls and stays so: SIGTERM stops the server', async () => {
    await using server = start(process.execPath, serve(...talkative))
    const port = await portOf(server)
    server.child.stderr?.pause()
    await manyRequests(port, 2_000)
    const exited = new Promise(resolve => server.child.once('exit', (...ending) => resolve(ending)))
    server.child.kill('SIGTERM')
    assert.deepEqual(await exited, [0, null])
    server.child.stderr?.resume()
  })

  test('whose reader has gone', async () => {
    await using server = start(process.execPath, serve(...talkative))
    const port = await portOf(server)
    server.child.stderr?.destroy()
    await manyRequests(port, 200)
    await stopped(server)
  })

  test('and the console on a full device', { skip: !existsSync('/dev/full') && 'needs /dev/full' }, async () => {
    const full = openSync('/dev/full', 'w')
    await using server = start(process.execPath, serve(...talkative), { stdio: ['ignore', 'pipe', full] })
    await manyRequests(await portOf(server), 200)
    await stopped(server)
    const port = 20_000 + (process.pid % 10_000)
    const args = ['src/main.ts', 'serve', '--port', String(port), '--data', folder()]
    await using mute = start(process.execPath, args, { stdio: ['ignore', full, full] })
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        ({ status }) => status === 200,
        () => false,
      )
    assert.ok(await eventually(answers))
    await stopped(mute)
  })

  test('on a disk that is full for a while: what was dropped is counted when there is space again', async context => {
    const disk = folder()
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
    if (mounted.status !== 0) return context.skip('needs the right to mount')
    try {
      const log = join(disk, 'log')
      await using server = start(process.execPath, serve(...talkative), {
        stdio: ['ignore', 'pipe', openSync(log, 'a')],
      })
      const port = await portOf(server)
      writeFileSync(join(disk, 'filler'), Buffer.alloc(statfsSync(disk).bavail * statfsSync(disk).bsize))
      await manyRequests(port, 400)
      rmSync(join(disk, 'filler'))
      assert.ok(await eventually(() => /log lines? w\w+ dropped/.test(readFileSync(log, 'utf8'))))
      await stopped(server)
    } finally {
      spawnSync('umount', ['-l', disk])
    }
    return undefined
  })
})

describe('a command whose output nobody reads', () => {
  test('watch: SIGTERM ends it all the same', async () => {
    await using server = await startHullo()
    using machine = await machineWith({ url: `http://127.0.0.1:${server.port}` }, 'ann')
    const state = folder()
    await using watch = machine.start(['watch', '--as', 'ann', '--state', state])
    assert.ok(await eventually(() => existsSync(state) && readFileSync(state, 'utf8').endsWith('\n')))
    watch.child.stdout?.pause()
    for (let sent = 0; sent < 20; sent += 1) {
      const { code, stderr } = await machine.hullo(['send', '--as', 'ann', 'ann'], { input: 'word '.repeat(3_000) })
      assert.equal(code, 0, stderr)
    }
    const exited = new Promise(resolve => watch.child.once('exit', (...ending) => resolve(ending)))
    watch.child.kill('SIGTERM')
    assert.deepEqual(await exited, [0, null])
    watch.child.stdout?.resume()
  })

  test('the happy server: Ctrl-C ends it with exit code 0', async () => {
    await using happy = start(process.execPath, ['labs/happy-server.ts', '--port', '0'])
    const [, port] = await happy.printed(/Listening on .* port (\d+)/)
    happy.child.stdout?.pause()
    // Each line of the console has the message.
    for (let sent = 0; sent < 20; sent += 1) await talk('127.0.0.1', Number(port), 'x'.repeat(16_000))
    const exited = new Promise(resolve => happy.child.once('exit', (...ending) => resolve(ending)))
    happy.child.kill('SIGINT')
    assert.deepEqual(await exited, [0, null])
    happy.child.stdout?.resume()
  })
})
