// A copy of what was loaded, so that the page opens and can be read while the server is away. The signals are the truth
// and the copy follows them: what the log's readers are told (rolled back, truncated, erased) reaches it through them.
import { effect } from '@preact/signals'
import type { ConversationList } from './conversations.ts'
import type { CopiedConversation } from './copied.ts'
import { canCopy, type Copied, CopyStore, dropCopy } from './copy-store.ts'

/** One tab writes: two would each move the cursor past what only the other has. It lasts as long as its holder. */
const lockName = 'hullo.copy'

/** What changes together is written together; a page that is closed within that time asks for it again. */
const writeAfterMs = 1_000

/** Logs in the copy, the last active first: what somebody without a connection looks for. */
const logsMax = 50

export class Copy {
  readonly #account: number
  readonly #until: AbortSignal
  #store: CopyStore | undefined
  #isOther = false
  /** What is in the store; undefined before the first time, when it may hold what another tab left. */
  #written: ReadonlyMap<number, CopiedConversation> | undefined

  /** Of the account with that id, until `until`. */
  constructor(account: number, until: AbortSignal) {
    this.#account = account
    this.#until = until
    until.addEventListener('abort', () => this.#store?.close())
  }

  /** What was kept, where anything was. Never rejects: a copy is a convenience. */
  async read(): Promise<Copied | undefined> {
    if (!canCopy()) return undefined
    try {
      this.#store = await CopyStore.open()
      const copied = await this.#store.read(this.#account)
      this.#isOther = copied === undefined
      return copied
    } catch {
      return undefined
    }
  }

  /** Follows the list from now on. `cursor` says where everything that is in it ends. */
  follow(list: ConversationList, cursor: () => string | undefined): void {
    const store = this.#store
    if (store === undefined || this.#until.aborted) return
    const hold = async () => {
      // It is somebody else's who was here before, or too old.
      if (this.#isOther) await store.clear()
      await this.#write(store, list, cursor)
    }
    navigator.locks.request(lockName, { signal: this.#until }, hold).catch(() => {})
  }

  /** Keeps the copy as the list is, until the session ends here. */
  async #write(store: CopyStore, list: ConversationList, cursor: () => string | undefined): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    // The disk is full, say: a copy that lacks something is worse than none.
    const giveUp = () => {
      stop()
      dropCopy().catch(() => {})
    }
    const write = () => {
      clearTimeout(timer)
      timer = undefined
      const at = cursor()
      if (at !== undefined) this.#writeOnce(store, copiedOf(list), at).catch(giveUp)
    }
    const isHidden = () => {
      if (document.visibilityState === 'hidden' && timer !== undefined) write()
    }
    document.addEventListener('visibilitychange', isHidden, { signal: this.#until })
    const stop = effect(() => {
      copiedOf(list)
      timer ??= setTimeout(write, writeAfterMs)
    })
    if (!this.#until.aborted) {
      await new Promise(resolve => this.#until.addEventListener('abort', resolve, { once: true }))
    }
    stop()
    clearTimeout(timer)
  }

  #writeOnce(store: CopyStore, now: readonly CopiedConversation[], cursor: string): Promise<void> {
    const there = new Map(now.map(one => [one.view.id, one]))
    const before = this.#written
    const changed = now.filter(one => before?.get(one.view.id) !== one)
    const gone = before === undefined ? 'all' : [...before.keys()].filter(id => !there.has(id))
    this.#written = there
    return store.write({ account: this.#account, cursor, atMs: Date.now() }, { changed, gone })
  }
}

/** The list as it is copied. What did not change is the same object as before. */
function copiedOf(list: ConversationList): CopiedConversation[] {
  return list.byActivity.value.flatMap((conversation, index) => {
    const copied = index < logsMax ? conversation.copied.value : conversation.copiedView.value
    return copied === undefined ? [] : [copied]
  })
}

/** Nobody is signed in here: unless another tab has a session, nothing is to be left. */
export async function dropCopyOfNobody(): Promise<void> {
  if (!canCopy()) return
  await navigator.locks.request(lockName, { ifAvailable: true }, async lock => {
    if (lock !== null) await dropCopy()
  })
}
