// Lets everybody else have a turn: reads of an embedded store are synchronous, and a loop over them that only awaits
// promises would keep timers and sockets waiting until its end.

export function breathe(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
