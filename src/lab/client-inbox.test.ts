import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { InboxSplitter, readMessage, readTimestamp } from './client-inbox.ts'

function split(...pieces: string[]): { elements: (string | undefined)[]; found: boolean; whole: boolean } {
  const splitter = new InboxSplitter()
  const elements = pieces.flatMap(piece => splitter.push(piece))
  return { elements, found: splitter.found, whole: splitter.whole }
}

const json = fc.jsonValue({ maxDepth: 3 })

test('every element of messages is found, wherever the pieces are cut and whatever stands beside it', () => {
  fc.assert(
    fc.property(
      fc.array(json, { maxLength: 8 }),
      fc.dictionary(fc.string(), json, { maxKeys: 3 }),
      fc.dictionary(fc.string(), json, { maxKeys: 3 }),
      fc.constantFrom(undefined, 1, '\t'),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (messages, before, after, indent, cuts) => {
        delete before['messages']
        delete after['messages']
        const text = JSON.stringify({ ...before, messages, ...after }, null, indent)
        const at = [...new Set(cuts.map(cut => cut % (text.length + 1)))].toSorted((a, b) => a - b)
        const pieces = [0, ...at].map((start, index) => text.slice(start, at[index] ?? text.length))
        const { elements, found, whole } = split(...pieces)
        assert.ok(found && whole)
        assert.deepEqual(
          elements.map(element => JSON.parse(element ?? 'undefined')),
          JSON.parse(JSON.stringify(messages)),
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('messages at another depth, as a value, or in a list is not the inbox', () => {
  for (const text of ['{"a":{"messages":[1]}}', '["messages",[1]]', '{"a":"messages","b":[1]}', '[{"messages":[1]}]']) {
    assert.deepEqual(split(text), { elements: [], found: false, whole: true }, text)
  }
})

test('an answer that breaks off is not whole, and what came before it is kept', () => {
  assert.deepEqual(split('{"messages":[{"a":1},{"b":'), { elements: ['{"a":1}'], found: true, whole: false })
  assert.equal(split('').whole, false)
})

test('a message beyond the bound is left out, and the next one is read', () => {
  const huge = 'x'.repeat(700_000)
  const { elements } = split('{"messages":[{"m":"', huge, huge, '"},{"m":1}]}')
  assert.deepEqual(elements, [undefined, '{"m":1}'])
})

test('no text whatever makes the splitter or the reader throw', () => {
  const odd = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'messages', ' ', '1', 'NaN') })
  fc.assert(
    fc.property(fc.array(odd), pieces => {
      for (const element of split('{"messages":[', ...pieces).elements) readMessage(element ?? '')
    }),
  )
})

test('a message needs a sender and a text; all else may be missing or strange', () => {
  assert.deepEqual(readMessage('{"sender":"bob","message":"hi"}'), {
    sender: 'bob',
    message: 'hi',
    timestamp: undefined,
  })
  assert.deepEqual(readMessage('{"sender":7,"message":12,"recipient":null,"id":[],"timestamp":"0.5","extra":{}}'), {
    sender: '7',
    message: '12',
    timestamp: 0.5,
  })
  assert.deepEqual(readMessage('{"sender":"a \\" NaN","message":"Infinity","timestamp":-Infinity,"x":NaN}'), {
    sender: 'a " NaN',
    message: 'Infinity',
    timestamp: undefined,
  })
  for (const not of ['null', '1', '"x"', '[]', '{}', '{"sender":"a"}', '{"sender":{},"message":"x"}', '{"sender"']) {
    assert.equal(readMessage(not), undefined, not)
  }
})

test('a timestamp is a number or a decimal string that a calendar can show, else unknown', () => {
  assert.equal(readTimestamp(1601366781.25), 1601366781.25)
  assert.equal(readTimestamp(' 1601366781.25\n'), 1601366781.25)
  for (const not of [1e300, -1, Number.NaN, '1e300', 'yesterday', '', null, undefined, true, [], {}, '0x10']) {
    assert.equal(readTimestamp(not), undefined, JSON.stringify(not))
  }
})
