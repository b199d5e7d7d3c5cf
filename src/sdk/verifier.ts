// Verifies that nothing is missing and nothing comes twice: every entry names the one before it in its conversation.
// It knows one reader's way through the log and holds one small record a conversation.
import type { EntryView } from '../protocol/v1.ts'

export type Verdict =
  | { readonly is: 'next' }
  /** It came before. */
  | { readonly is: 'seen' }
  /** Something between is missing; `seen` is the last that came in that conversation, undefined if none did. */
  | { readonly is: 'gap'; readonly seen: number | undefined }

interface Place {
  readonly seq: number
  /** One left, or was removed, with that entry: the next one begins a new membership. */
  readonly left: boolean
}

export class Verifier {
  readonly #me: string
  readonly #places = new Map<number, Place>()
  /** From behind this seq on, everything that belongs to the reader has come. */
  #from: number = Number.POSITIVE_INFINITY

  /** `me` is the reader's own name. */
  constructor(me: string) {
    this.#me = me
  }

  /** Reading begins behind `seq`. */
  begin(seq: number): void {
    this.#from = seq
  }

  /** The log was rolled back: what came behind `shared` counts as not seen. */
  rollBack(shared: number): void {
    this.#forget(({ seq }) => seq > shared)
    this.#from = shared
  }

  /** What lay below `floor` is gone: what was seen there says nothing about what comes. */
  truncate(floor: number): void {
    this.#forget(({ seq }) => seq < floor)
    this.#from = Math.max(this.#from, floor - 1)
  }

  judge({ conversation, seq, prev }: EntryView): Verdict {
    const place = this.#places.get(conversation)
    if (place === undefined) return prev > this.#from ? { is: 'gap', seen: undefined } : { is: 'next' }
    if (seq <= place.seq) return { is: 'seen' }
    return prev === place.seq || place.left ? { is: 'next' } : { is: 'gap', seen: place.seq }
  }

  /** Takes it as handed on. */
  pass({ conversation, seq, kind, sender, subject }: EntryView): void {
    const left = (kind === 'leave' && sender === this.#me) || (kind === 'remove' && subject === this.#me)
    this.#places.set(conversation, { seq, left })
  }

  #forget(which: (place: Place) => boolean): void {
    for (const [conversation, place] of this.#places) if (which(place)) this.#places.delete(conversation)
  }

  /** A seq from which on reading again finds what is missing. */
  get from(): number {
    return this.#from
  }
}
