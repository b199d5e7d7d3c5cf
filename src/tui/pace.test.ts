// Drawing and asking in turns: one for many requests, none queued, with time between them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, integer, property } from 'fast-check'
import { type Clock, paced } from './pace.ts'

/** A clock that stands still until it is moved. */
function handClock() {
  let nowMs = 0
  let due: { atMs: number; work: () => void } | undefined
  const clock: Clock = {
    nowMs: () => nowMs,
    whenDone: work => work(),
    later(work, afterMs) {
      assert.equal(due, undefined, 'never two turns ahead')
      const mine = { atMs: nowMs + afterMs, work }
      due = mine
      return { stop: () => void (due = due === mine ? undefined : due) }
    },
  }
  function move(ms: number): void {
    const untilMs = nowMs + ms
    while (due !== undefined && due.atMs <= untilMs) {
      nowMs = Math.max(nowMs, due.atMs)
      const { work } = due
      due = undefined
      work()
    }
    nowMs = Math.max(nowMs, untilMs)
  }
  return { clock, move, spend: (ms: number) => void (nowMs += ms), isDue: () => due !== undefined }
}

test('the first request has its turn at once, all that follow in the pause have one together', () => {
  const { clock, move } = handClock()
  let turns = 0
  const pace = paced(() => void (turns += 1), { pauseMs: 40, share: 3 }, clock)
  pace.request()
  move(0)
  assert.equal(turns, 1)
  for (let count = 0; count < 1_000; count += 1) pace.request()
  move(39)
  assert.equal(turns, 1)
  move(1)
  assert.equal(turns, 2)
  move(1_000)
  assert.equal(turns, 2)
})

test('slow turns leave three quarters of the time to others', () => {
  const { clock, move, spend } = handClock()
  let turns = 0
  const slow = () => {
    turns += 1
    spend(100)
  }
  const pace = paced(slow, { pauseMs: 40, share: 3 }, clock)
  for (let step = 0; step < 4_000; step += 1) {
    pace.request()
    move(1)
  }
  // 300 of the 4,000 ms that others have are behind each turn.
  assert.equal(turns, 14)
})

test('however requests come, turns are as many as the time allows, and the last request has one after it', () => {
  holds(
    property(array(integer({ min: 0, max: 60 }), { maxLength: 60 }), waits => {
      const { clock, move, isDue } = handClock()
      let turns = 0
      let asked = 0
      let seen = 0
      const work = () => {
        turns += 1
        seen = asked
      }
      const pace = paced(work, { pauseMs: 40, share: 3 }, clock)
      for (const wait of waits) {
        asked += 1
        pace.request()
        move(wait)
      }
      move(40)
      assert.equal(seen, asked)
      assert.equal(isDue(), false)
      assert.ok(turns <= 2 + Math.floor(waits.reduce((sum, wait) => sum + wait, 0) / 40))
    }),
  )
})

test('a turn that asks for another has it after the pause; none comes after the end', () => {
  const { clock, move } = handClock()
  let turns = 0
  const pace = paced(
    () => {
      turns += 1
      pace.request()
    },
    { pauseMs: 40, share: 3 },
    clock,
  )
  pace.request()
  move(400)
  assert.equal(turns, 11)
  pace[Symbol.dispose]()
  pace.request()
  move(400)
  assert.equal(turns, 11)
})
