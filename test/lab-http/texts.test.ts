// What is sent is what is read: any text, any time, under any spelling of a name; and what cannot be kept is refused
// naming the field.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { freshName, inboxOf, letter, type RunningServer, startHullo } from './server.ts'

/** Well-formed text without NUL, at most 16,384 bytes; favours what breaks: quotes, controls, combining marks, emoji. */
const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter(char => char !== '\0'),
    fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\r',
      '\u2028',
      '\u2029',
      '\u0001',
      '\u007f',
      '\uFEFF',
      '\uFFFD',
      '\u202e',
      'e\u0301',
      '🙂',
      "'; --",
      '%00',
      '+',
      '\t',
      '{',
      ' ',
    ),
  ),
  maxLength: 400,
})

/** As it stands between the quotes of JSON. */
function inner(part: string): string {
  return JSON.stringify(part).slice(1, -1)
}

describe('texts, times and names', () => {
  let server: RunningServer
  const [ann, ben] = [freshName('ann'), freshName('ben')]
  before(async () => {
    server = await startHullo()
    await server.register(ann)
    await server.register(ben)
  })
  after(() => server[Symbol.asyncDispose]())

  async function errorOf(json: unknown): Promise<readonly [number, string, string]> {
    const { status, body } = await server.ask('POST', '/', { json })
    const { error, message } = JSON.parse(body) as { error: string; message: string }
    return [status, error, message]
  }

  it('any well-formed text comes back the same, in order, from JSON and from forms', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), fc.boolean(), async (texts, asForm) => {
        const reader = freshName('reader')
        await server.register(reader)
        for (const message of texts) {
          const fields = letter(ann, reader, message, 1.5)
          const form = Object.entries(fields).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
          const answer = asForm
            ? await server.ask('POST', '/', {
                body: form.join('&'),
                headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
              })
            : await server.ask('POST', '/', { json: fields })
          assert.equal(answer.body, '1')
        }
        const rows = await inboxOf(server, reader)
        assert.deepEqual(
          rows.map(row => row.message),
          texts,
        )
      }),
      { numRuns: 25 },
    )
  })

  it('a NUL is refused naming its field, as JSON escapes it and as a form does', async () => {
    for (const field of ['message', 'sender', 'recipient']) {
      const [status, error, message] = await errorOf({ ...letter(ann, ben), [field]: 'a\0b' })
      assert.deepEqual([status, error, message], [400, 'field-invalid', `${field} holds a NUL character.`])
    }
    const body = 'sender=a&recipient=b&timestamp=1&message=%00'
    const answer = await server.ask('POST', '/', {
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    })
    assert.match(answer.body, /message holds a NUL/)
    for (const path of ['/auth?username=%00&password=x', '/get_messages?username=a%00']) {
      assert.match((await server.ask('GET', path)).body, /username holds a NUL/)
    }
  })

  it('half a surrogate pair is refused naming its field, wherever it stands', async () => {
    const broken = fc.tuple(text, fc.constantFrom('\\ud800', '\\udbff', '\\udc00', '\\udfff', '\\ude42\\ud83d'), text)
    await fc.assert(
      fc.asyncProperty(
        broken,
        fc.constantFrom('message', 'sender', 'recipient'),
        async ([before_, half, after_], field) => {
          const fields = JSON.stringify({ ...letter(ann, ben), [field]: 'HERE' })
          const body = fields.replace('"HERE"', () => `"${inner(before_)} ${half} ${inner(after_)}"`)
          const answer = await server.ask('POST', '/', { body })
          const { error, message } = JSON.parse(answer.body) as { error: string; message: string }
          assert.deepEqual([answer.status, error], [400, 'field-invalid'])
          assert.match(message, new RegExp(`^${field} holds half a character`))
        },
      ),
      { numRuns: 40 },
    )
    const [, , message] = await errorOf({ ...letter(ann, ben), message: '\ud800' })
    assert.match(message, /^message /)
  })

  it('a time comes back as the same double, as a JSON number', async () => {
    const reader = freshName('reader')
    await server.register(reader)
    const times: number[] = [
      0,
      -0,
      5e-324,
      1e-7,
      1.1,
      1_700_000_000.123_456_7,
      32_503_680_000,
      0.1 + 0.2,
      1_234_567_890,
    ]
    const anyTime = fc.double({ min: 0, max: 32_503_680_000, noNaN: true })
    times.push(...fc.sample(anyTime, 60))
    for (const time of times) {
      assert.equal((await server.ask('POST', '/', { json: letter(ann, reader, 'x', time) })).body, '1', String(time))
    }
    const rows = await inboxOf(server, reader)
    // JSON has no negative zero that survives JavaScript's own writer; as a time it is the same.
    assert.deepEqual(
      rows.map(row => row.timestamp),
      times.map(time => time + 0),
    )
  })

  it('a decimal string is a time, with the double that it denotes', async () => {
    const reader = freshName('reader')
    await server.register(reader)
    const strings = ['0', '1700000000', '1700000000.25', '00012.50', '1700000000.12345678901', '32503680000', '0.1']
    for (const time of strings) {
      assert.equal((await server.ask('POST', '/', { json: letter(ann, reader, 'x', time) })).body, '1', time)
    }
    assert.deepEqual(
      (await inboxOf(server, reader)).map(row => row.timestamp),
      strings.map(Number),
    )
  })

  it('milliseconds are refused with the hint; what no clock says is refused without', async () => {
    for (const time of [Date.now(), String(Date.now()), 32_503_680_000.001]) {
      const [status, error, message] = await errorOf(letter(ann, ben, 'x', time))
      assert.deepEqual([status, error], [400, 'field-invalid'])
      assert.match(
        message,
        /^timestamp must be from 0 to 32,503,680,000 seconds since 1970 \(seconds, not milliseconds\)\.$/,
      )
    }
    for (const time of [-1, -0.5, 1e300, 1.7e308]) {
      const [status, error, message] = await errorOf(letter(ann, ben, 'x', time))
      assert.deepEqual([status, error], [400, 'field-invalid'], String(time))
      assert.match(message, /^timestamp must be from 0 to 32,503,680,000 seconds since 1970\.$/)
    }
  })

  it('a string that is no decimal number, and a number that JSON makes infinite, are refused', async () => {
    const strings = [
      '',
      ' ',
      'NaN',
      'Infinity',
      '-1',
      '+1',
      '1e9',
      '0x10',
      '1,5',
      '1.',
      '.5',
      ' 1',
      '1 ',
      '١٢',
      '2024-01-01',
      '1'.repeat(30),
    ]
    for (const time of strings) {
      const [status, error, message] = await errorOf(letter(ann, ben, 'x', time))
      assert.deepEqual([time, status, error], [time, 400, 'field-invalid'])
      assert.match(message, /^timestamp must be a decimal number of seconds since 1970/)
    }
    const body = JSON.stringify(letter(ann, ben, 'x', 0)).replace('"timestamp":0', '"timestamp":1e999')
    assert.match((await server.ask('POST', '/', { body })).body, /timestamp must be from 0/)
  })

  it('letter case and compatibility forms are one account, shown as registered', async () => {
    const tail = freshName('')
    const groups = [
      [`Zoë${tail}`, `zoë${tail}`, `ZOE\u0308${tail}`, `Ｚｏë${tail}`],
      [`ﬁne${tail}`, `FINE${tail}`, `fine${tail}`],
      [`Ⅷ${tail}`, `viii${tail}`],
      [`李${tail}`, `\u674E${tail}`],
      [`O'Neil-Smith_jr. the 3rd`, `o'neil-smith_JR. THE 3RD`],
    ]
    for (const [first = '', ...others] of groups) {
      assert.equal(
        (await server.ask('POST', '/register', { json: { username: first, password: 'p' } })).body,
        '1',
        first,
      )
      for (const other of others) {
        assert.equal(
          (await server.ask('POST', '/register', { json: { username: other, password: 'q' } })).body,
          '10',
          other,
        )
        assert.equal((await server.ask('GET', '/auth', { json: { username: other, password: 'p' } })).body, '1', other)
        assert.equal((await server.ask('POST', '/', { json: letter(other, other, other) })).body, '1')
      }
      const rows = await inboxOf(server, first.toUpperCase())
      assert.deepEqual(new Set(rows.map(row => row.sender)), new Set([first.normalize('NFKC')]))
    }
  })

  it('a name that cannot be seen, turns the text round, or breaks the rule is refused naming it', async () => {
    const names = [
      '',
      ' ',
      ' a',
      'a ',
      'a  b',
      '.a',
      '-a',
      '_a',
      "'a",
      '\u0301a',
      'a/b',
      'a@b',
      'a:b',
      'a\nb',
      'a\tb',
      'a<b',
      '🙂',
      'a🙂',
      'a\u200bb',
      'a\u200db',
      'a\u2060b',
      'a\u00adb',
      'a\ufeffb',
      'a\u202eb',
      'a\u2066b',
      'a\u200eb',
      'a\u061cb',
      'a\u115fb',
      'a\u3164b',
      'a\ufe0fb',
      'a\u034fb',
      'a\u{e0041}b',
      'a'.repeat(33),
      '\ufdfa'.repeat(2),
      'a\0',
      'a\ud800',
    ]
    for (const username of names) {
      const { status, body } = await server.ask('POST', '/register', { json: { username, password: 'p' } })
      const { error, message } = JSON.parse(body) as { error: string; message: string }
      assert.deepEqual([username, status, error], [username, 400, 'field-invalid'])
      assert.match(message, /^username /)
    }
  })

  it('names of one character and of 32, in any script, are names', async () => {
    for (const username of [
      '7',
      'ñ',
      'आदित्य',
      'ไพลิน',
      'محمد',
      `${'x'.repeat(20)}${freshName('')}`.padEnd(32, 'y').slice(0, 32),
      'Ω'.repeat(32),
      '𠮷'.repeat(32),
    ]) {
      assert.equal((await server.ask('POST', '/register', { json: { username, password: 'p' } })).body, '1', username)
    }
  })
})
