// Whether a foreign answer (a proxy's, a firewall's) to a batch of messages is about these messages. It counts how often
// the answer stayed the same while other requests reached Hullo; it sends nothing.
import type { ForeignAnswer } from './errors.ts'
import type { Pending } from './waiting.ts'

/** A refusal of this request (413, 403) given twice: the second one rules out a configuration that was just changing. */
const refusalsMax = 2

/** An error that should pass by itself (502, or a page with status 200): six attempts, which take 10 to 20 s. */
const errorsMax = 6

/** Says to come back later, whatever the request was. */
const tooManyRequests = 429

/** Timeouts and the like, which mean the connection or the server rather than the request. */
const passingStatuses: ReadonlySet<number> = new Set([401, 407, 408, 425, tooManyRequests])

/** Whether the same request is worth a later attempt. */
export function passesByItself({ status }: Pick<ForeignAnswer, 'status'>): boolean {
  return status < 400 || status >= 500 || passingStatuses.has(status)
}

/** The count of equal foreign answers in a row, with one more. */
export function struck(before: Pending['foreign'], { status }: Pick<ForeignAnswer, 'status'>): Pending['foreign'] {
  return { status, count: before?.status === status ? before.count + 1 : 1 }
}

/** Whether the answer is about a message of this batch. Several need no second refusal: dividing them costs nothing. */
export function isBlocked(batch: readonly Pending[]): boolean {
  return batch.some(({ foreign }) => {
    if (foreign === undefined || foreign.status === tooManyRequests) return false
    const refusalsHere = batch.length === 1 ? refusalsMax : 1
    return foreign.count >= (passesByItself(foreign) ? errorsMax : refusalsHere)
  })
}
