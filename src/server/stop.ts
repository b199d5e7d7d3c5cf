// Being asked to stop, by Ctrl-C or by the system.

/**
 * Ctrl-C in a terminal reaches the process twice, from the terminal and from npm, which passes it on; two within this
 * time are one. Nobody presses it twice as fast.
 */
const echoMs = 250

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A later one ends the process at once, as the system does it. */
export function whenAskedToStop(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  return new Promise(resolve => {
    let asked = false
    const ask = () => {
      if (asked) return
      asked = true
      setTimeout(() => {
        for (const signal of signals) process.off(signal, ask)
      }, echoMs).unref()
      resolve()
    }
    for (const signal of signals) process.on(signal, ask)
  })
}
