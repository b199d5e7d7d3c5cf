// The model, independent of the code under test: what belongs to whom is worked out from the log's entries alone, as
// they are at the end, and everything that was seen during the run is held against it.
import type { EntryView } from '../../src/protocol/v1.ts'
import type { AccountId, ConversationId, Entry, Seq, SessionId } from '../../src/store/store.ts'
import type { Chain, Record, Sent } from './record.ts'

/** What the log does not say itself. */
export interface World {
  readonly log: readonly Entry[]
  readonly names: ReadonlyMap<AccountId, string>
  /** The pair of a direct conversation, or the name of a room. */
  readonly places: ReadonlyMap<ConversationId, Place>
}

export type Place =
  | { readonly kind: 'direct'; readonly low: AccountId; readonly high: AccountId }
  /** `isOpen`: its members may read what was said before they came, for as long as they are there. */
  | { readonly kind: 'room'; readonly name: string; readonly isOpen: boolean }

interface Owned {
  readonly entry: Entry
  readonly prev: Seq
}

/** Everything that is wrong, in sentences; empty where all is well. */
export function judge(record: Record, world: World): string[] {
  const model = new Model(world, new Map(record.sends.map(({ sentAtS, text }) => [sentAtS, text])))
  const ends = endsOf(record, world.log)
  return [
    ...record.findings,
    ...model.findings,
    ...record.sends.flatMap(sent => judgeSend(sent, world)),
    ...record.chains.flatMap(chain => judgeChain(chain, model, ends)),
  ]
}

/** The log gone through once: who had what, what every message ever said, and whether each entry was allowed. */
class Model {
  readonly world: World
  readonly findings: string[] = []
  /** The texts that a message has had, each with the entry that brought it. */
  readonly #texts = new Map<Seq, { readonly by: Seq; readonly text: string }[]>()
  readonly #ownedSeqs = new Map<AccountId, Set<Seq>>()
  readonly #sent: ReadonlyMap<number, string>
  readonly #owned = new Map<AccountId, Owned[]>()
  /** Present members, each with the last entry of its own; 0 before the first. */
  readonly #members = new Map<ConversationId, Map<AccountId, Seq>>()
  readonly #blocks = new Set<string>()
  readonly #silenced = new Set<string>()
  readonly #closed = new Set<ConversationId>()

  /** `sent`: the text of each message, by its time of sending. */
  constructor(world: World, sent: ReadonlyMap<number, string>) {
    this.world = world
    this.#sent = sent
    for (const [at, entry] of world.log.entries()) {
      const before = world.log[at - 1]
      if (entry.seq !== at + 1) this.#wrong(entry, `stands at place ${at + 1} of the log`)
      if (before !== undefined && before.storedAtMs > entry.storedAtMs)
        this.#wrong(entry, 'is older than the one before')
      this.#pass(entry)
    }
  }

  ownedBy(account: AccountId): readonly Owned[] {
    return this.#owned.get(account) ?? []
  }

  /** Whether an account may read an entry; undefined where that depends on when it looked. */
  mayRead(account: AccountId, conversation: ConversationId, seq: Seq): boolean | undefined {
    if (this.#ownedSeqs.get(account)?.has(seq) === true) return true
    const place = this.world.places.get(conversation)
    return place?.kind === 'room' && place.isOpen ? undefined : false
  }

  /**
   * Whether a text was, at some time, what stood or what was done there, in a version that the account may read; of what
   * was erased nobody can say. `target`: what the reader was told that an edit refers to.
   */
  mayHaveSaid(account: AccountId, entry: Entry, { text, refersTo: target }: EntryView): boolean {
    const { kind, seq, conversation } = entry
    if (kind === 'erased') return true
    if (kind === 'text') {
      const versions = this.#texts.get(seq) ?? []
      return versions.some(({ by, text: its }) => its === text && this.mayRead(account, conversation, by) !== false)
    }
    if (kind === 'edit') return target === undefined ? text === undefined : text === entry.text || entry.text === ''
    return text === (kind === 'topic' || kind === 'role' ? entry.text : undefined)
  }

  #pass(entry: Entry): void {
    const { conversation, sender, subject, kind, seq, refersTo, text } = entry
    if (kind === 'block' || kind === 'unblock') {
      const key = `${sender} ${subject}`
      if (kind === 'block') this.#blocks.add(key)
      else this.#blocks.delete(key)
    }
    if (conversation === 0) return
    if (kind === 'create' || kind === 'join' || kind === 'invite') this.#enter(entry, subject ?? sender)
    const place = this.world.places.get(conversation)
    if (place?.kind === 'direct' && !this.#members.has(conversation)) {
      for (const account of new Set([place.low, place.high])) this.#enter(entry, account)
    }
    if (kind === 'text' || kind === 'edit' || kind === 'erased') this.#checkMayWrite(entry, place)
    if (kind === 'text') {
      const sent = this.#sent.get(entry.sentAtS)
      if (sent !== undefined && sent !== text) this.#wrong(entry, 'has another text than was sent')
      this.#texts.set(seq, [{ by: seq, text }])
    }
    if (kind === 'edit' && refersTo !== null) this.#texts.get(refersTo)?.push({ by: seq, text })
    this.#handOut(entry)
    const about = `${conversation} ${subject ?? sender}`
    if (kind === 'silence') this.#silenced.add(about)
    if (kind === 'unsilence') this.#silenced.delete(about)
    if (kind === 'close') this.#closed.add(conversation)
    if (kind === 'reopen') this.#closed.delete(conversation)
    if (kind === 'leave' || kind === 'remove') this.#members.get(conversation)?.delete(subject ?? sender)
  }

  #enter(entry: Entry, account: AccountId): void {
    const members = this.#members.get(entry.conversation) ?? new Map<AccountId, Seq>()
    if (members.has(account)) this.#wrong(entry, `brings in ${this.world.names.get(account)}, who is there`)
    members.set(account, 0)
    this.#members.set(entry.conversation, members)
  }

  #handOut(entry: Entry): void {
    const members = this.#members.get(entry.conversation) ?? new Map<AccountId, Seq>()
    if (!members.has(entry.sender)) this.#wrong(entry, 'is by one who is no member')
    for (const [account, prev] of members) {
      const owned = this.#owned.get(account) ?? []
      owned.push({ entry, prev })
      this.#owned.set(account, owned)
      this.#ownedSeqs.set(account, (this.#ownedSeqs.get(account) ?? new Set()).add(entry.seq))
      members.set(account, entry.seq)
    }
  }

  #checkMayWrite(entry: Entry, place: Place | undefined): void {
    const { sender, conversation } = entry
    if (this.#silenced.has(`${conversation} ${sender}`)) this.#wrong(entry, 'is by one who is silenced')
    if (this.#closed.has(conversation)) this.#wrong(entry, 'is in a closed room')
    if (place?.kind !== 'direct') return
    const { low, high } = place
    if (this.#blocks.has(`${low} ${high}`) || this.#blocks.has(`${high} ${low}`)) this.#wrong(entry, 'passes a block')
  }

  #wrong({ seq, kind }: Entry, what: string): void {
    this.findings.push(`entry ${seq} (${kind}) ${what}`)
  }
}

/** The entry with which each session was over. */
function endsOf({ sessions }: Record, log: readonly Entry[]): ReadonlyMap<SessionId, Seq> {
  const ends = new Map<SessionId, Seq>()
  for (const { session, account, from } of sessions) {
    const end = log.find(
      ({ seq, sender, kind, refersTo }) =>
        seq > from &&
        sender === account &&
        (kind === 'delete-account' ||
          (kind === 'password' && refersTo !== session) ||
          (kind === 'end-session' && refersTo === session)),
    )
    if (end !== undefined) ends.set(session, end.seq)
  }
  return ends
}

/** Acknowledged: exactly once, where it was said to be. Refused: never. In doubt: once at most. */
function judgeSend({ sender, text, sentAtS, clientId, told }: Sent, { log }: World): string[] {
  const stored = log.filter(
    entry => entry.sentAtS === sentAtS && entry.sender === sender && (entry.kind === 'text' || entry.kind === 'erased'),
  )
  const what = `message ${sentAtS} (${JSON.stringify(text.slice(0, 12))}, client id ${clientId})`
  const wrong: string[] = []
  const acknowledged = new Set(told.flatMap(one => (one.kind === 'stored' ? [one.seq] : [])))
  for (const seq of acknowledged) {
    if (!stored.some(entry => entry.seq === seq)) wrong.push(`${what} was acknowledged as ${seq} and is not there`)
  }
  const inDoubt = told.filter(one => one.kind === 'unknown').length
  const most = clientId === undefined ? acknowledged.size + inDoubt : Math.min(1, acknowledged.size + inDoubt)
  if (stored.length > most) wrong.push(`${what} is there ${stored.length} times, and ${JSON.stringify(told)} was told`)
  return wrong
}

/** Exactly what belongs to the account between where it began and where it stands, and nothing after its rights ended. */
function judgeChain(chain: Chain, model: Model, ends: ReadonlyMap<SessionId, Seq>): string[] {
  const { name, account, start, at, received } = chain
  if (start === undefined) return []
  const wrong: string[] = []
  const expected = model.ownedBy(account).filter(({ entry }) => entry.seq > start && entry.seq <= at)
  const bySeq = new Map(expected.map(owned => [owned.entry.seq, owned]))
  const seen = new Set<Seq>()
  for (const { entry, session } of received) {
    const owned = bySeq.get(entry.seq)
    const end = ends.get(session)
    if (owned === undefined) wrong.push(`a reader of ${name} got ${entry.seq} (${entry.kind}), which is not its own`)
    else
      wrong.push(
        ...differences(account, entry, owned, model).map(what => `a reader of ${name} got ${entry.seq} with ${what}`),
      )
    if (seen.has(entry.seq)) wrong.push(`a reader of ${name} got ${entry.seq} twice`)
    if (end !== undefined && entry.seq > end) {
      wrong.push(`a reader of ${name} got ${entry.seq} in session ${session}, which was over at ${end}`)
    }
    seen.add(entry.seq)
  }
  for (const seq of bySeq.keys()) {
    if (!seen.has(seq)) wrong.push(`a reader of ${name} that began after ${start} is at ${at} without ${seq}`)
  }
  return wrong
}

/** What of an entry that was received is not as the log has it. Its text may have changed since, or be gone. */
function differences(account: AccountId, view: EntryView, { entry, prev }: Owned, model: Model): string[] {
  const { world } = model
  const place = world.places.get(entry.conversation)
  const other = place?.kind === 'direct' ? (place.low === entry.sender ? place.high : place.low) : 0
  const mayRead = entry.refersTo === null || model.mayRead(account, entry.conversation, entry.refersTo)
  const isHidden = mayRead === false || (mayRead === undefined && view.refersTo === undefined)
  const wanted: Partial<EntryView> = {
    prev,
    conversation: entry.conversation,
    to: place?.kind === 'room' ? `#${place.name}` : `@${world.names.get(other)}`,
    sender: world.names.get(entry.sender) ?? '',
    sentAt: entry.sentAtS,
    storedAt: entry.storedAtMs / 1_000,
    ...(entry.refersTo === null || isHidden ? {} : { refersTo: entry.refersTo }),
    ...(entry.subject === null ? {} : { subject: world.names.get(entry.subject) ?? '' }),
  }
  const wrong = Object.entries(wanted)
    .filter(([key, value]) => view[key as keyof EntryView] !== value)
    .map(([key, value]) => `${key} ${view[key as keyof EntryView]} instead of ${value}`)
  const wasText = entry.kind === 'erased' && view.kind === 'text'
  if (view.kind !== entry.kind && !wasText) wrong.push(`kind ${view.kind} instead of ${entry.kind}`)
  if (isHidden && view.refersTo !== undefined) wrong.push(`refersTo ${view.refersTo}, which is not its own`)
  if (!model.mayHaveSaid(account, entry, view)) wrong.push(`the text ${JSON.stringify(view.text)}`)
  return wrong
}
