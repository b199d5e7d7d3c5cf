// What becomes a link in a message, for the page and every other client: addresses that can do no harm, without the sentence
// around them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf } from './links.ts'

const linksIn = (text: string) => piecesOf(text).flatMap(piece => (piece.is === 'link' ? [piece.text] : []))

function find(found: Readonly<Record<string, readonly string[]>>) {
  for (const [text, links] of Object.entries(found)) assert.deepEqual(linksIn(text), links, text)
}

test('addresses are found as people write them', () => {
  find({
    'see https://example.org.': ['https://example.org'],
    'see https://example.org/a?b=c#d, and': ['https://example.org/a?b=c#d'],
    '(https://en.example.org/wiki/Cat_(animal))': ['https://en.example.org/wiki/Cat_(animal)'],
    '<https://example.org/x>': ['https://example.org/x'],
    'www.example.org/x!': ['www.example.org/x'],
    'HTTP://EXAMPLE.ORG': ['HTTP://EXAMPLE.ORG'],
    'mailto:bob@example.org': ['mailto:bob@example.org'],
    'https://例え.jp/道。': ['https://例え.jp/道'],
    'http://a.example http://b.example': ['http://a.example', 'http://b.example'],
    'http://localhost:5000/#/team': ['http://localhost:5000/#/team'],
    'https://ru.example.org/wiki/Кот и': ['https://ru.example.org/wiki/Кот'],
  })
})

test('names of hosts and mail addresses are found without a scheme', () => {
  find({
    'example.com': ['example.com'],
    'on example.com, or docs.example.com/a?b#c.': ['example.com', 'docs.example.com/a?b#c'],
    'EXAMPLE.COM and münchen.de': ['EXAMPLE.COM', 'münchen.de'],
    '(example.com:8080/x)': ['example.com:8080/x'],
    'write to bob.b+x@mail.example.com!': ['bob.b+x@mail.example.com'],
    'bob@example.co.uk, ann@example.org': ['bob@example.co.uk', 'ann@example.org'],
    'youtu.be/x t.me/y': ['youtu.be/x', 't.me/y'],
    'me@mail.me': ['me@mail.me'],
  })
  const hrefs = piecesOf('example.com bob@example.com').flatMap(piece => (piece.is === 'link' ? [piece.href] : []))
  assert.deepEqual(hrefs, ['https://example.com/', 'mailto:bob@example.com'])
})

test('an address ends at the punctuation of Chinese and Japanese, and where another script follows', () => {
  find({
    '見てhttps://example.org/aを見て': ['https://example.org/a'],
    'https://example.orgを見て': ['https://example.org'],
    'http://localhost:5000を開く': ['http://localhost:5000'],
    'https://example.org/a2看看': ['https://example.org/a2'],
    '（https://example.org/a）、「https://example.org/b」': ['https://example.org/a', 'https://example.org/b'],
    'https://example.org/a，https://example.org/b！好': ['https://example.org/a', 'https://example.org/b'],
    'https://example.org/a：好；https://example.org/b？': ['https://example.org/a', 'https://example.org/b'],
    'https://example.org/wiki/日本': ['https://example.org/wiki/日本'],
    'https://example.org/wiki/カーを': ['https://example.org/wiki/カーを'],
    'https://example.orgпосмотри': ['https://example.org'],
    'https://example.org/новости24': ['https://example.org/новости24'],
    'https://example.org/a에서': ['https://example.org/a'],
    '看example.com吧': ['example.com'],
    '写信给bob@example.com。': ['bob@example.com'],
    'https://example.org/x، و': ['https://example.org/x'],
    'https://example.org/x।': ['https://example.org/x'],
  })
})

test('an address ends at what marks up a text, and at emoji', () => {
  find({
    '`https://example.org/a`': ['https://example.org/a'],
    '**https://example.org/a** and **example.com**': ['https://example.org/a', 'example.com'],
    '*https://example.org/a* _https://example.org/b_': ['https://example.org/a', 'https://example.org/b'],
    '~~https://example.org/a~~': ['https://example.org/a'],
    '|https://example.org/a|example.com|': ['https://example.org/a', 'example.com'],
    '[here](https://example.org/a)': ['https://example.org/a'],
    'https://example.org/a🎉 example.com👍🏽': ['https://example.org/a', 'example.com'],
    'https://example.org/🇩🇪': ['https://example.org/'],
    '„https://example.org/a“ ‹https://example.org/b›': ['https://example.org/a', 'https://example.org/b'],
    'https://example.org/a_b_ https://example.org/~bob': ['https://example.org/a_b_', 'https://example.org/~bob'],
  })
})

test('nothing else is a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x file:///etc/passwd ftp://example.org blob:https',
    'http://',
    'https:// x',
    'xhttps://example.org is not one',
    '<a href="x">y</a>',
    'www.example',
    'https://bank.example@evil.example',
    'www.bank.example@evil.example',
    'http://:secret@example.org',
    'notes.txt main.py README.md run.sh index.html a.out',
    'done.It works, e.g. this... 3.14 1.2.3 v2.0',
    'user.name console.info(x) user.id',
    '@bob @example.com #team.com',
    'src/example.com ~/example.com a\\example.com',
    '.com example. -a.com a..com',
    'bob@ @bob bob@localhost',
    'https://exampl\u0435.org',
    'https://www.example\u044f.org/x',
  ]) {
    assert.deepEqual(linksIn(text), [], text)
  }
})

test('an address ends where something in it is not seen, or turns it around', () => {
  for (const end of ['\u202e', '\u2067', '\u200f', '\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u0007']) {
    assert.deepEqual(linksIn(`https://example.org/${end}gpj.exe`), ['https://example.org/'])
  }
})

test('a host that is written otherwise than it is asked for is named', () => {
  const leadTo = (text: string) => piecesOf(text).flatMap(piece => (piece.is === 'link' ? [piece.leadsTo] : []))
  assert.deepEqual(leadTo('https://\u0430\u0440\u0440\u04cf\u0435.example/'), ['https://xn--80ak6aa92e.example/'])
  assert.deepEqual(leadTo('http://2130706433'), ['http://127.0.0.1/'])
  assert.deepEqual(leadTo('HTTPS://Example.ORG www.example.org/x mailto:bob@example.org'), [
    undefined,
    undefined,
    undefined,
  ])
})

test('the pieces put together are the text', () => {
  for (const text of [
    '',
    'a',
    ' https://example.org/ ',
    'x https://a.example, y www.b.example.',
    '\n\n',
    'a.com b@c.de',
  ]) {
    assert.equal(
      piecesOf(text)
        .map(piece => piece.text)
        .join(''),
      text,
    )
  }
})

test('a hostile text of the largest size is looked through in no time worth a name', () => {
  for (const text of [
    'https://'.repeat(2_000),
    `https://x/${'('.repeat(16_000)}`,
    `https://x/${')'.repeat(16_000)}`,
    'www.'.repeat(4_000),
    'a.'.repeat(8_000),
    'a-'.repeat(8_000),
    'a@'.repeat(8_000),
    'a.com@'.repeat(2_000),
    '日a'.repeat(4_000),
    '*'.repeat(16_000),
  ]) {
    assert.equal(
      piecesOf(text)
        .map(piece => piece.text)
        .join(''),
      text,
    )
  }
})
