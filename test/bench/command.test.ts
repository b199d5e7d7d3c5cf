// The command as people type it: a small run leaves data and a report, and nothing else; so does one that is interrupted.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually } from '../support/process-state.ts'
import { run, start } from '../support/program.ts'
import { smallBench } from './support.ts'

/** Command lines of processes that name this folder. */
function processesNaming(dir: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap(pid => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return [] // it has ended meanwhile
      }
    })
    .filter(line => line.includes(dir))
}

const skip = existsSync('/proc/self/cmdline') ? false : 'needs /proc'

test('a small run ends well, with its data and its report', { skip }, async () => {
  using bench = smallBench()
  const [out, data] = [bench.folder(), bench.folder()]
  const args = ['bench/main.ts', '--only', 'one-connection', '--rounds', '2', '--seconds', '0.1']
  const { code, stdout, stderr } = await run(process.execPath, [...args, '--out', out, '--dir', data])
  assert.equal(code, 0, stdout + stderr)
  assert.deepEqual(readdirSync(out).toSorted(), ['data', 'plots', 'report.md'])
  assert.match(readFileSync(join(out, 'report.md'), 'utf8'), /each of these is there exactly once with its text/)
  assert.deepEqual(readdirSync(data), [])
  // What a server has started itself is killed with it, and gone a moment later.
  assert.ok(await eventually(() => processesNaming(data).length === 0))
})

test('a run that is interrupted leaves no process and no folder behind', { skip, timeout: 60_000 }, async () => {
  using bench = smallBench()
  const [out, data] = [bench.folder(), bench.folder()]
  const args = ['bench/main.ts', '--only', 'one-connection', '--rounds', '1000', '--seconds', '0.1']
  await using program = start(process.execPath, [...args, '--out', out, '--dir', data])
  await program.printed(/^ {2}1 Hullo/m)
  const lines = processesNaming(data)
  assert.ok(
    lines.some(line => line.includes('src/main.ts serve')),
    lines.join('\n'),
  )
  program.child.kill('SIGINT')
  assert.equal((await program.ended).code, 1)
  assert.deepEqual(readdirSync(data), [])
  // They were killed when it ended; the system takes a moment over it.
  assert.ok(await eventually(() => processesNaming(data).length === 0))
})

test('an unknown scenario, and a number that is none, are refused with a sentence', async () => {
  const unknown = await run(process.execPath, ['bench/main.ts', '--only', 'nothing'])
  assert.match(unknown.stderr, /There is no scenario nothing/)
  assert.equal(unknown.code, 1)
  const negative = await run(process.execPath, ['bench/main.ts', '--rounds', '-1'])
  assert.match(negative.stderr, /It is a number above 0/)
})
