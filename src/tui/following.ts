// Follows a session's live streams and puts what comes into the state, until the chat ends.
import { setImmediate as afterKeys } from 'node:timers/promises'
import { Refused } from '../sdk/sdk.ts'
import { messageOf } from '../terminal/reason.ts'
import type { Asking, Screen } from './asking.ts'
import { atTime, entriesReceived, softReceived } from './model/live.ts'

/** What has arrived is put into the state for so long at a time: then keys are read, which are a person's. */
const sliceMs = 8

/** Follows everything there is to follow; what ends it is the screen's signal, or that the session is over. */
export function follow(screen: Screen, asking: Asking): void {
  void followStates(screen, asking)
  void followUpdates(screen, asking)
  void followSoft(screen)
  const ticking = setInterval(() => {
    const next = atTime(screen.state, Date.now() / 1000)
    if (next !== screen.state) screen.change(() => next)
  }, 1_000)
  screen.signal.addEventListener('abort', () => clearInterval(ticking), { once: true })
}

async function followStates(screen: Screen, asking: Asking): Promise<void> {
  try {
    for await (const { is } of screen.me.states({ signal: screen.signal })) {
      screen.change(state => ({ ...state, link: is }))
      if (is === 'live') void asking.comeBack()
    }
  } catch (error) {
    if (!screen.signal.aborted) throw error
  }
}

async function followUpdates(screen: Screen, asking: Asking): Promise<void> {
  let sliceFrom = performance.now()
  try {
    for await (const update of screen.me.updates({ signal: screen.signal })) {
      if (update.type === 'entries') screen.change(state => entriesReceived(state, update.entries))
      else if (update.type !== 'beat') void asking.beginAnew()
      if (performance.now() - sliceFrom < sliceMs) continue
      await afterKeys()
      sliceFrom = performance.now()
    }
  } catch (error) {
    if (screen.signal.aborted) return
    screen.change(state => ({ ...state, link: 'over', hint: undefined }))
    if (!(error instanceof Refused)) screen.note(messageOf(error), 'bad')
  }
}

async function followSoft(screen: Screen): Promise<void> {
  try {
    for await (const event of screen.me.soft({ signal: screen.signal })) {
      screen.change(state => softReceived(state, event))
    }
  } catch {
    // Hints only; that the session is over is told by the updates.
  }
}
