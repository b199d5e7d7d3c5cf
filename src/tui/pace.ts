// Work that is asked for often and done seldom: drawing, and asking the server for what is shown. What is asked for is
// never queued, and between two turns everything else has time, keys above all.

export interface Clock {
  readonly nowMs: () => number
  /** Calls back after at least so long, and after what has arrived in the meantime was read. */
  readonly later: (work: () => void, afterMs: number) => { readonly stop: () => void }
  /** Calls back once what a turn has set off is done too: React draws in a microtask. */
  readonly whenDone: (work: () => void) => void
}

export interface Paced extends Disposable {
  /** Asks for a turn: it comes soon, one for however many asked. */
  readonly request: () => void
}

export interface Pace {
  readonly pauseMs: number
  /** The pause after slow work, as a multiple of the time that the work took. */
  readonly share: number
}

/**
 * Runs `work` once for all requests since it began last, with a pause after each turn: `pauseMs`, or `share` times what
 * the turn took where that is more, so that on a slow machine or a slow terminal there is time for other things too.
 */
export function paced(work: () => void, { pauseMs, share }: Pace, clock: Clock = systemClock): Paced {
  let waiting: { readonly stop: () => void } | undefined
  let nextAtMs = 0
  let isRunning = false
  let isAskedAgain = false
  let isOver = false
  function request(): void {
    if (isOver) return
    if (isRunning) isAskedAgain = true
    else waiting ??= clock.later(run, Math.max(0, nextAtMs - clock.nowMs()))
  }
  function run(): void {
    waiting = undefined
    isRunning = true
    const fromMs = clock.nowMs()
    work()
    clock.whenDone(() => {
      isRunning = false
      const toMs = clock.nowMs()
      nextAtMs = toMs + Math.max(pauseMs, share * (toMs - fromMs))
      if (!isAskedAgain) return
      isAskedAgain = false
      request()
    })
  }
  return {
    request,
    [Symbol.dispose]() {
      isOver = true
      waiting?.stop()
    },
  }
}

const systemClock: Clock = {
  nowMs: () => performance.now(),
  whenDone: queueMicrotask,
  later(work, afterMs) {
    // A timer that is late comes ahead of what has arrived; an immediate comes after it.
    let immediate: NodeJS.Immediate | undefined
    const soon = () => void (immediate = setImmediate(work))
    const timer = afterMs > 0 ? setTimeout(soon, afterMs) : undefined
    if (timer === undefined) soon()
    return {
      stop() {
        clearTimeout(timer)
        clearImmediate(immediate)
      },
    }
  },
}
