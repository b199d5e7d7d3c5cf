// A server's side of one conversation for tests of the page's model: history by pages, and sends that one answers by hand.
import type { EntryView, Me, Stored } from '../../src/sdk/sdk.ts'
import type { Kept } from '../../web/model/kept.ts'

/** A browser's storage. */
export function memory(): Kept & { readonly all: Map<string, string> } {
  const all = new Map<string, string>()
  const names = (start: string) => [...all.keys()].filter(name => name.startsWith(start))
  return {
    all,
    names,
    read: name => all.get(name),
    write: (name, value) => void (value === undefined ? all.delete(name) : all.set(name, value)),
    forget: start => names(start).forEach(name => all.delete(name)),
    // There is one tab alone.
    follow: () => {},
  }
}

export function entry(seq: number, more: Partial<EntryView> = {}): EntryView {
  const text = `text ${seq}`
  return {
    seq,
    prev: 0,
    conversation: 7,
    to: '@me',
    kind: 'text',
    sender: 'ann',
    text,
    sentAt: seq,
    storedAt: seq,
    ...more,
  }
}

interface Sent {
  readonly text: string
  readonly clientId: string
  readonly answer: (seq: number) => void
  readonly refuse: (why: Error) => void
}

export interface FakeServer {
  readonly me: Me
  readonly entries: EntryView[]
  readonly sent: Sent[]
  /** Client ids that were taken back, and seqs that were erased. */
  readonly withdrawn: string[]
  readonly erased: number[]
  /** Edits, each answered by hand. */
  readonly edits: {
    readonly seq: number
    readonly text: string
    readonly done: () => void
    readonly refuse: (why: Error) => void
  }[]
  /** Runs between a page being asked for and its answer. */
  whileLoading: () => void
  /** Pages that were asked for. */
  pages: number
}

/** The parts of a session that the model of one conversation calls. */
export function fakeServer(entries: EntryView[] = []): FakeServer {
  const sent: Sent[] = []
  const server: FakeServer = {
    entries,
    sent,
    withdrawn: [],
    erased: [],
    edits: [],
    whileLoading: () => {},
    pages: 0,
    me: undefined as unknown as Me,
  }
  const history = async (_id: number, at: { before?: number; after?: number; limit: number }) => {
    server.pages += 1
    const { before = Number.POSITIVE_INFINITY, after, limit } = at
    const fitting = server.entries.filter(({ seq }) => seq < before && seq > (after ?? -1))
    const page = after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit)
    await Promise.resolve()
    server.whileLoading()
    return { entries: page, more: fitting.length > page.length }
  }
  const send = (_to: string, text: string, { clientId }: { clientId: string }) =>
    new Promise<Stored>((resolve, refuse) => {
      const answer = (seq: number) => resolve({ seq, conversation: 7, storedAt: seq, repeated: false, clientId })
      sent.push({ text, clientId, answer, refuse })
    })
  const me = {
    name: 'me',
    account: { id: 1, name: 'me', isAdmin: false, createdAt: 0 },
    conversations: { history },
    send,
    withdraw: (clientId: string) => void server.withdrawn.push(clientId),
    erase: async (seq: number) => void server.erased.push(seq),
    edit: (seq: number, text: string) =>
      new Promise<void>((done, refuse) => void server.edits.push({ seq, text, done, refuse })),
  }
  return Object.assign(server, { me: me as unknown as Me })
}
