// One signed-in connection of a protocol, as the pairs' generator sees it. A wire says what was delivered and what was
// acknowledged; which numbers come next, and whether they are right, is the generator's affair.

interface WireEvents {
  /** A text arrived, somebody's; one's own where the protocol echoes it. */
  readonly delivered: (sender: number, number: number) => void
  /** So many more sends of this connection are acknowledged, in their order. Protocols without it never call. */
  readonly acknowledged: (count: number) => void
  /** The connection is gone, or the server said something that it should not. */
  readonly lost: (why: Error) => void
}

export interface Wire {
  /** Sends texts `first` to `first + count - 1` as a client of this protocol would that has them all at hand. */
  send(first: number, count: number): void
  /** Frames that brought texts, and reads from the socket that did. */
  readonly seen: { frames: number; reads: number }
  close(): void
}

export interface Witness {
  /** Now and then. */
  isDue(): boolean
  look(entry: { readonly seq: number; readonly text: string }): void
}

export interface WireOptions {
  readonly port: number
  /** The index in the texts. */
  readonly self: number
  /** The account's name; that of account n is `names[n]`. */
  readonly name: string
  /** For protocols whose accounts are made before: its token. */
  readonly token: string
  /** To whom the n-th text goes: `targets[n % targets.length]`; none for one who only receives. */
  readonly targets: readonly string[]
  /** The address to connect from, of 127.0.0.0/8. */
  readonly from: string
  /** Looks into the store whether what is just being delivered is there; only for the wire that can. */
  readonly witness?: Witness
}

/** Connects and signs in. */
export type OpenWire = (options: WireOptions, events: WireEvents) => Promise<Wire>
