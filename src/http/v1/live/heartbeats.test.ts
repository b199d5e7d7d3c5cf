import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Heartbeats } from './heartbeats.ts'

function connection(said: string[], name: string) {
  return { ping: () => said.push(`${name} ping`), late: () => said.push(`${name} late`) }
}

function beating(context: TestContext) {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const said: string[] = []
  const beats = new Heartbeats<ReturnType<typeof connection>>()
  const seconds = (count: number) => context.mock.timers.tick(1_000 * count)
  return { beats, said, seconds }
}

test('each is asked every 15 seconds, and is late once, after 10', context => {
  const { beats, said, seconds } = beating(context)
  beats.add(connection(said, 'first'))
  seconds(3)
  beats.add(connection(said, 'second'))
  seconds(7)
  assert.deepEqual(said, [])
  seconds(1)
  assert.deepEqual(said.splice(0), ['first late'])
  seconds(3)
  assert.deepEqual(said.splice(0), ['second late'])
  seconds(31)
  assert.deepEqual(said, ['first ping', 'second ping', 'first ping', 'second ping', 'first ping'])
})

test('who has left is not asked, and the others are', context => {
  const { beats, said, seconds } = beating(context)
  const [first, second] = [connection(said, 'first'), connection(said, 'second')]
  beats.add(first)
  beats.add(second)
  assert.deepEqual([...beats], [first, second])
  beats.delete(first)
  beats.delete(first)
  seconds(15)
  assert.deepEqual(said, ['second late', 'second ping'])
  beats.delete(second)
  seconds(60)
  assert.equal(said.length, 2)
  assert.deepEqual([...beats], [])
  beats.add(first)
  seconds(15)
  assert.deepEqual(said.slice(2), ['first late', 'first ping'])
})
