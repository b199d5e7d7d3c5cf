// Messages over v1: sent, many at once; read past a cursor; edited and erased.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ChangeView, EntriesView, EntryView, SendResult } from '../../src/protocol/v1.ts'
import { assertRefused, freshName, type Person, startV1, type V1Server } from './support.ts'

let server: V1Server
let ann: Person
let bob: Person
before(async () => {
  server = await startV1()
  ann = await server.person()
  bob = await server.person()
})
after(() => server[Symbol.asyncDispose]())

type Stored = Extract<SendResult, { seq: number }>

async function send(by: Person, ...messages: readonly object[]): Promise<readonly SendResult[]> {
  const { status, json } = await server.call('POST', '/v1/messages', { token: by.token, json: { messages } })
  assert.equal(status, 200, JSON.stringify(json))
  return (json as { results: SendResult[] }).results
}

async function say(by: Person, to: string, text: string): Promise<Stored> {
  const [result] = await send(by, { to, text })
  assert.ok(result !== undefined && 'seq' in result, JSON.stringify(result))
  return result
}

async function entries(of: Person, query = ''): Promise<EntriesView> {
  const { status, json } = await server.call('GET', `/v1/entries${query}`, { token: of.token })
  assert.equal(status, 200, JSON.stringify(json))
  return json as EntriesView
}

async function cursorNow(of: Person): Promise<string> {
  let page = await entries(of)
  while (page.more) page = await entries(of, `?after=${page.cursor}`)
  return page.cursor
}

const textsOf = (found: readonly EntryView[]) => found.map(({ text }) => text)

describe('sending', () => {
  test('stores the messages of a request in their order, and answers each with its place', async () => {
    const from = await cursorNow(bob)
    const results = await send(
      ann,
      ...['one', 'two', 'three'].map(text => ({ to: `@${bob.name}`, text, sentAt: 1_700_000_000.25 })),
    )
    const stored = results as readonly Stored[]
    assert.ok(stored.every(({ repeated, storedAt }) => !repeated && Math.abs(storedAt - Date.now() / 1_000) < 60))
    const [first, second, third] = stored.map(({ seq }) => seq)
    assert.ok(first !== undefined && second === first + 1 && third === first + 2)
    const page = await entries(bob, `?after=${from}`)
    assert.deepEqual(
      page.entries.map(({ seq, prev, to, kind, sender, text, sentAt }) => ({
        seq,
        prev,
        to,
        kind,
        sender,
        text,
        sentAt,
      })),
      ['one', 'two', 'three'].map((text, at) => ({
        seq: first + at,
        prev: at === 0 ? 0 : first + at - 1,
        to: `@${bob.name}`,
        kind: 'text',
        sender: ann.name,
        text,
        sentAt: 1_700_000_000.25,
      })),
    )
    assert.deepEqual((await entries(ann, `?after=${from}`)).entries, page.entries)
  })

  test('a message that is refused stops none of the others', async () => {
    const results = await send(
      ann,
      { to: `@${bob.name}`, text: 'before' },
      { to: `@${freshName('nobody')}`, text: 'x' },
      { to: `#${freshName('noroom')}`, text: 'x' },
      { to: `@${bob.name}`, text: '😀'.repeat(4_097) },
      { to: `@${bob.name}`, text: 'a\0b' },
      { to: `@${bob.name}`, text: '\ud800' },
      { to: `@${bob.name}`, text: 'x', sentAt: 1_700_000_000_000 },
      { to: `@${bob.name}`, text: 'x', clientId: 'a\0b' },
      { to: '@', text: 'x' },
      { to: '@a\0b', text: 'x' },
      { to: `@${bob.name.toUpperCase()}`, text: 'after' },
    )
    assert.deepEqual(
      results.map(result => ('error' in result ? [result.error, result.field] : 'stored')),
      [
        'stored',
        ['unreachable', 'to'],
        ['room-unknown', 'to'],
        ['too-large', 'text'],
        ['field-invalid', 'text'],
        ['field-invalid', 'text'],
        ['field-invalid', 'sentAt'],
        ['field-invalid', 'clientId'],
        ['unreachable', 'to'],
        ['field-invalid', 'to'],
        'stored',
      ],
    )
    for (const result of results) if ('error' in result) assert.match(result.message, /^.{10,}$/)
  })

  test('a single message that is refused is the whole answer', async () => {
    const to = `@${freshName('nobody')}`
    const reply = await server.call('POST', '/v1/messages', {
      token: ann.token,
      json: { messages: [{ to, text: 'x' }] },
    })
    assert.equal(assertRefused(reply, 404, 'unreachable').field, 'to')
  })

  for (const [what, json, code, field] of [
    ['no messages', {}, 'field-missing', 'messages'],
    ['an empty list', { messages: [] }, 'field-invalid', 'messages'],
    ['1,001 messages', { messages: Array(1_001).fill({ to: '@x', text: 'x' }) }, 'field-invalid', 'messages'],
    ['a message without a text', { messages: [{ to: '@x' }] }, 'field-missing', 'messages.0.text'],
    ['an empty text', { messages: [{ to: '@x', text: '' }] }, 'field-invalid', 'messages.0.text'],
    ['a recipient without @ or #', { messages: [{ to: 'x', text: 'x' }] }, 'field-invalid', 'messages.0.to'],
    [
      'a client id of 65 characters',
      { messages: [{ to: '@x', text: 'x', clientId: 'x'.repeat(65) }] },
      'field-invalid',
      'messages.0.clientId',
    ],
    [
      'a time that is a string',
      { messages: [{ to: '@x', text: 'x', sentAt: '1' }] },
      'field-type',
      'messages.0.sentAt',
    ],
  ] as const) {
    test(`takes no request with ${what}`, async () => {
      const reply = await server.call('POST', '/v1/messages', { token: ann.token, json })
      assert.equal(assertRefused(reply, 400, code).field, field)
    })
  }

  test('takes 1,000 messages and a body of 1 MiB at once, and no more', async () => {
    const to = `@${ann.name}`
    const many = await send(ann, ...Array.from({ length: 1_000 }, (_, at) => ({ to, text: `${at}` })))
    assert.equal(many.length, 1_000)
    assert.ok(many.every((result, at) => 'seq' in result && result.seq === (many[0] as Stored).seq + at))
    const large = Array.from({ length: 63 }, () => ({ to, text: 'x'.repeat(16_384) }))
    assert.ok((await send(ann, ...large)).every(result => 'seq' in result))
    const json = { messages: [...large, ...large] }
    assertRefused(await server.call('POST', '/v1/messages', { token: ann.token, json }), 413, 'too-large')
  })

  test('a message with a client id is stored once, however often and wherever it is sent', async () => {
    const clientId = freshName('id-')
    const draft = { to: `@${bob.name}`, text: 'only once', clientId }
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(ann, draft, draft)))
    const results = answers.flat() as readonly Stored[]
    assert.equal(new Set(results.map(({ seq }) => seq)).size, 1)
    assert.equal(results.filter(({ repeated }) => !repeated).length, 1)
    const token = (await server.signIn(ann.name, ann.password)).token
    const [repeat] = await send({ ...ann, token }, { ...draft, sentAt: 5 })
    assert.deepEqual(repeat, { ...results[0], repeated: true })
  })

  test('the same client id with another text or for somebody else is refused, also after an edit', async () => {
    const clientId = freshName('id-')
    const [first] = (await send(ann, { to: `@${bob.name}`, text: 'first', clientId })) as readonly Stored[]
    const path = `/v1/messages/${first?.seq}`
    await server.call('PATCH', path, { token: ann.token, json: { text: 'second' } })
    for (const draft of [
      { to: `@${bob.name}`, text: 'second', clientId },
      { to: `@${ann.name}`, text: 'first', clientId },
    ]) {
      const reply = await server.call('POST', '/v1/messages', { token: ann.token, json: { messages: [draft] } })
      assertRefused(reply, 409, 'client-id-reused')
    }
    const [mine] = await send(bob, { to: `@${ann.name}`, text: 'of another sender', clientId })
    assert.ok(mine !== undefined && 'seq' in mine && !mine.repeated)
    assert.deepEqual(await send(ann, { to: `@${bob.name}`, text: 'first', clientId }), [{ ...first, repeated: true }])
  })

  test('a blocked account, a closed one and one that never was are told apart by nobody', async () => {
    const [blocker, closed] = [await server.person(), await server.person()]
    await say(ann, `@${blocker.name}`, 'hello')
    await say(ann, `@${closed.name}`, 'hello')
    assert.equal((await server.call('PUT', `/v1/blocks/${ann.name}`, { token: blocker.token })).status, 204)
    await server.call('DELETE', '/v1/me', { token: closed.token, json: { password: closed.password } })
    const sentences = []
    for (const name of [blocker.name, closed.name, freshName('never')]) {
      const json = { messages: [{ to: `@${name}`, text: 'x' }] }
      const reply = await server.call('POST', '/v1/messages', { token: ann.token, json })
      sentences.push(assertRefused(reply, 404, 'unreachable').detail.replace(name, 'NAME'))
    }
    assert.equal(new Set(sentences).size, 1)
    const back = { messages: [{ to: `@${ann.name}`, text: 'x' }] }
    assertRefused(await server.call('POST', '/v1/messages', { token: blocker.token, json: back }), 404, 'unreachable')
    await server.call('DELETE', `/v1/blocks/${ann.name}`, { token: blocker.token })
    await say(ann, `@${blocker.name}`, 'again')
  })
})

describe('reading past a cursor', () => {
  test('gives every entry once, in order, whatever the size of the pages', async () => {
    const reader = await server.person()
    const sent: number[] = []
    for (let at = 0; at < 7; at += 1) {
      sent.push((await say(at % 2 === 0 ? ann : bob, `@${reader.name}`, `${at}`)).seq)
      await say(ann, `@${bob.name}`, 'for somebody else')
    }
    for (const limit of [1, 2, 3, 7, 100]) {
      const read: EntryView[] = []
      let page = await entries(reader, `?limit=${limit}`)
      for (;;) {
        assert.ok(page.entries.length <= limit)
        read.push(...page.entries)
        if (!page.more) break
        page = await entries(reader, `?limit=${limit}&after=${page.cursor}`)
      }
      assert.deepEqual(
        read.map(({ seq }) => seq),
        sent,
      )
      assert.deepEqual(await entries(reader, `?after=${page.cursor}`), {
        entries: [],
        cursor: page.cursor,
        more: false,
      })
    }
  })

  test('moves the cursor of a quiet reader on, past what is others', async () => {
    const quiet = await server.person()
    const from = await cursorNow(quiet)
    await say(ann, `@${bob.name}`, 'not for the quiet one')
    const page = await entries(quiet, `?after=${from}`)
    assert.deepEqual([page.entries, page.more], [[], false])
    assert.notEqual(page.cursor, from)
  })

  for (const after of ['', 'x', '0', '1.2.3', 'ffffffffffffffff.1.zzzz', `${'f'.repeat(16)}.1`, '%00', '%ff']) {
    test(`refuses ${JSON.stringify(after)}, which is no cursor`, async () => {
      const reply = await server.call('GET', `/v1/entries?after=${after}`, { token: ann.token })
      assert.ok(reply.status === 400, JSON.stringify(reply.json))
    })
  }

  test('tells the reader with the cursor of another log that nothing is shared, and begins anew', async () => {
    const page = await entries(bob, `?after=${'f'.repeat(16)}.5.1&limit=1`)
    assert.equal(page.diverged, 0)
    assert.deepEqual(page.entries, (await entries(bob, '?limit=1')).entries)
  })

  for (const query of ['?limit=0', '?limit=257', '?limit=x', '?limit=1.5', '?limit=-1', '?limit=1e9']) {
    test(`takes no ${query}`, async () => {
      assertRefusedField(await server.call('GET', `/v1/entries${query}`, { token: ann.token }), 'limit')
    })
  }
})

function assertRefusedField(reply: Awaited<ReturnType<V1Server['call']>>, field: string): void {
  assert.equal(reply.status, 400, JSON.stringify(reply.json))
  assert.equal((reply.json as { field?: string }).field, field)
}

describe('editing and erasing', () => {
  test('an edit is an entry, and the message shows the new text from then on', async () => {
    const { seq } = await say(ann, `@${bob.name}`, 'helo')
    const from = await cursorNow(bob)
    const reply = await server.call('PATCH', `/v1/messages/${seq}`, { token: ann.token, json: { text: 'hello' } })
    const change = reply.json as ChangeView
    assert.deepEqual([reply.status, change.changed], [200, true])
    const [edit] = (await entries(bob, `?after=${from}`)).entries
    assert.deepEqual([edit?.seq, edit?.kind, edit?.refersTo, edit?.text], [change.seq, 'edit', seq, 'hello'])
    const all = await entries(bob, '?limit=256')
    assert.equal(all.entries.find(entry => entry.seq === seq)?.text, 'hello')
  })

  test('an erased message keeps its place and has no text, nor have its edits', async () => {
    const secret = freshName('secret')
    const from = await cursorNow(bob)
    const { seq } = await say(ann, `@${bob.name}`, secret)
    await server.call('PATCH', `/v1/messages/${seq}`, { token: ann.token, json: { text: `${secret} edited` } })
    const erase = () => server.call('DELETE', `/v1/messages/${seq}`, { token: ann.token })
    assert.equal(((await erase()).json as ChangeView).changed, true)
    assert.deepEqual((await erase()).json, { changed: false })
    const page = await entries(bob, `?after=${from}`)
    assert.deepEqual(
      page.entries.map(({ kind, refersTo }) => [kind, refersTo]),
      [
        ['erased', undefined],
        ['edit', seq],
        ['delete', seq],
      ],
    )
    assert.deepEqual(textsOf(page.entries), [undefined, undefined, undefined])
    assert.ok(!JSON.stringify(await entries(ann, '?limit=256')).includes(secret))
    const late = await server.call('PATCH', `/v1/messages/${seq}`, { token: ann.token, json: { text: 'back' } })
    assertRefused(late, 404, 'message-unknown')
  })

  test('nobody changes what is not theirs, nor learns that it is there', async () => {
    const stranger = await server.person()
    const { seq } = await say(ann, `@${bob.name}`, 'mine')
    const json = { text: 'yours' }
    const edit = (by: Person) => server.call('PATCH', `/v1/messages/${seq}`, { token: by.token, json })
    const erase = (by: Person) => server.call('DELETE', `/v1/messages/${seq}`, { token: by.token })
    assertRefused(await edit(bob), 403, 'not-yours')
    assertRefused(await erase(bob), 403, 'not-yours')
    assertRefused(await edit(stranger), 404, 'message-unknown')
    assertRefused(await erase(stranger), 404, 'message-unknown')
    const nowhere = { token: ann.token, json }
    assertRefused(await server.call('PATCH', '/v1/messages/9007199254740991', nowhere), 404, 'message-unknown')
  })

  test('an entry that is no message cannot be edited or erased', async () => {
    const { seq } = await say(ann, `@${bob.name}`, 'x')
    const reply = await server.call('PATCH', `/v1/messages/${seq}`, { token: ann.token, json: { text: 'y' } })
    const edit = (reply.json as ChangeView).seq
    const again = await server.call('PATCH', `/v1/messages/${edit}`, { token: ann.token, json: { text: 'z' } })
    assertRefused(again, 404, 'message-unknown')
    assertRefused(await server.call('DELETE', `/v1/messages/${edit}`, { token: ann.token }), 404, 'message-unknown')
  })

  for (const [what, seq, json] of [
    ['seq 0', '0', { text: 'x' }],
    ['a seq that is none', 'x', { text: 'x' }],
    ['a seq beyond all', '9007199254740993', { text: 'x' }],
    ['no text', '1', {}],
    ['an empty text', '1', { text: '' }],
    ['a NUL', '1', { text: 'a\0' }],
  ] as const) {
    test(`an edit with ${what} is refused`, async () => {
      const reply = await server.call('PATCH', `/v1/messages/${seq}`, { token: ann.token, json })
      assert.equal(reply.status, 400, JSON.stringify(reply.json))
    })
  }
})
