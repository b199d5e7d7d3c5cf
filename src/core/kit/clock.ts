// Chance and time are arguments of the core, so that tests run seeded and without sleeping.

/** Milliseconds since 1970. */
export type Clock = () => number

/** Calls `run` once after this many milliseconds, unless what it gives back is called before. */
export type Later = (ms: number, run: () => void) => () => void

/** By the system's timers; what still waits keeps no process alive. */
export const later: Later = (ms, run) => {
  const timer = setTimeout(run, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/** This many random bytes. */
export type Random = (bytes: number) => Uint8Array
