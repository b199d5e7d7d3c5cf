// A log that goes back, with nothing in it that says so: the server is stopped, an older copy of its data folder is put
// in the place of the newer one, and it is started again. Those who had read further notice, and nobody keeps what is
// not in the log any more.
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Me, register, resume, type Update } from '../../src/sdk/sdk.ts'
import { openReader } from '../../src/store/sqlite/reader.ts'
import { startHullo, temporaryFolder } from '../lab-http/server.ts'
import { type Program, startScript } from '../support/program.ts'
import { eventsOnly, hasty } from './session.ts'

/** What a device keeps of what it is told: after `diverged` nothing behind what is shared. */
class Kept {
  readonly diverged: number[] = []
  cursor: string | undefined
  #updates: AsyncIterator<Update> | undefined
  #entries: { readonly seq: number; readonly text: string }[] = []

  get texts(): readonly string[] {
    return this.#entries.map(({ text }) => text)
  }

  /** Goes on from where it is, live. */
  async follow(me: Me): Promise<void> {
    this.#updates = me.updates(this.cursor === undefined ? {} : { after: this.cursor })
    await me.live()
  }

  /** Reads on until `last` is there. */
  async readTo(last: string): Promise<void> {
    while (this.texts.at(-1) !== last) {
      const step = await this.#updates?.next()
      assert(step?.done === false, `the updates ended before ${last}`)
      this.#take(step.value)
    }
  }

  #take(update: Update): void {
    if (update.type === 'entries') {
      this.#entries.push(...update.entries.map(({ seq, text = '' }) => ({ seq, text })))
      this.cursor = update.cursor
    } else if (update.type === 'beat') this.cursor = update.cursor
    else if (update.type === 'diverged') {
      this.diverged.push(update.shared)
      this.#entries = this.#entries.filter(({ seq }) => seq <= update.shared)
    }
  }
}

const names = ['bob', 'carol'] as const
const said = (what: string, count: number) => Array.from({ length: count }, (_, at) => `${what} ${at + 1}`)

/** To each of them, in order. */
async function sendAll(from: Me, ...all: readonly string[]): Promise<void> {
  await Promise.all(names.flatMap(name => all.map(text => from.send(`@${name}`, text))))
}

async function restart(port: number, data: string): Promise<Program> {
  const program = startScript('bin/hullo.js', ['serve', '--port', `${port}`, '--data', data])
  await program.printed(/Hullo is listening/)
  return program
}

async function stop(program: Program): Promise<void> {
  program.child.kill('SIGTERM')
  assert.deepEqual(await program.ended, { code: 0, signal: null }, program.stderr())
}

for (const [when, grown] of [
  ['as soon as it is there again', 0],
  ['when the log has grown past what they hold', 60],
] as const) {
  test(`readers who come back to an older copy of the log notice, ${when}; one new epoch begins`, async () => {
    using data = temporaryFolder()
    using backup = temporaryFolder()
    await using first = await startHullo([], data.dir)
    const { port } = first
    const at = { server: `http://127.0.0.1:${port}`, password: 'secret' }
    await using alice = await register({ ...at, name: 'alice', platform: hasty })
    await using bob = await register({ ...at, name: 'bob', platform: hasty })
    await using carol = await register({ ...at, name: 'carol', platform: eventsOnly })
    const [ofBob, ofCarol, early] = [new Kept(), new Kept(), new Kept()]
    await Promise.all([ofBob.follow(bob), ofCarol.follow(carol)])
    const readTo = (last: string) => Promise.all([ofBob.readTo(last), ofCarol.readTo(last)])

    await sendAll(alice, ...said('shared', 5))
    await readTo('shared 5')
    early.cursor = ofBob.cursor
    await stop(first.program)
    cpSync(data.dir, backup.dir, { recursive: true })

    await using second = await restart(port, data.dir)
    const lost = await alice.send('@bob', 'lost', { clientId: 'lost' })
    await sendAll(alice, ...said('lost', 20))
    await readTo('lost 20')
    assert.equal(lost.repeated, false)
    if (grown > 0) await Promise.all([bob.close(), carol.close()])
    await stop(second)
    rmSync(data.dir, { recursive: true })
    cpSync(backup.dir, data.dir, { recursive: true })

    await using third = await restart(port, data.dir)
    await sendAll(alice, ...said('grown', grown))
    await using bobAgain = await resume({ ...at, token: bob.token ?? '', platform: hasty })
    await using carolAgain = await resume({ ...at, token: carol.token ?? '', platform: eventsOnly })
    // Those who were there all the time come back by themselves, with the cursor where they were cut off.
    if (grown > 0) await Promise.all([ofBob.follow(bobAgain), ofCarol.follow(carolAgain)])
    // What was sent again is told by nobody to have been stored already.
    assert.equal((await alice.send('@bob', 'lost', { clientId: 'lost' })).repeated, false)
    await sendAll(alice, 'new')
    await readTo('new')

    const expected = [...said('shared', 5), ...said('grown', grown)]
    assert.deepEqual(ofBob.texts, [...expected, 'lost', 'new'])
    assert.deepEqual(ofCarol.texts, [...expected, 'new'])
    assert.deepEqual([ofBob.diverged, ofCarol.diverged], [[0], [0]])
    // Who had read nothing of what is gone is told nothing, and goes on.
    await early.follow(bobAgain)
    await early.readTo('new')
    assert.deepEqual(early.texts, [...said('grown', grown), 'lost', 'new'])
    assert.deepEqual(early.diverged, [])

    await stop(third)
    const file = openReader(join(data.dir, 'hullo.sqlite'))
    assert.equal((await file.reads.epochs()).length, 2)
    file.close()
  })
}
