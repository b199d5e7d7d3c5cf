// A disk that is full: sends are refused, nothing that was acknowledged is lost, and with room again all goes on.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkAfterRestart, type Fates, noFates, pidOf, send } from './fates.ts'
import { type Client, client, folder, type Server, serve } from './server.ts'

const large = 'x'.repeat(4_000)

/** Sends until nothing has been stored for three rounds: checkpoints may make room once or twice. */
async function sendUntilFull(people: Client, fates: Fates): Promise<void> {
  for (let round = 0, without = 0; without < 3; round += 1) {
    assert(round < 200, 'it is never full')
    const before = fates.stored.length
    await send(people, 20, fates, large)
    without = fates.stored.length === before ? without + 1 : 0
  }
}

/** Fills the disk under a server, looks at what still works, makes room, goes on, kills it and checks what is there. */
async function surviveFullDisk(dir: string, disk: { fill(server: Server): void; empty(server: Server): void }) {
  const fates = noFates()
  {
    await using server = await serve(dir)
    using people = client(server.url, 10)
    for (const name of ['ann', 'bob']) assert.equal((await people.register(name)).body, '1')
    await send(people, 20, fates)
    disk.fill(server)
    await sendUntilFull(people, fates)
    const stored = fates.stored.length
    assert.deepEqual(await people.signIn('ann'), { status: 200, body: '1' })
    assert.equal((await people.inbox('bob')).length, stored)
    disk.empty(server)
    for (let round = 0; round < 3; round += 1) await send(people, 20, fates)
    assert.equal(fates.stored.length, stored + 60, 'not stored although there is room again')
    server.program.child.kill('SIGKILL')
  }
  await checkAfterRestart(dir, fates)
}

const noPrlimit = !existsSync('/usr/bin/prlimit') && 'needs prlimit (util-linux)'

/** No file of the server may grow past this. */
function limitFiles(server: Server, bytes: number | 'unlimited'): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pidOf(server)), `--fsize=${bytes}:`])
  assert.equal(status, 0, String(stderr))
}

test('files that may not grow: sends are refused, then all is well again', { skip: noPrlimit }, async () => {
  using here = folder()
  await surviveFullDisk(here.path, {
    fill: server => limitFiles(server, 400_000),
    empty: server => limitFiles(server, 'unlimited'),
  })
})

/** A file system of its own in memory; undefined where that may not be made. */
function smallDisk(path: string, bytes: number): Disposable | undefined {
  mkdirSync(path)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]).status !== 0) return undefined
  return { [Symbol.dispose]: () => void spawnSync('umount', ['--lazy', path]) }
}

test('a disk without room: sends are refused, then all is well again', async t => {
  using here = folder()
  const path = join(here.path, 'disk')
  using disk = smallDisk(path, 3 * 1_048_576)
  if (disk === undefined) {
    t.skip('needs the right to mount')
    return
  }
  const filler = join(path, 'filler')
  await surviveFullDisk(join(path, 'data'), {
    fill() {
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 300_000), 'f'))
    },
    empty: () => rmSync(filler),
  })
})
