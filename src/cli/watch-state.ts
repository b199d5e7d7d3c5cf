// The state file of `hullo watch`: how far the messages are dealt with. It never runs ahead of that; after a crash the
// last message may come once more, and none is left out. One watch at a time has it.
import { readFile } from 'node:fs/promises'
import { nameKey } from '../protocol/names.ts'
import {
  stateForeign,
  stateInUse,
  stateOfAnother,
  stateUnreadable,
  stateUnwritable,
} from '../protocol/texts/commands.ts'
import { parseWhole, reasonOf, writeWhole } from '../terminal/files.ts'
import { Complained, no } from './report.ts'

export interface Place {
  /** Everything up to here was dealt with, and beyond it what has a seq up to `seq`: the rest of a frame. */
  readonly cursor: string
  readonly seq: number
}

/** How often a place is written at which nothing happened: it only saves reading past the messages of others again. */
const quietMs = 60_000

export class StateFile implements Disposable {
  readonly #path: string
  readonly #server: string
  readonly #name: string
  #quiet: Place | undefined
  #writtenMs = 0
  #lock: Disposable | undefined

  private constructor(path: string, server: string, name: string) {
    this.#path = path
    this.#server = server
    this.#name = name
  }

  /** Of one account on one server, for this process alone. Throws what is to be complained about: another's file, or in use. */
  static async open(path: string, server: string, name: string): Promise<StateFile> {
    const state = new StateFile(path, server, name)
    await state.read() // beside a file that is not ours nothing is left
    state.#lock = await lockFor(path)
    return state
  }

  [Symbol.dispose](): void {
    this.#lock?.[Symbol.dispose]()
  }

  /** Where the last run ended; undefined if there was none. Throws what is to be complained about. */
  async read(): Promise<Place | undefined> {
    const text = await this.#text()
    if (text === undefined) return undefined
    const kept = parseState(text)
    if (kept === undefined) throw new Complained(no('usage', stateForeign(this.#path)))
    if (kept.server !== this.#server || nameKey(kept.name) !== nameKey(this.#name)) {
      throw new Complained(no('usage', stateOfAnother(this.#path, kept.name, kept.server)))
    }
    return kept.place
  }

  /** Once it resolves `place` is on the disk. */
  async write({ cursor, seq }: Place): Promise<void> {
    const state = { format: 1, server: this.#server, name: this.#name, cursor, seq }
    this.#quiet = undefined
    this.#writtenMs = Date.now()
    try {
      await writeWhole(this.#path, `${JSON.stringify(state)}\n`)
    } catch (error) {
      throw new Complained(no('broken', stateUnwritable(this.#path, reasonOf(error))))
    }
  }

  /** The same where nothing was dealt with: now and then, and at the end. */
  async passBy(place: Place): Promise<void> {
    this.#quiet = place
    if (Date.now() - this.#writtenMs >= quietMs) await this.write(place)
  }

  async end(): Promise<void> {
    if (this.#quiet !== undefined) await this.write(this.#quiet)
  }

  async #text(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new Complained(no('broken', stateUnreadable(this.#path, reasonOf(error))))
    }
  }
}

/** In a file beside it, which stays: the state file itself is another one after each write. */
async function lockFor(path: string): Promise<Disposable> {
  // Loaded only for this: it brings a database with it.
  const { takeLock } = await import('../store/sqlite/lock.ts')
  let lock: Disposable | undefined
  try {
    lock = takeLock(`${path}.lock`)
  } catch (error) {
    throw new Complained(no('broken', stateUnwritable(path, reasonOf(error))))
  }
  if (lock === undefined) throw new Complained(no('usage', stateInUse(path)))
  return lock
}

function parseState(text: string): { server: string; name: string; place: Place } | undefined {
  const { server, name, cursor, seq } = parseWhole(text) ?? {}
  if (typeof server !== 'string' || typeof name !== 'string') return undefined
  if (typeof cursor !== 'string' || typeof seq !== 'number' || !Number.isSafeInteger(seq)) return undefined
  return { server, name, place: { cursor, seq } }
}
