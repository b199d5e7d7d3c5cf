// What the library needs of the place where it runs. Node and every browser have all of it, also a page that came over
// plain HTTP from another machine, where crypto.randomUUID is missing. Tests bring their own.
import { asError } from './errors.ts'

export interface Platform {
  readonly fetch: typeof fetch
  /** Absent or undefined: live streams come as server-sent events. */
  readonly WebSocket?: typeof WebSocket | undefined
  /** Calls `then` in so many milliseconds; the result cancels that. */
  readonly after: (ms: number, then: () => void) => () => void
  /** From 0 to below 1: jitter. */
  readonly random: () => number
  /** For ids that nobody else may have. */
  readonly randomBytes: (count: number) => Uint8Array
}

export function usualPlatform(): Platform {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    WebSocket: globalThis.WebSocket,
    after(ms, then) {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
    randomBytes: count => globalThis.crypto.getRandomValues(new Uint8Array(count)),
  }
}

/** Resolves in `ms`; rejects with the signal's reason if that comes first. */
export function pause(platform: Platform, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(asError(signal.reason))
    const cancel = platform.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    const stop = () => {
      cancel()
      reject(asError(signal?.reason))
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Of the wait after the first failure: less is hammering, more is felt. */
const waitMsFirst = 500
/** Of any wait: a server that comes back is found within half a minute. */
const waitMsMax = 30_000

/**
 * How long to wait after so many failures in a row (from 1): anywhere up to a bound that doubles, so that a thousand
 * clients of one server that restarts do not come back at the same moment; never less than 50 ms.
 */
export function backoffMs(failures: number, random: () => number): number {
  const most = Math.min(waitMsMax, waitMsFirst * 2 ** Math.min(failures - 1, 10))
  return 50 + random() * (most - 50)
}
