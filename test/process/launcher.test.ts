// Behind the launcher (bin/pinned-node.js), which stays where it runs on another Node than the pinned one: Ctrl-C,
// signals and the launcher's own end reach the program once and in every case.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, linkSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { talk } from '../../src/tcp/tcp.ts'
import { machineWith } from '../commands/support.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { startInTerminal } from '../lab-client/terminal.ts'
import { startHostile } from '../check/servers/hostile.ts'
import { eventually, isAlive } from '../support/process-state.ts'
import { start } from '../support/program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hullo-launcher-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const folder = () => join(scratch, String((folders += 1)))

/** The same Node by another path: for the launcher it is not the pinned one. */
const otherNode = join(scratch, 'node')
try {
  linkSync(process.execPath, otherNode)
} catch {
  copyFileSync(process.execPath, otherNode)
}

const noProc = process.platform !== 'linux' && 'needs /proc'
/** As often as it takes to meet the program at different points of its end. */
const rounds = 4
const ctrlC = '\x03'

const inTerminal = (args: readonly string[], env: Record<string, string> = {}) =>
  startInTerminal(['bin/hullo.js', ...args], { program: otherNode, env, columns: 200 })

const startServer = (data = folder()) => start(otherNode, ['bin/hullo.js', 'serve', '--port', '0', '--data', data])

function isWritten(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')
}

/** Processes whose parent is `pid`. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

describe('Ctrl-C in a terminal', { skip: noProc }, () => {
  for (const name of ['happy', 'echo1', 'echo2', 'echo3'] as const) {
    test(`ends ${name} with exit code 0, right after a client was answered and before one came`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        await using lab = inTerminal([name, '--port', '0'])
        await lab.until('Waiting for Clients to connect')
        const port = Number(/Listening on .* port (\d+)/.exec(lab.shown())?.[1])
        if (round % 4 > 0) await talk('127.0.0.1', port, 'hello')
        lab.type(ctrlC)
        const { exitCode, signal } = await lab.ended
        assert.deepEqual([exitCode, signal], [0, 0], lab.shown())
        assert.match(lab.shown(), /Server stopped by the user/)
      }
    })
  }

  test('ends riddles with exit code 0', async () => {
    for (let round = 0; round < rounds; round += 1) {
      await using riddles = inTerminal(['riddles', '--port', '0', '--data', folder()])
      await riddles.until('The riddle server is listening')
      riddles.type(ctrlC)
      const { exitCode, signal } = await riddles.ended
      assert.deepEqual([exitCode, signal], [0, 0], riddles.shown())
    }
  })

  for (const [how, args, program] of [
    ['hullo serve', ['bin/hullo.js', 'serve'], otherNode],
    ['npm start', ['start', '--'], 'npm'],
  ] as const) {
    test(`ends ${how} with exit code 0`, async () => {
      for (let round = 0; round < rounds / 2; round += 1) {
        const options = { program, columns: 200 }
        await using server = startInTerminal([...args, '--port', '0', '--data', folder()], options)
        await server.until('Ctrl-C')
        server.type(ctrlC)
        const { exitCode, signal } = await server.ended
        assert.deepEqual([exitCode, signal], [0, 0], server.shown())
        assert.match(server.shown(), /Stopped\. Everything that was acknowledged is stored\./)
      }
    })
  }

  test('ends check with exit code 130 and its report', async () => {
    await using silent = await startHostile('hangs')
    for (let round = 0; round < rounds / 2; round += 1) {
      await using check = inTerminal(['check', 'happy', silent.address, '--timeout', '60'])
      await eventually(() => silent.connections() > round)
      check.type(ctrlC)
      const { exitCode, signal } = await check.ended
      assert.deepEqual([exitCode, signal], [130, 0], check.shown())
      assert.match(check.shown(), /the check was stopped/)
    }
  })

  describe('with a server', () => {
    let running: RunningServer
    let server: { readonly url: string }
    before(async () => {
      running = await startHullo()
      server = { url: `http://127.0.0.1:${running.port}` }
    })
    after(() => running[Symbol.asyncDispose]())

    test('ends watch with exit code 130', async () => {
      using machine = await machineWith(server, 'ann')
      for (let round = 0; round < rounds; round += 1) {
        const state = folder()
        await using watch = inTerminal(['watch', '--as', 'ann', '--state', state], machine.env)
        // It writes the state once it is connected.
        assert.ok(await eventually(() => isWritten(state)))
        watch.type(ctrlC)
        const { exitCode, signal } = await watch.ended
        assert.deepEqual([exitCode, signal], [130, 0], watch.shown())
      }
    })

    test('ends the client at its menu, and the chat, without an error', async () => {
      using machine = await machineWith(server, 'ben')
      for (let round = 0; round < rounds / 2; round += 1) {
        await using client = inTerminal(['client', server.url], machine.env)
        await client.until(': ')
        client.type(ctrlC)
        assert.equal((await client.ended).signal, 0, client.shown())
        await using chat = inTerminal(['chat', '--as', 'ben'], machine.env)
        await chat.until('ben')
        chat.type(ctrlC)
        await chat.until('Ctrl-C')
        chat.type(ctrlC)
        const { exitCode, signal } = await chat.ended
        assert.deepEqual([exitCode, signal], [0, 0], chat.shown())
      }
    })
  })
})

describe('signals to the launcher alone', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} stops the server cleanly`, async () => {
      await using server = startServer()
      await server.printed(/listening on/)
      process.kill(server.child.pid ?? 0, signal)
      assert.deepEqual(await server.ended, { code: 0, signal: null })
      assert.match(server.stdout(), /Stopped\./)
    })
  }

  test('SIGINT ends a program that has no handler, by that signal', async () => {
    await using silent = await startHostile('hangs')
    const [, port = ''] = silent.address.split(':')
    await using asking = start(otherNode, ['bin/hullo.js', 'talk', 'hello', '--port', port])
    assert.ok(await eventually(() => silent.connections() > 0))
    process.kill(asking.child.pid ?? 0, 'SIGINT')
    assert.deepEqual(await asking.ended, { code: null, signal: 'SIGINT' })
  })
})

describe('kill -9', { skip: noProc }, () => {
  test('of the launcher stops the server cleanly: the port and the folder are free', async () => {
    const data = folder()
    await using server = startServer(data)
    await server.printed(/listening on/)
    const [child = 0] = childrenOf(server.child.pid ?? 0)
    assert.ok(isAlive(child))
    process.kill(server.child.pid ?? 0, 'SIGKILL')
    // The pipes close when the server, which holds them too, has ended.
    await server.ended
    assert.match(server.stdout(), /Stopped\./)
    assert.ok(await eventually(() => !isAlive(child)))
    await using again = startServer(data)
    await again.printed(/listening on/)
  })

  test('of npm stops what npm start has started', async () => {
    await using npm = start('npm', ['start', '--', '--port', '0', '--data', folder()], { detached: true })
    await npm.printed(/listening on/)
    process.kill(npm.child.pid ?? 0, 'SIGKILL')
    await npm.ended
    assert.match(npm.stdout(), /Stopped\./)
  })

  test('of the shell that started a server in the background leaves the server alone', async () => {
    const line = `"${otherNode}" bin/hullo.js serve --port 0 --data "${folder()}" & echo launcher $!; wait`
    await using shell = start('/bin/sh', ['-c', line], { detached: true })
    const [, launcher] = await shell.printed(/launcher (\d+)/)
    const [, port] = await shell.printed(/listening on .*:(\d+)/)
    process.kill(shell.child.pid ?? 0, 'SIGKILL')
    await new Promise<void>(resolve => shell.child.once('exit', () => resolve()))
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200)
    process.kill(Number(launcher), 'SIGTERM')
    await shell.ended
    assert.match(shell.stdout(), /Stopped\./)
  })
})
