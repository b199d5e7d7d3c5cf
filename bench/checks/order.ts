// Durable before delivered, seen in the system calls of a server: of each text, the page that holds it was written to the
// WAL, then an fsync of the WAL that succeeded began and ended, and only then did the text go out on a socket.
import { type Call, fileOf, parseTrace } from '../../test/durability/trace.ts'

export interface Order {
  /** Texts that went out on a socket. */
  readonly delivered: number
  /** What went out too early, in sentences. */
  readonly faults: readonly string[]
}

/** Calls that are to be traced for it. */
export const orderCalls = ['pwrite64', 'fsync', 'fdatasync', 'write', 'writev', 'sendto', 'sendmsg']

/** Judges what strace wrote, for these texts. */
export function orderOf(trace: string, texts: readonly string[]): Order {
  const calls = parseTrace(trace)
  const rows = calls.filter(one => one.name.startsWith('pwrite') && fileOf(one).endsWith('-wal'))
  const syncs = calls.filter(
    one => /^f(data)?sync$/.test(one.name) && fileOf(one).endsWith('-wal') && one.result === '0',
  )
  const departures = calls.filter(one => /^(write|writev|sendto|sendmsg)$/.test(one.name) && isSocket(one))
  const faults: string[] = []
  let delivered = 0
  for (const text of texts) {
    const departure = departures.find(one => one.args.includes(text))
    if (departure === undefined) continue
    delivered += 1
    const row = rows.find(one => one.args.includes(text))
    const sync = row === undefined ? undefined : syncs.find(one => one.began > row.ended)
    if (row === undefined || row.ended > departure.began) faults.push(`${text} went out before it was in the WAL`)
    else if (sync === undefined || sync.ended > departure.began) faults.push(`${text} went out before it was synced`)
  }
  return { delivered, faults }
}

/** As `-y` names it. */
function isSocket(call: Call): boolean {
  return /^(socket|TCP)/.test(fileOf(call))
}

/** How many writes to sockets there were, and of how many bytes. */
export function socketWrites(trace: string): { writes: number; bytes: number } {
  let writes = 0
  let bytes = 0
  for (const call of parseTrace(trace)) {
    const sent = Number(call.result)
    if (!isSocket(call) || !(sent > 0)) continue
    writes += 1
    bytes += sent
  }
  return { writes, bytes }
}
