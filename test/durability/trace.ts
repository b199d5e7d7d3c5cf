// Reading what strace wrote: system calls of all threads, each with the moments at which it began and ended. Moments are
// counted in the order in which the kernel stopped the threads, which is strace's order of lines: a call that others
// interrupted begins at its `<unfinished ...>` line and ends at its `resumed` line.

export interface Call {
  readonly thread: string
  readonly name: string
  /** Everything between the brackets; strings are escaped as in C. */
  readonly args: string
  /** What stands after the equals sign, `-1 EIO (Input/output error) (INJECTED)` say; '?' where it never returned. */
  readonly result: string
  readonly began: number
  readonly ended: number
}

/** The path or kind of a call's first argument, as `-y` gives it: `34</tmp/x/hullo.sqlite-wal>`. */
export function fileOf({ args }: Call): string {
  return /^\d+<([^>]*)>/.exec(args)?.[1] ?? ''
}

/** The number of the descriptor in a call's first argument. */
export function descriptorOf({ args }: Call): string {
  return /^\d+/.exec(args)?.[0] ?? ''
}

/** Calls in the order in which they ended; those that never did are left out. */
export function parseTrace(text: string): Call[] {
  const calls: Call[] = []
  const open = new Map<string, { name: string; args: string; began: number }>()
  for (const [moment, line] of text.split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const unfinished = /^(\w+)\((.*?) ?<unfinished \.\.\.>$/.exec(rest)
    if (unfinished !== null) {
      open.set(thread, { name: unfinished[1] ?? '', args: unfinished[2] ?? '', began: moment })
      continue
    }
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest)
    const begun = resumed === null ? undefined : open.get(thread)
    const whole = begun === undefined ? rest : `${begun.name}(${begun.args}${resumed?.[2] ?? ''}`
    const parts = /^(\w+)\((.*)\) += (.*)$/.exec(whole)
    if (parts === null) continue
    open.delete(thread)
    const [, name = '', args = '', result = ''] = parts
    calls.push({ thread, name, args, result, began: begun?.began ?? moment, ended: moment })
  }
  return calls
}

export interface Proof {
  /** Answers `1` to a send that were found. */
  readonly acknowledged: number
  /** What was acknowledged too early, in sentences. */
  readonly faults: readonly string[]
}

/**
 * For each token, the text of one message: its answer `1` was written to its socket after an fsync of the WAL that
 * succeeded, and that had begun when the row was in the WAL.
 */
export function provesDurable(calls: readonly Call[], tokens: readonly string[]): Proof {
  const walWrites = calls.filter(one => one.name.startsWith('pwrite') && fileOf(one).endsWith('-wal'))
  const syncs = calls.filter(
    one => /^f(data)?sync$/.test(one.name) && fileOf(one).endsWith('-wal') && one.result === '0',
  )
  const faults: string[] = []
  let acknowledged = 0
  for (const token of tokens) {
    const answer = answerTo(calls, token)
    if (answer === undefined) continue
    acknowledged += 1
    const row = walWrites.find(one => one.args.includes(token))
    const sync = row && syncs.find(one => one.began > row.ended)
    if (row === undefined || row.ended > answer.began) faults.push(`${token} was answered before it was in the WAL`)
    else if (sync === undefined || sync.ended > answer.began) faults.push(`${token} was answered before it was synced`)
  }
  return { acknowledged, faults }
}

/** The write of `1` that answers the request which carries the token: the next one on its socket. */
function answerTo(calls: readonly Call[], token: string): Call | undefined {
  const request = calls.find(
    one => one.name === 'read' && fileOf(one).startsWith('socket:') && one.args.includes(token),
  )
  if (request === undefined) return undefined
  const socket = descriptorOf(request)
  const answer = calls.find(
    one =>
      /^(write|writev|sendto|sendmsg)$/.test(one.name) &&
      one.began > request.ended &&
      descriptorOf(one) === socket &&
      fileOf(one) === fileOf(request),
  )
  return answer !== undefined && isSuccess(answer) ? answer : undefined
}

/** A whole answer: status 200 and the body `1` alone. */
function isSuccess({ args }: Call): boolean {
  return args.includes('HTTP/1.1 200 ') && /\\r\\n\\r\\n(", iov_len=\d+\}, \{iov_base=")?1"/.test(args)
}
