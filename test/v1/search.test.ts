// Search over v1: by word, prefix and phrase, in any script, over what is one's own and nothing else; also over what was
// written just before a kill.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { EntryView, FoundView, RoomView } from '../../src/protocol/v1.ts'
import { assertRefused, freshName, type Person, startV1, temporaryFolder, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

async function say(by: Person, to: string, ...texts: readonly string[]): Promise<readonly number[]> {
  const json = { messages: texts.map(text => ({ to, text })) }
  const { status, json: answer } = await server.call('POST', '/v1/messages', { token: by.token, json })
  assert.equal(status, 200, JSON.stringify(answer))
  return (answer as { results: { seq: number }[] }).results.map(({ seq }) => seq)
}

async function search(of: Person, q: string, query = '', on = server): Promise<FoundView> {
  const path = `/v1/search?q=${encodeURIComponent(q)}${query}`
  const { status, json } = await on.call('GET', path, { token: of.token })
  assert.equal(status, 200, JSON.stringify(json))
  return json as FoundView
}

const seqsOf = ({ entries }: FoundView) => entries.map(({ seq }) => seq)

describe('search', () => {
  test('finds words, beginnings and phrases in any letter case and script, newest first', async () => {
    const [ann, bob] = [await server.person(), await server.person()]
    const texts = [
      'Hello brave new world',
      'the world is new',
      '明日は東京へ行く',
      'Straße in Köln',
      '안녕하세요',
    ] as const
    const seqs = await say(ann, `@${bob.name}`, ...texts)
    const found = async (q: string) => seqsOf(await search(bob, q)).map(seq => texts[seqs.indexOf(seq)])
    assert.deepEqual(await found('WORLD new'), [texts[1], texts[0]])
    assert.deepEqual(await found('"new world"'), [texts[0]])
    assert.deepEqual(await found('bra*'), [texts[0]])
    assert.deepEqual(await found('bra'), [])
    assert.deepEqual(await found('東京'), [texts[2]])
    assert.deepEqual(await found('京'), [texts[2]])
    assert.deepEqual(await found('京東'), [])
    assert.deepEqual(await found('STRASSE köln'), [texts[3]])
    assert.deepEqual(await found('안녕'), [texts[4]])
    assert.deepEqual(await found('hello missing'), [])
  })

  test('shows what was written a moment ago, as it reads now', async () => {
    const [ann, bob] = [await server.person(), await server.person()]
    const [first = 0, second = 0] = await say(ann, `@${bob.name}`, 'rhubarb cake', 'rhubarb pie')
    const { token } = ann
    await server.call('PATCH', `/v1/messages/${first}`, { token, json: { text: 'cherry cake' } })
    await server.call('DELETE', `/v1/messages/${second}`, { token })
    assert.deepEqual(seqsOf(await search(bob, 'rhubarb')), [])
    assert.deepEqual(
      (await search(bob, 'cherry')).entries.map(({ text }) => text),
      ['cherry cake'],
    )
  })

  test('never finds what is others', async () => {
    const [ann, bob, eve] = [await server.person(), await server.person(), await server.person()]
    const word = freshName('private')
    await say(ann, `@${bob.name}`, word)
    assert.equal((await search(bob, word)).entries.length, 1)
    assert.deepEqual(await search(eve, word), { entries: [] })
    assert.deepEqual(await search(eve, `${word.slice(0, 4)}*`), { entries: [] })
  })

  test('finds in rooms what a member may read: since joining, until leaving, or all of an open history', async () => {
    const [owner, guest] = [await server.person(), await server.person()]
    const word = freshName('pigeon')
    const seqs: Record<string, readonly number[]> = {}
    for (const history of ['all', 'from-joining']) {
      const made = await server.call('POST', '/v1/rooms', {
        token: owner.token,
        json: { name: freshName('r'), history },
      })
      const { id, name } = made.json as RoomView
      const early = await say(owner, `#${name}`, `${word} before`)
      await server.call('POST', `/v1/rooms/${id}/join`, { token: guest.token })
      seqs[history] = [...early, ...(await say(owner, `#${name}`, `${word} with guest`))]
      if (history === 'all') continue
      await server.call('POST', `/v1/rooms/${id}/leave`, { token: guest.token })
      await say(owner, `#${name}`, `${word} after`)
    }
    const expected = [...(seqs['all'] ?? []), seqs['from-joining']?.[1] ?? 0].toSorted((a, b) => b - a)
    assert.deepEqual(seqsOf(await search(guest, word)), expected)
  })

  test('what may not be read leaves no trace, not even in where a page ends', async () => {
    const [ann, spy] = [await server.person(), await server.person()]
    const name = freshName('secret')
    const made = await server.call('POST', '/v1/rooms', { token: ann.token, json: { name, private: true } })
    const { id } = made.json as RoomView
    await say(ann, `#${name}`, 'layoffs on friday')
    const member = `/v1/rooms/${id}/members/${spy.name}`
    assert.ok((await server.call('PUT', member, { token: ann.token })).status < 300)
    assert.ok((await server.call('DELETE', member, { token: ann.token })).status < 300)
    await say(ann, `#${name}`, 'layoffs after all')
    // Hits of the index that are no phrase: one fewer than an answer looks through, so that one more would show.
    for (const count of [1_000, 23]) {
      await say(spy, `@${spy.name}`, ...Array.from({ length: count }, () => 'layoffs salary'))
    }
    const [told, none] = [await search(spy, '"layoffs layoffs"'), await search(spy, '"salary salary"')]
    assert.deepEqual(told, none)
  })

  test('goes on where a page ended, without a gap or a double', async () => {
    const [ann, bob] = [await server.person(), await server.person()]
    const word = freshName('often')
    // More than are taken from the index at once, with others in between that it takes for candidates.
    const texts = Array.from({ length: 150 }, (_, at) =>
      at % 2 === 0 ? `${word} ${at}` : `${word} "other" x ${word} ${at}`,
    )
    const seqs = await say(ann, `@${bob.name}`, ...texts)
    const read: EntryView[] = []
    let page = await search(bob, word, '&limit=7')
    for (;;) {
      read.push(...page.entries)
      if (page.before === undefined) break
      page = await search(bob, word, `&limit=7&before=${page.before}`)
    }
    assert.deepEqual(
      read.map(({ seq }) => seq),
      seqs.toReversed(),
    )
    assert.equal((await search(bob, `"x ${word}"`, '&limit=100')).entries.length, 75)
  })

  test('refuses a query without a word, and one that is too long', async () => {
    const ann = await server.person()
    for (const [q, code] of [
      ['', 'field-invalid'],
      ['%20', 'field-invalid'],
      ['%21%3F*', 'field-invalid'],
      ['%22%22', 'field-invalid'],
      ['a%00b', 'field-invalid'],
      ['x'.repeat(257), 'field-invalid'],
    ] as const) {
      const reply = await server.call('GET', `/v1/search?q=${q}`, { token: ann.token })
      assert.equal(assertRefused(reply, 400, code).field, 'q')
    }
    assertRefused(await server.call('GET', '/v1/search', { token: ann.token }), 400, 'field-missing')
  })
})

test('what was stored and not yet indexed when the server was killed is found after it has come back', async () => {
  using folder = temporaryFolder()
  const words = Array.from({ length: 40 }, (_, at) => `word${at}`)
  let bob: Person
  {
    await using first = await startV1([], folder.dir)
    const ann = await first.person()
    bob = await first.person()
    const json = { messages: words.map(word => ({ to: `@${bob.name}`, text: word })) }
    assert.equal((await first.call('POST', '/v1/messages', { token: ann.token, json })).status, 200)
    first.program.child.kill('SIGKILL')
    await first.program.ended
  }
  await using second = await startV1([], folder.dir)
  for (const word of ['word0', 'word20', 'word39']) {
    assert.deepEqual(
      (await search(bob, word, '', second)).entries.map(({ text }) => text),
      [word],
    )
  }
})
