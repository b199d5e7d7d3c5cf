// Commit: what one account may store in a day, and whether the disk has room. The committer asks before it queues a
// write, so the budget holds on every transport. It never decides what is stored in place of the store.
import { Refusal } from '../../protocol/refusals.ts'
import type { AccountId, Entry, Write, Written } from '../../store/store.ts'
import type { Clock } from '../kit/clock.ts'
import * as stateTexts from '../../protocol/texts/state.ts'

/** Bytes counted for each entry besides its text: its row, its client id and digest, and what search keeps of it. */
export const entryBytes = 256

/** Windows are kept by the hour: precise enough for a day, and 25 numbers an account at most. */
const hourMs = 3_600_000
const windowHours = 24

/** Accounts whose day is kept; beyond it the one that began an hour longest ago is dropped, which favours it. */
const accountsMax = 50_000

/** With a full disk somebody has to make room first: clients need not ask more often. */
const diskRetrySeconds = 60

/** The bytes that an account stored within one hour since 1970. */
interface Slot {
  readonly hour: number
  bytes: number
}

interface Needs {
  /** Bytes that one account may store in a day; Infinity for no limit. */
  readonly bytesPerDay: number
  readonly clock: Clock
  /** Whether the disk has less room than it should keep. */
  readonly isDiskLow?: () => boolean
}

export class StorageBudget {
  readonly #needs: Needs
  readonly #days = new Map<AccountId, Slot[]>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Counts a write before it is queued. Refuses with `too-many` beyond the account's day, `unavailable` for the disk. */
  admit(write: Write): Refusal | undefined {
    const use = useOf(write)
    if (use === 'free') return undefined
    if (use === 'adds' && this.#needs.isDiskLow?.() === true) return diskLow
    const account = payerOf(write)
    if (account === undefined) return undefined
    const { bytesPerDay, clock } = this.#needs
    const bytes = priceOf(write)
    const atMs = clock()
    const slots = this.#slotsOf(account, hourOf(atMs))
    // What protects or takes away has the same budget again: an account that is full can still block and leave.
    const max = use === 'adds' ? bytesPerDay : 2 * bytesPerDay
    if (sum(slots) + bytes > max) return full(slots, sum(slots) + bytes - max, atMs)
    this.#add(account, slots, hourOf(atMs), bytes)
    return undefined
  }

  /** Returns the bytes of a write that stored nothing new. */
  giveBack(write: Write): void {
    const account = useOf(write) === 'free' ? undefined : payerOf(write)
    const slots = account === undefined ? undefined : this.#days.get(account)
    let bytes = priceOf(write)
    for (const slot of slots?.toReversed() ?? []) {
      const given = Math.min(slot.bytes, bytes)
      slot.bytes -= given
      bytes -= given
    }
  }

  /** Returns the bytes of those writes of a batch that stored nothing new; an unknown outcome keeps them. */
  settle(writes: readonly Write[], outcomes: readonly unknown[]): void {
    for (const [at, outcome] of outcomes.entries()) {
      const write = writes[at]
      if (write !== undefined && hasStoredNothing(outcome as Written | Refusal)) this.giveBack(write)
    }
  }

  /** Counts an entry that an earlier process stored. */
  note({ sender, kind, text, storedAtMs }: Pick<Entry, 'sender' | 'kind' | 'text' | 'storedAtMs'>): void {
    if (freeEntries.has(kind)) return
    const slots = this.#slotsOf(sender, hourOf(this.#needs.clock()))
    this.#add(sender, slots, hourOf(storedAtMs), entryBytes + Buffer.byteLength(text))
  }

  /** Bytes counted for an account within its window. */
  storedBy(account: AccountId): number {
    return sum(this.#slotsOf(account, hourOf(this.#needs.clock())))
  }

  /** The hours of an account that still count. */
  #slotsOf(account: AccountId, nowHour: number): Slot[] {
    const slots = this.#days.get(account) ?? []
    while (slots[0] !== undefined && slots[0].hour < nowHour - windowHours) slots.shift()
    return slots
  }

  #add(account: AccountId, slots: Slot[], hour: number, bytes: number): void {
    const at = slots.findLastIndex(slot => slot.hour <= hour)
    const slot = slots[at]
    if (slot?.hour === hour) {
      slot.bytes += bytes
      return
    }
    slots.splice(at + 1, 0, { hour, bytes })
    this.#days.delete(account)
    this.#days.set(account, slots)
    const [oldest] = this.#days.keys()
    if (this.#days.size > accountsMax && oldest !== undefined) this.#days.delete(oldest)
  }
}

type Use =
  /** Makes the database larger: refused beyond the budget, and when the disk is low. */
  | 'adds'
  /** Also makes an entry, but somebody needs it to be safe or to make room: refused beyond twice the budget only. */
  | 'protects'
  /** Makes no entry, or no more of them than something that was counted (a message is deleted once). */
  | 'free'

const uses: Readonly<Record<Write['kind'], Use>> = {
  'send-direct': 'adds',
  'send-room': 'adds',
  edit: 'adds',
  'create-room': 'adds',
  'change-room': 'adds',
  register: 'adds',
  'create-invite': 'protects',
  'create-session': 'protects',
  'set-password': 'protects',
  block: 'protects',
  unblock: 'protects',
  'set-presence': 'free',
  'touch-session': 'free',
  'end-session': 'free',
  'end-invite': 'free',
  'delete-account': 'free',
  'erase-some': 'free',
  delete: 'free',
  'mark-read': 'free',
  'begin-epoch': 'free',
  'index-words': 'free',
}

/** Changes of a room that take something away. */
const protecting: ReadonlySet<string> = new Set(['leave', 'remove', 'silence', 'close'])

/** Entries of writes that are free. */
const freeEntries: ReadonlySet<string> = new Set(['delete', 'delete-account', 'end-session', 'epoch'])

function useOf(write: Write): Use {
  return write.kind === 'change-room' && protecting.has(write.change.what) ? 'protects' : uses[write.kind]
}

/** Whose day a write counts in; undefined for nobody's, such as a registration. */
function payerOf(write: Write): AccountId | undefined {
  const { kind } = write
  if (kind === 'send-direct' || kind === 'send-room' || kind === 'edit') return write.sender
  if (kind === 'create-room') return write.owner
  if (kind === 'change-room') return write.actor
  if (kind === 'create-invite') return write.by ?? undefined
  if (kind === 'create-session' || kind === 'set-password' || kind === 'block' || kind === 'unblock') {
    return write.account
  }
  return undefined
}

function priceOf(write: Write): number {
  if ('text' in write) return entryBytes + Buffer.byteLength(write.text)
  if (write.kind === 'create-room') return entryBytes + Buffer.byteLength(write.topic)
  if (write.kind === 'change-room' && write.change.what === 'topic') {
    return entryBytes + Buffer.byteLength(write.change.text)
  }
  return entryBytes
}

function hasStoredNothing(outcome: Written | Refusal): boolean {
  if (outcome instanceof Refusal) return outcome.code !== 'outcome-unknown'
  if (outcome.kind === 'stored') return outcome.repeated
  return !storing.has(outcome.kind)
}

/** Outcomes without an entry that changed something all the same. */
const storing: ReadonlySet<string | undefined> = new Set(['registered', 'session', 'read', 'erased', 'done', undefined])

function full(slots: readonly Slot[], over: number, atMs: number): Refusal {
  let freed = 0
  const last = slots.find(({ bytes }) => {
    freed += bytes
    return freed >= over
  })
  // The hour counts until it lies a whole window back. A write larger than the budget never fits: come back in a day.
  const hour = last?.hour ?? hourOf(atMs)
  const retryAfterSeconds = Math.max(1, Math.ceil(((hour + windowHours + 1) * hourMs - atMs) / 1_000))
  return new Refusal('too-many', stateTexts.storedEnough(retryAfterSeconds), { retryAfterSeconds })
}

const diskLow = new Refusal('unavailable', stateTexts.diskLow, { retryAfterSeconds: diskRetrySeconds })

function hourOf(ms: number): number {
  return Math.floor(ms / hourMs)
}

function sum(slots: readonly Slot[]): number {
  let bytes = 0
  for (const slot of slots) bytes += slot.bytes
  return bytes
}
