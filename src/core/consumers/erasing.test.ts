import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NotWritten, type Store, type Write, type Written } from '../../store/store.ts'
import { Committer } from '../log/committer.ts'
import { Erasing } from './erasing.ts'

/** A store in which accounts have messages to be erased; `before` may throw instead of a step. */
function storeOf(left: Map<number, number>, before: () => void = () => {}) {
  const steps: number[] = []
  return {
    steps,
    accountsToErase: () => Promise.resolve([...left.keys()]),
    async write(batch: readonly Write[]): Promise<readonly Written[]> {
      before()
      return batch.map(write => {
        assert.equal(write.kind, 'erase-some')
        const { account, limit } = write as Write & { account: number; limit: number }
        const messages = Math.min(limit, left.get(account) ?? 0)
        left.set(account, (left.get(account) ?? 0) - messages)
        steps.push(account)
        return { kind: 'erased', messages }
      })
    },
  } satisfies Pick<Store, 'accountsToErase' | 'write'> & { steps: number[] }
}

function erasing(
  store: ReturnType<typeof storeOf>,
  wait?: (ms: number, signal: AbortSignal) => Promise<void>,
): Erasing {
  const committer = new Committer(store, Date.now)
  return new Erasing(wait === undefined ? { store, committer } : { store, committer, wait })
}

test('erases in steps, one account after the other, each once', async () => {
  const left = new Map([
    [1, 450],
    [2, 0],
  ])
  const store = storeOf(left)
  await using work = erasing(store)
  work.begin(1)
  work.begin(2)
  work.begin(1)
  await work.done()
  assert.deepEqual([...left.values()], [0, 0])
  assert.deepEqual(store.steps, [1, 1, 1, 1, 2])
})

test('goes on with what an earlier process left', async () => {
  const left = new Map([[7, 10]])
  await using work = erasing(storeOf(left))
  await work.resume()
  await work.done()
  assert.equal(left.get(7), 0)
})

test('waits and tries again where the store cannot take a step, or breaks', async () => {
  const left = new Map([[1, 10]])
  const errors = [new NotWritten('full', false), new Error('broken')]
  const store = storeOf(left, () => {
    const error = errors.shift()
    if (error !== undefined) throw error
  })
  let waits = 0
  await using work = erasing(store, async ms => {
    assert.ok(ms >= 1_000)
    waits += 1
  })
  work.begin(1)
  await work.done()
  assert.deepEqual([waits, left.get(1)], [2, 0])
})

test('stops at once while it waits, and takes nothing up any more', async () => {
  const store = storeOf(new Map([[1, 10]]), () => {
    throw new NotWritten('full', false)
  })
  const work = erasing(store)
  work.begin(1)
  await new Promise(resolve => setTimeout(resolve, 20))
  await work[Symbol.asyncDispose]()
  work.begin(1)
  await work.done()
  assert.deepEqual(store.steps, [])
})
