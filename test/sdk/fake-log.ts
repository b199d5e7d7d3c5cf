// The log of the fake server: in memory, of one process, as plain as it can be while it keeps what LOG promises (seqs
// without gaps, `prev` within a membership, one result for one client id, epochs and a floor).
import { cursorAt, formatCursor, parseCursor } from '../../src/protocol/cursor.ts'
import type { DraftView, EntryKind, EntryView, MeView, SendResult } from '../../src/protocol/v1.ts'

interface Conversation {
  readonly id: number
  /** `alice bob`, or `#room`. */
  readonly key: string
  /** By name: from which seq to which; the last one may be open. */
  readonly stays: Map<string, { from: number; to: number }[]>
}

type Entry = Omit<EntryView, 'prev' | 'to'> & { readonly to: EntryView['to'] }

export class FakeLog {
  readonly accounts = new Map<string, MeView>()
  readonly conversations: Conversation[] = []
  readonly #sends = new Map<string, { seq: number; content: string }>()
  entries: Entry[] = []
  epochs = [{ epoch: '00000000000000e1', firstSeq: 1 }]
  floor = 1

  get head(): number {
    return this.entries.at(-1)?.seq ?? 0
  }

  get epoch(): string {
    return this.epochs.at(-1)?.epoch ?? ''
  }

  addAccount(name: string): MeView {
    const account = { id: this.accounts.size + 1, name, isAdmin: false, createdAt: 1 }
    this.accounts.set(name, account)
    return account
  }

  send(sender: string, { to, text, clientId, sentAt = 2 }: DraftView): SendResult {
    if (text.length > 16_384) return { error: 'too-large', message: 'text is too large', field: 'text' }
    const id = `${sender} ${clientId}`
    const content = `${to} ${text}`
    const before = clientId === undefined ? undefined : this.#sends.get(id)
    if (before !== undefined && before.content !== content) {
      return { error: 'client-id-reused', message: 'Another message has this client id.' }
    }
    const entry = before === undefined ? this.#store(sender, to, text, sentAt) : this.entries[before.seq - 1]
    if (entry === undefined) return { error: 'unreachable', message: `${to} cannot be written to.` }
    this.#sends.set(id, { seq: entry.seq, content })
    return {
      seq: entry.seq,
      conversation: entry.conversation,
      storedAt: entry.storedAt,
      repeated: before !== undefined,
    }
  }

  #store(sender: string, to: EntryView['to'], text: string, sentAt: number): Entry | undefined {
    const name = to.slice(1)
    if (to.startsWith('#')) {
      const room = this.conversations.find(one => one.key === to)
      return room !== undefined && isIn(room, sender)
        ? this.append(room, sender, to, 'text', { text, sentAt })
        : undefined
    }
    if (!this.accounts.has(name)) return undefined
    const key = [sender, name].toSorted().join(' ')
    const direct = this.conversations.find(one => one.key === key) ?? this.#open(key, [sender, name])
    return this.append(direct, sender, to, 'text', { text, sentAt })
  }

  #open(key: string, names: readonly string[]): Conversation {
    const stays = new Map(names.map(name => [name, [{ from: this.head + 1, to: Infinity }]]))
    const conversation = { id: this.conversations.length + 1, key, stays }
    this.conversations.push(conversation)
    return conversation
  }

  /** A room with these members, the first of whom made it. */
  openRoom(name: string, members: readonly string[]): number {
    const room = this.#open(`#${name}`, members)
    this.append(room, members[0] ?? '', `#${name}`, 'create', {})
    return room.id
  }

  leave(room: number, name: string): void {
    const conversation = this.conversations[room - 1]
    const stay = conversation?.stays.get(name)?.at(-1)
    if (conversation === undefined || stay === undefined) throw new Error(`${name} is not in ${room}`)
    stay.to = this.append(conversation, name, `#${conversation.key.slice(1)}`, 'leave', {}).seq
  }

  join(room: number, name: string): void {
    const conversation = this.conversations[room - 1]
    if (conversation === undefined) throw new Error(`there is no room ${room}`)
    const stays = conversation.stays.get(name) ?? []
    conversation.stays.set(name, [...stays, { from: this.head + 1, to: Infinity }])
    this.append(conversation, name, `#${conversation.key.slice(1)}`, 'join', {})
  }

  append(to: Conversation, sender: string, address: EntryView['to'], kind: EntryKind, more: Partial<Entry>): Entry {
    const seq = this.head + 1
    const storedAt = 1_700_000_000 + seq + this.epochs.length / 8
    const entry = { sentAt: 2, ...more, seq, conversation: to.id, to: address, kind, sender, storedAt }
    this.entries.push(entry)
    return entry
  }

  /** What belongs to `name` behind a seq. */
  mine(name: string, after: number): EntryView[] {
    const last = new Map<number, number>()
    const views: EntryView[] = []
    for (const entry of this.entries) {
      const stay = this.#stayAt(entry, name)
      if (stay === undefined) continue
      const before = last.get(entry.conversation) ?? 0
      last.set(entry.conversation, entry.seq)
      if (entry.seq > after && entry.seq >= this.floor) views.push({ ...entry, prev: before < stay.from ? 0 : before })
    }
    return views
  }

  #stayAt({ conversation, seq }: Entry, name: string): { from: number } | undefined {
    const stays = this.conversations[conversation - 1]?.stays.get(name) ?? []
    return stays.find(({ from, to }) => from <= seq && seq <= to)
  }

  cursor(seq: number): string {
    return formatCursor(cursorAt(this.epoch, seq, Math.round((this.entries[seq - 1]?.storedAt ?? 0) * 1000)))
  }

  /** Where a cursor stands; undefined for what is none. */
  place(raw: string): { seq: number; diverged?: number; truncated?: number } | undefined {
    const cursor = parseCursor(raw)
    if (cursor === undefined) return undefined
    const known = this.epochs.findIndex(({ epoch }) => epoch === cursor.epoch)
    const shared = Math.min(...this.epochs.slice(known + 1).map(({ firstSeq }) => firstSeq - 1))
    if (known < 0 || cursor.seq > shared) return { seq: known < 0 ? 0 : shared, diverged: known < 0 ? 0 : shared }
    if (cursor.seq < this.floor - 1) return { seq: this.floor - 1, truncated: this.floor }
    return { seq: cursor.seq }
  }

  /** As a restored backup: what came behind `shared` never was. */
  rollBack(shared: number): void {
    this.entries = this.entries.filter(({ seq }) => seq <= shared)
    this.epochs.push({ epoch: `00000000000000e${this.epochs.length + 1}`, firstSeq: shared + 1 })
    for (const [id, { seq }] of this.#sends) if (seq > shared) this.#sends.delete(id)
  }
}

function isIn({ stays }: Conversation, name: string): boolean {
  return stays.get(name)?.at(-1)?.to === Infinity
}
