import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../store/store.ts'
import { Directory } from '../people/directory.ts'
import { Reach } from '../conversations/readable-ranges.ts'
import { Search } from './search.ts'

const head = 7

/** A search of Ann's over an empty log whose head is 7, with an index that reaches to `at` and comes no further. */
async function searchedAt(at: number, waited: number[] = []) {
  const store = {
    head: async () => head,
    intervalsOf: async () => ({ head, intervals: [] }),
    lastSeqs: async () => [],
    findWords: async () => [],
    entriesAt: async () => [],
    lastEdits: async () => [],
  } as unknown as Store
  const indexer = { at, reached: async (seq: number) => void waited.push(seq) }
  const search = new Search({ store, directory: new Directory(store), reach: new Reach(store), indexer })
  const ann = { id: 1, name: 'Ann', password: '', passwordRule: 1, isAdmin: false, createdAtMs: 0 }
  return search.find(ann, { q: 'tea', before: Number.MAX_SAFE_INTEGER, limit: 20 })
}

test('a search says how far the index reaches while that is not to the end of the log', async () => {
  const waited: number[] = []
  assert.deepEqual(await searchedAt(3, waited), { entries: [], before: undefined, indexedUpTo: 3 })
  assert.deepEqual(waited, [head], 'it waits for the index first')
  assert.deepEqual(await searchedAt(head), { entries: [], before: undefined, indexedUpTo: undefined })
})
