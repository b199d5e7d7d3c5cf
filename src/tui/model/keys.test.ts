// Keys and pastes, however the bytes that they are come together or apart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, nat, oneof, property, string, uint8Array } from 'fast-check'
import { decoded, settled, type Stroke } from './keys.ts'

/** One character or key after the other: how much text is in one stroke is of no account. */
function keysOf(strokes: readonly Stroke[]): readonly string[] {
  return strokes.flatMap(stroke => {
    if (stroke.is === 'key') return [`<${stroke.key}>`]
    return stroke.isPasted === true ? [`<paste ${stroke.text}>`] : Array.from(stroke.text)
  })
}

/** What bytes that arrive in these pieces are, as long as no time passes between them. */
function arriving(pieces: readonly Uint8Array[]): { keys: readonly string[]; rest: string } {
  const decoder = new TextDecoder()
  const strokes: Stroke[] = []
  let rest = ''
  for (const piece of pieces) {
    const next = decoded(rest + decoder.decode(piece, { stream: true }))
    strokes.push(...next.strokes)
    rest = next.rest
  }
  return { keys: keysOf(strokes), rest }
}

function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const edges = [0, ...places.map(place => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

const chars = (text: string) => Array.from(text)
const one = (text: string) => keysOf(decoded(text).strokes)
const afterPause = (text: string) => {
  const first = decoded(text)
  const { strokes, rest } = settled(first.rest)
  assert.equal(rest, '')
  return keysOf([...first.strokes, ...strokes])
}

const sequences = [
  '\x1b',
  '\x1b\x1b',
  '\x1b/',
  '\x1bb',
  '\x1b\r',
  '\x1b\x7f',
  '\x1b[A',
  '\x1b[1;5C',
  '\x1b[1;1:3A',
  '\x1bOA',
  '\x1bOk',
  '\x1b[[5~',
  '\x1b[3~',
  '\x1b[5$',
  '\x1b[7^',
  '\x1b[Z',
  '\x1b[97;5u',
  '\x1b[98;3u',
  '\x1b[27;2;13~',
  '\x1b[13;2u',
  '\x1b[?1u',
  '\x1b[200~two\r\nlines\x1b[201~',
  '\x1b[200~\x1b[201~',
  '\x1b[20',
  '\x1b[',
  '\x1bO',
  '[',
  'O',
  '~',
  '\x03',
  '\r',
  '\t',
  '\x7f',
  'é',
  '京都',
  '👩‍👧🎉',
  '/join books',
]

test('however a stream of bytes is split, it is the same keys as byte by byte', () => {
  const part = oneof(constantFrom(...sequences), string({ maxLength: 4 }), string({ unit: 'binary', maxLength: 4 }))
  holds(
    property(array(part, { maxLength: 12 }), array(nat(), { maxLength: 12 }), (parts, places) => {
      const bytes = new TextEncoder().encode(parts.join(''))
      const apart = arriving([...bytes].map(byte => Uint8Array.of(byte)))
      assert.deepEqual(arriving(cut(bytes, places)), apart)
      assert.deepEqual(arriving([bytes]), apart)
    }),
    { numRuns: 200 },
  )
  holds(
    property(uint8Array({ maxLength: 40 }), array(nat(), { maxLength: 6 }), (bytes, places) => {
      assert.deepEqual(arriving(cut(bytes, places)), arriving([...bytes].map(byte => Uint8Array.of(byte))))
    }),
    { numRuns: 200 },
  )
})

test('a pause loses nothing: what was pending is Esc and what was typed', () => {
  const typedChars = (keys: readonly string[]) => keys.filter(key => !key.startsWith('<')).join('')
  holds(
    property(
      constantFrom('\x1b', '\x1b\x1b', '\x1b[', '\x1bO', '\x1b[1;', '\x1b[1;5', '\x1b\x1b[', '\x1b\x1bO'),
      text => {
        const keys = afterPause(text)
        assert.equal(keys[0], '<escape>')
        assert.equal(typedChars(keys), text.replaceAll('\x1b', ''))
        assert.equal(keys.filter(key => key === '<escape>').length, text.split('\x1b').length - 1)
      },
    ),
  )
})

test('a paste is one stroke wherever it is split, and waits for its end however long that takes', () => {
  const paste = '\x1b[200~/quit\r\x03y\x1b[A\x1b[201~!'
  for (let at = 0; at <= paste.length; at += 1) {
    const { keys } = arriving([paste.slice(0, at), paste.slice(at)].map(part => new TextEncoder().encode(part)))
    assert.deepEqual(keys, ['<paste /quit\r\x03y\x1b[A>', '!'], String(at))
    const before = decoded(paste.slice(0, at)).rest
    if (before.length > 2) assert.deepEqual(settled(before), { strokes: [], rest: before })
  }
})

test('Esc and a character in one piece is Alt with it, and says which two keys it may be', () => {
  const [stroke] = decoded('\x1b/join').strokes
  assert.deepEqual(stroke, {
    is: 'key',
    key: 'alt-/',
    apart: [
      { is: 'key', key: 'escape' },
      { is: 'text', text: '/' },
    ],
  })
  assert.deepEqual(one('\x1b/join x\r'), ['<alt-/>', 'j', 'o', 'i', 'n', ' ', 'x', '<enter>'])
  assert.deepEqual(one('\x1b京'), ['<alt-京>'])
  assert.deepEqual(one('\x1b\x03'), ['<alt-ctrl-c>'])
  // Capitals are typed more often than held down with Alt.
  assert.deepEqual(one('\x1bAre'), ['<alt-A>', 'r', 'e'])
})

test('what was typed behind Esc is not taken for a sequence that no terminal sends', () => {
  assert.deepEqual(one('\x1bOpen'), ['<escape>', ...chars('Open')])
  assert.deepEqual(one('\x1bOMG'), ['<escape>', ...chars('OMG')])
  assert.deepEqual(one('\x1b[x] milk'), ['<escape>', ...chars('[x] milk')])
  assert.deepEqual(one('\x1b[é]'), ['<escape>', ...chars('[é]')])
  assert.deepEqual(one(`\x1b[${'1'.repeat(100)}`), ['<escape>', ...chars(`[${'1'.repeat(100)}`)])
})

test('keys of xterm, rxvt, PuTTY, the Linux console and the Kitty protocol have one name each', () => {
  const names: readonly (readonly [string, string])[] = [
    ['up', '\x1b[A \x1bOA \x1b[1;1A \x1b[a \x1b[57419u'],
    ['ctrl-right', '\x1b[1;5C \x1bOc'],
    ['alt-up', '\x1b[1;3A \x1b\x1b[A \x1b\x1bOA'],
    ['home', '\x1b[H \x1bOH \x1b[1~ \x1b[7~ \x1b[7$'],
    ['end', '\x1b[F \x1b[4~ \x1b[8~'],
    ['delete', '\x1b[3~ \x1b[3$'],
    ['pageup', '\x1b[5~ \x1b[[5~'],
    ['shift-tab', '\x1b[Z \x1b[9;2u'],
    ['shift-enter', '\x1b[13;2u \x1b[27;2;13~'],
    ['alt-enter', '\x1b\r \x1b[13;3u'],
    ['escape', '\x1b[27u \x1b[27;1:1u'],
    ['ctrl-a', '\x01 \x1b[97;5u \x1b[27;5;97~'],
    ['alt-b', '\x1bb \x1b[98;3u'],
    ['alt-backspace', '\x1b\x7f \x1b[127;3u'],
    ['ctrl-home', '\x1b[1;5H \x1b[7^'],
    ['tab', '\t \x1b[105;5u'],
  ]
  for (const [name, all] of names) {
    for (const sequence of all.split(' ')) assert.deepEqual(one(sequence), [`<${name}>`], JSON.stringify(sequence))
  }
  assert.deepEqual(one('\x1b[97;2u\x1b[228;65u\x1b[57400u\x1b[97;;230u'), ['A', 'Ä', '1', 'æ'])
})

test('releases, the system’s own keys, function keys and reports of the terminal are no keys of ours', () => {
  const reports =
    '\x1b[97;1:3u \x1b[97;9u \x1b[A\x1b[1;1:3A \x1b[11~ \x1bOP \x1b[[A \x1b[I \x1b[<0;1;1M \x1b[?62;4c \x1b[24;80R'
  const keys = reports.split(' ').flatMap(one)
  assert.deepEqual(keys, ['<up>'])
})

test('two Escs are two keys', () => {
  assert.deepEqual(afterPause('\x1b\x1b'), ['<escape>', '<escape>'])
  assert.deepEqual(one('\x1b\x1b/'), ['<escape>', '<alt-/>'])
})
