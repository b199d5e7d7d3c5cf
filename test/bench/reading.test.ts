// What the generators read by themselves, wherever the network cuts it: texts in a stream, and responses of HTTP/1.x.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Response, ResponseReader } from '../../bench/load/response-reader.ts'
import { nameOf, Scanner, textOf } from '../../bench/load/texts.ts'

/** All ways to cut some bytes in two, and into single ones. */
function cuts(bytes: Buffer): readonly Buffer[][] {
  const inTwo = Array.from({ length: bytes.length }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)])
  return [...inTwo, Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1))]
}

test('a text names its sender and number, and no other text does', () => {
  assert.equal(Buffer.byteLength(textOf(7, 123_456_789)), 47)
  assert.deepEqual(nameOf(textOf(7, 123_456_789)), { sender: 7, number: 123_456_789 })
  for (const other of ['', 'hello', ` ${textOf(7, 1)}`, `${textOf(7, 1)} `, textOf(7, 1).toUpperCase()]) {
    assert.equal(nameOf(other), undefined)
  }
})

test('texts are found wherever the stream is cut', () => {
  const bytes = Buffer.from(`~ {"text":"${textOf(3, 41)}"},~{"text":"${textOf(9_999, 42)}"} ~`)
  for (const parts of cuts(bytes)) {
    const found: number[][] = []
    const scanner = new Scanner((sender, number) => found.push([sender, number]))
    for (const part of parts) scanner.take(part)
    assert.deepEqual(found, [
      [3, 41],
      [9_999, 42],
    ])
  }
})

const byLength = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
const empty = 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n'
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA;x=y\r\nlo, people\r\n0\r\nX: y\r\n\r\n'
const last = 'HTTP/1.0 404 Not Found\r\n\r\nno such thing'

test('responses are read wherever they are cut: by length, by chunks, to the end', () => {
  for (const parts of cuts(Buffer.from(byLength + empty + chunked + last))) {
    const found: [number, string, boolean][] = []
    const reader = new ResponseReader(({ status, body, isLast }: Response) =>
      found.push([status, body.toString(), isLast]),
    )
    for (const part of parts) reader.take(part)
    assert.equal(reader.end(), true)
    assert.deepEqual(found, [
      [200, 'hello', false],
      [204, '', false],
      [200, 'hello, people', false],
      [404, 'no such thing', true],
    ])
  }
})

test('a connection that ends in the middle of a response is told from one that ends after it', () => {
  for (const [text, isWhole] of [
    [byLength, true],
    [byLength.slice(0, -1), false],
    [chunked.slice(0, -2), false],
  ] as const) {
    const reader = new ResponseReader(() => {})
    reader.take(Buffer.from(text))
    assert.equal(reader.end(), isWhole, text)
  }
})
