// Hullo's own servers, judged by the same eyes as everybody else's, and by what lies beyond the labs too.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { root, startScript } from '../support/program.ts'
import { check, freePort, told, verdictOf } from './support.ts'

const hullo = join(root, 'bin', 'hullo.js')

test('hullo serve passes all that the messaging lab asks for, and all advice', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'hullo-check-'))
  context.after(() => rm(folder, { recursive: true }))
  await using server = startScript(hullo, ['serve', '--port', '0', '--data', folder])
  const [, address = ''] = await server.printed(/listening on (http:\/\/\S+)/)

  const report = await check('messaging', address, { beyond: true })

  assert.equal(report.result, 'pass', told(report))
  assert.deepEqual(
    report.findings.filter(({ verdict }) => verdict !== 'pass'),
    [],
  )
})

suite('socket programs', { concurrency: 4 }, () => {
  for (const lab of ['happy', 'echo1', 'echo2', 'echo3'] as const) {
    test(`hullo ${lab} passes, with its console and exit code`, async () => {
      const port = await freePort()
      const run = `'${process.execPath}' '${hullo}' ${lab} --port ${port}`
      const report = await check(lab, `127.0.0.1:${port}`, { run, beyond: true, timeoutMs: 3000 })
      assert.equal(report.result, 'pass', told(report))
      const odd = report.findings.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id)
      // It attends one client at a time, also a silent one.
      assert.deepEqual(
        odd.filter(id => id !== 'beyond-silence'),
        [],
        told(report),
      )
      if (lab !== 'happy') assert.equal(verdictOf(report, 'console-green'), 'pass')
    })
  }
})
