// A fresh clone on a machine with npm and whatever Node it has: one command installs and starts, another tests, and
// `npx hullo` works. The clone holds what git would hold of the working tree.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root, run, start } from '../support/program.ts'

const clone = mkdtempSync(join(tmpdir(), 'hullo-clone-'))
after(() => rmSync(clone, { recursive: true, force: true }))

/** The machine's own PATH: without this checkout's programs, so that `node` is the machine's Node. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && name !== 'NODE_TEST_CONTEXT'),
)
env['PATH'] = (env['PATH'] ?? '')
  .split(delimiter)
  .filter(dir => !dir.includes('node_modules'))
  .join(delimiter)
const options = { cwd: clone, env, detached: true }

/** What the program said on standard error, without what npm says about the user's own settings. */
const said = (text: string) => text.replace(/^npm (warn|notice).*\n/gm, '')

/** The Node that the lock file pins for this platform. */
function pinnedVersion(): string | undefined {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  const name = new RegExp(`/node(-bin)?-${process.platform.replace('win32', 'win')}-${process.arch}$`)
  return Object.entries(lock.packages).find(([path]) => name.test(path))?.[1].version
}

before(async () => {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of stdout.trim().split('\n')) cpSync(join(root, file), join(clone, file), { recursive: true })
})

describe('in a fresh clone', { concurrency: false }, () => {
  test('npm start installs what is missing, builds the page, says so in a line each, and serves', async () => {
    await using server = start('npm', ['start', '--', '--port', '0'], options)
    const [, port] = await server.printed(/listening on http:\/\/127\.0\.0\.1:(\d+)/)
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'hello')
    assert.match(
      said(server.stderr()),
      /^Installing \d+ packages .* \(once; about half a minute\) \.\.\.\nBuilding the page .* \(once; .*\) \.\.\.\n$/,
    )
    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { Accept: 'text/html' } })
    assert.match(await page.text(), /<script type="module"/)
    assert.match(server.stdout(), /data +\.\/hullo-data\/hullo\.sqlite/)
    server.child.kill('SIGTERM')
    assert.deepEqual(await server.ended, { code: 0, signal: null })
  })

  test('npm start neither installs nor builds again', async () => {
    await using server = start('npm', ['start', '--', '--port', '0'], options)
    await server.printed(/listening on/)
    assert.equal(said(server.stderr()), '')
    server.child.kill('SIGTERM')
    await server.ended
  })

  test('npx hullo runs on the pinned Node', async () => {
    const { code, stdout } = await run('npx', ['hullo', '--version'], options)
    assert.match(stdout, /^hullo \d+\.\d+\.\d+ on Node v[\d.]+\n$/)
    assert.equal(stdout.trim().split(' v')[1], pinnedVersion())
    assert.equal(code, 0)
  })

  test('npm test runs a suite, and its exit code is the suite’s', async () => {
    const { code, stdout } = await run('npm', ['test', '--', 'architecture'], options)
    assert.match(stdout, /ℹ pass \d+/)
    assert.match(stdout, /passed {2}architecture/)
    assert.equal(code, 0)
    assert.equal((await run('npm', ['test', '--', 'no-such-suite'], options)).code, 2)
  })
})
