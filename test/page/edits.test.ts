// An edit on the page: its text is kept until the server has stored it or its author cancels it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NoAnswer } from '../../src/sdk/sdk.ts'
import type { Sentence } from '../../src/protocol/texts/sentence.ts'
import { Edits } from '../../web/model/edits.ts'
import { fakeServer, memory } from './model.ts'

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

function begin(kept = memory()) {
  const server = fakeServer()
  return { server, kept, edits: new Edits(server.me, kept) }
}

test('an edit that could not be saved stays with its text, and is saved later', async () => {
  const { server, kept, edits } = begin()
  edits.begin('@Ann', 7, 'helo')
  edits.write('@Ann', 'hello')
  void edits.save('@Ann')
  assert.ok(edits.of('@ann').value?.saving !== undefined)
  server.edits[0]?.refuse(new NoAnswer('No network.' as Sentence))
  await settled()
  const { text, saving, error } = edits.of('@ann').value ?? {}
  assert.deepEqual([text, saving, (error as Error).message], ['hello', undefined, 'No network.'])
  void edits.save('@Ann')
  assert.deepEqual([server.edits[1]?.seq, server.edits[1]?.text], [7, 'hello'])
  server.edits[1]?.done()
  await settled()
  assert.equal(edits.of('@ann').value, undefined)
  assert.equal(kept.all.size, 0)
})

test('an edit is there again after the page was closed, also while it was being saved', async () => {
  const { kept, edits } = begin()
  edits.begin('#team', 7, 'helo')
  edits.write('#team', 'hello')
  void edits.save('#team')
  const { edits: later } = begin(kept)
  assert.deepEqual(later.of('#team').value, { seq: 7, was: 'helo', text: 'hello' })
  later.cancel('#team')
  assert.equal(begin(kept).edits.of('#team').value, undefined)
})

test('an edit that is cancelled while it is being saved stays away, whatever the answer is', async () => {
  const { server, edits } = begin()
  edits.begin('#team', 7, 'helo')
  edits.write('#team', 'hello')
  void edits.save('#team')
  edits.cancel('#team')
  edits.begin('#team', 8, 'other')
  server.edits[0]?.refuse(new NoAnswer('No network.' as Sentence))
  await settled()
  assert.deepEqual(edits.of('#team').value, { seq: 8, was: 'other', text: 'other' })
})

test('an edit that changes nothing asks nobody', async () => {
  const { server, edits } = begin()
  edits.begin('#team', 7, 'same')
  edits.write('#team', '\nsame \n')
  await edits.save('#team')
  edits.begin('#team', 8, '  sent by a program \n')
  await edits.save('#team')
  assert.equal(server.edits.length, 0)
  assert.equal(edits.of('#team').value, undefined)
})

test('an edit keeps its indentation', async () => {
  const { server, edits } = begin()
  edits.begin('#team', 7, 'if x:')
  edits.write('#team', '  if x:\n    y()\n')
  void edits.save('#team')
  assert.equal(server.edits[0]?.text, '  if x:\n    y()')
})
