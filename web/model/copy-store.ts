// Where the copy of what was loaded lies: IndexedDB, in secure contexts only. On plain HTTP the page cannot be opened
// without its server, and who leaves a shared computer by closing the tab leaves no messages on it.
import type { CopiedConversation } from './copied.ts'

export interface Copied {
  /** Everything up to here is in the copy. */
  readonly cursor: string
  readonly conversations: readonly CopiedConversation[]
}

interface Meta {
  readonly account: number
  readonly cursor: string
  /** This browser's clock, ms since 1970. */
  readonly atMs: number
}

const databaseName = 'hullo'

/**
 * Of the shapes above: a page that knows another drops what is there. Format 1, of 0.4 and before, may hold logs that are
 * said to be whole and are not.
 */
const format = 2

/** Who comes back later has missed more than a copy spares: it is all asked for anew. */
const ageMsMax = 30 * 24 * 3_600_000

/** Whether this browser keeps a copy here at all. */
export function canCopy(): boolean {
  return isSecureContext && 'indexedDB' in globalThis && 'locks' in navigator
}

export class CopyStore {
  readonly #database: IDBDatabase
  #isClosed = false

  private constructor(database: IDBDatabase) {
    this.#database = database
    // Another tab drops it, or has a page of another format.
    database.addEventListener('versionchange', () => this.close())
  }

  /** Rejects where the browser refuses, or a newer page has been here. */
  static open(): Promise<CopyStore> {
    const request = indexedDB.open(databaseName, format)
    request.addEventListener('upgradeneeded', () => {
      const { result } = request
      for (const name of result.objectStoreNames) result.deleteObjectStore(name)
      result.createObjectStore('meta')
      result.createObjectStore('conversations')
    })
    return outcome(request).then(database => new CopyStore(database))
  }

  /** What is kept for an account; undefined where there is nothing, or it is another's, or too old. */
  async read(account: number): Promise<Copied | undefined> {
    const transaction = this.#database.transaction(['meta', 'conversations'])
    const [meta, conversations] = await Promise.all([
      outcome<Meta | undefined>(transaction.objectStore('meta').get('meta')),
      outcome<CopiedConversation[]>(transaction.objectStore('conversations').getAll()),
    ])
    if (meta === undefined || meta.account !== account || Date.now() - meta.atMs > ageMsMax) return undefined
    return { cursor: meta.cursor, conversations }
  }

  /** Removes everything, in one transaction. */
  clear(): Promise<void> {
    return this.#change(transaction => {
      transaction.objectStore('meta').clear()
      transaction.objectStore('conversations').clear()
    })
  }

  /** Replaces `changed`, removes `gone` and moves the cursor on: all of it or nothing. */
  write(
    meta: Meta,
    { changed, gone }: { readonly changed: readonly CopiedConversation[]; readonly gone: readonly number[] | 'all' },
  ): Promise<void> {
    return this.#change(transaction => {
      const conversations = transaction.objectStore('conversations')
      if (gone === 'all') conversations.clear()
      else for (const id of gone) conversations.delete(id)
      for (const one of changed) conversations.put(one, one.view.id)
      transaction.objectStore('meta').put(meta, 'meta')
    })
  }

  close(): void {
    this.#isClosed = true
    this.#database.close()
  }

  #change(step: (transaction: IDBTransaction) => void): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    const transaction = this.#database.transaction(['meta', 'conversations'], 'readwrite')
    step(transaction)
    return new Promise((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve())
      transaction.addEventListener('abort', () => reject(transaction.error ?? new DOMException('', 'AbortError')))
    })
  }
}

/** Removes the copy, whosever it is; other tabs let go of it. */
export async function dropCopy(): Promise<void> {
  if (canCopy()) await outcome(indexedDB.deleteDatabase(databaseName))
}

function outcome<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new DOMException('', 'UnknownError')))
  })
}
