// What becomes a link in a message: addresses that can do no harm, without the sentence around them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf } from '../../web/conversation/links.ts'

const linksIn = (text: string) => piecesOf(text).flatMap(piece => (piece.is === 'link' ? [piece.text] : []))

test('addresses are found as people write them', () => {
  const found: Record<string, string[]> = {
    'see https://example.org.': ['https://example.org'],
    'see https://example.org/a?b=c#d, and': ['https://example.org/a?b=c#d'],
    '(https://en.example.org/wiki/Cat_(animal))': ['https://en.example.org/wiki/Cat_(animal)'],
    '<https://example.org/x>': ['https://example.org/x'],
    'www.example.org/x!': ['www.example.org/x'],
    'HTTP://EXAMPLE.ORG': ['HTTP://EXAMPLE.ORG'],
    'mailto:bob@example.org': ['mailto:bob@example.org'],
    'https://例え.jp/道。': ['https://例え.jp/道'],
    'http://a.example http://b.example': ['http://a.example', 'http://b.example'],
  }
  for (const [text, links] of Object.entries(found)) assert.deepEqual(linksIn(text), links, text)
})

test('nothing else is a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x file:///etc/passwd ftp://example.org blob:https',
    'http://',
    'https:// example.org',
    'xhttps://example.org is not one',
    '<a href="x">y</a>',
    'www.example',
    'https://bank.example@evil.example',
    'www.bank.example@evil.example',
    'http://:secret@example.org',
  ]) {
    assert.deepEqual(linksIn(text), [], text)
  }
})

test('an address ends where something in it is not seen, or turns it around', () => {
  for (const end of ['\u202e', '\u2067', '\u200f', '\u200b', '\u2060', '\ufeff', '\u00ad', '\u0007']) {
    assert.deepEqual(linksIn(`https://example.org/${end}gpj.exe`), ['https://example.org/'])
  }
})

test('a host that is written otherwise than it is asked for is named', () => {
  const leadTo = (text: string) => piecesOf(text).flatMap(piece => (piece.is === 'link' ? [piece.leadsTo] : []))
  assert.deepEqual(leadTo('https://\u0430pple.example/'), ['https://xn--pple-43d.example/'])
  assert.deepEqual(leadTo('http://2130706433'), ['http://127.0.0.1/'])
  assert.deepEqual(leadTo('HTTPS://Example.ORG www.example.org/x mailto:bob@example.org'), [
    undefined,
    undefined,
    undefined,
  ])
})

test('the pieces put together are the text', () => {
  for (const text of ['', 'a', ' https://example.org/ ', 'x https://a.example, y www.b.example.', '\n\n']) {
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
  ]) {
    assert.equal(
      piecesOf(text)
        .map(piece => piece.text)
        .join(''),
      text,
    )
  }
})
