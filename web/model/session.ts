// Who is signed in on this page, if anybody. Over HTTPS the browser keeps the token in a cookie that no script can read;
// on plain HTTP cookies would reach every other port of the host, so the tab keeps it in sessionStorage, and only there.
import { signal } from '@preact/signals'
import { Closed, type Me, type MeView, Refused, register, registrationAt, resume, signIn } from '../../src/sdk/sdk.ts'
import { sessionEnded, sessionEndedWithDrafts } from '../../src/protocol/texts/page.ts'
import { deleted } from '../../src/protocol/texts/page-settings.ts'
import { Chat } from './chat.ts'
import { dropCopyOfNobody } from './copy.ts'
import { type Kept, readJson } from './kept.ts'
import { go, route } from './route.ts'
import { keptIn } from './storage.ts'
import { tabsByLocks } from './tabs.ts'
import { Writing } from './writing.ts'

export type Signed =
  | { readonly is: 'starting' }
  /** `why` is a sentence, where it was not one's own wish; `name` whose session it was that ended by itself. */
  | { readonly is: 'out'; readonly why?: string; readonly name?: string }
  | { readonly is: 'in'; readonly chat: Chat }

export interface Entering {
  readonly name: string
  readonly password: string
  readonly invite?: string
}

/** The server whose page this is; the page may be served below a path. */
const server = new URL('.', location.href)
const overTls = location.protocol === 'https:'

/**
 * On plain HTTP whoever is on the way can read the token: it is good for half a day after its last use, as the proof of a
 * password is on the lab's routes, and for a week at most. A class signs in anew each morning.
 */
const shortSeconds = 12 * 3_600
const lasting = isSecureContext ? {} : { expiresInSeconds: shortSeconds }

interface KeptSession {
  readonly account: MeView
  readonly token?: string
}

export class Session {
  readonly signed = signal<Signed>({ is: 'starting' })
  /** What is this browser's, whoever is signed in: how the page looks. */
  readonly kept: Kept = keptIn('localStorage')
  /** With the token in a cookie it is enough to remember whose it is. */
  readonly #ticket: Kept = overTls ? this.kept : keptIn('sessionStorage')
  readonly #writing = new Writing({
    storage: isSecureContext ? this.kept : keptIn('sessionStorage'),
    staysThere: isSecureContext,
    tabs: tabsByLocks,
  })

  /** Goes on with the session that this browser (HTTPS) or this tab has; works offline too. */
  async start(): Promise<void> {
    // What 0.3 kept, under names that did not say whose on which server.
    for (const start of ['draft.', 'outbox.']) this.kept.forget(start)
    if (overTls) addEventListener('storage', () => this.#giveWay())
    const was = readJson(this.#ticket, 'session', isKeptSession)
    if (was !== undefined) return this.#enter(await resume({ server, ...was }))
    this.signed.value = { is: 'out' }
    dropCopyOfNobody().catch(() => {})
  }

  /** Rejects with `Refused` or `NoAnswer`. */
  async signIn({ name, password }: Entering): Promise<void> {
    await this.#enter(await signIn({ server, name, password, label: deviceLabel(), cookie: overTls, ...lasting }))
  }

  /** Who can make an account here. Rejects with `NoAnswer`. */
  registration(): Promise<'open' | 'invite' | 'closed'> {
    return registrationAt({ server })
  }

  /** Makes an account and signs in. */
  async register({ invite, ...entering }: Entering): Promise<void> {
    const given = invite === undefined ? {} : { invite }
    await this.#enter(
      await register({ server, ...entering, ...given, label: deviceLabel(), cookie: overTls, ...lasting }),
    )
  }

  /** Ends the session on the server where it can be reached, and forgets what is kept here in any case. */
  async signOut(): Promise<void> {
    const { signed } = this
    if (signed.value.is !== 'in') return
    const { chat } = signed.value
    this.#leave(chat)
    leaveRoute()
    this.#writing.forget(chat.me.account)
    await chat.end()
  }

  /** Deletes the account for good, and forgets what is kept here. Rejects as the SDK does. */
  async deleteAccount(password: string): Promise<void> {
    const { signed } = this
    if (signed.value.is !== 'in') return
    const { chat } = signed.value
    await chat.me.own.delete(password)
    this.#leave(chat, { why: deleted })
    leaveRoute()
    this.#writing.forget(chat.me.account)
    await chat.me.close()
  }

  /**
   * One cookie speaks for all tabs: where another account has signed in in another one, this page would act in its name. It
   * is loaded anew, as that account's.
   */
  #giveWay(): void {
    const { value } = this.signed
    const now = readJson(this.#ticket, 'session', isKeptSession)
    if (value.is !== 'in' || now === undefined || now.account.id === value.chat.me.account.id) return
    this.signed.value = { is: 'starting' }
    value.chat.leave()
    this.#writing.forget(value.chat.me.account)
    location.reload()
  }

  async #enter(me: Me): Promise<void> {
    const token = me.token === undefined ? {} : { token: me.token }
    this.#ticket.write('session', JSON.stringify({ account: me.account, ...token } satisfies KeptSession))
    const chat = new Chat(me, await this.#writing.enter(me.account))
    this.signed.value = { is: 'in', chat }
    chat.run().catch((error: unknown) => {
      if (this.#isIn(chat) && !(error instanceof Closed)) this.#over(chat, error)
    })
  }

  #isIn(chat: Chat): boolean {
    return this.signed.value.is === 'in' && this.signed.value.chat === chat
  }

  /** The session ended by itself: it was not used for too long, it was ended elsewhere, the password changed. */
  #over(chat: Chat, error: unknown): void {
    const { account } = chat.me
    const hasLeft = this.#writing.leave(account)
    const isExpected = error instanceof Refused && error.code === 'signed-out'
    const why = isExpected ? (hasLeft ? sessionEndedWithDrafts : sessionEnded) : String(error)
    this.#leave(chat, { why, name: account.name })
  }

  #leave(chat: Chat, told: { readonly why?: string; readonly name?: string } = {}): void {
    this.#ticket.write('session', undefined)
    chat.leave()
    this.signed.value = { is: 'out', ...told }
  }
}

/** Where one was is not for the next one who signs in; an invite is for exactly them. */
function leaveRoute(): void {
  if (route.peek().is !== 'invite') go({ is: 'home' }, 'replace')
}

function isKeptSession(value: unknown): value is KeptSession {
  const { account, token } = (value ?? {}) as Partial<KeptSession>
  return typeof account?.name === 'string' && (overTls ? token === undefined : typeof token === 'string')
}

/** For the list of one's sessions: "Chrome on Android", say. */
function deviceLabel(): string {
  const { userAgent } = navigator
  const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(userAgent)?.[0] ?? 'Browser'
  const system = /Android|iPhone|iPad|Windows|Mac OS|CrOS|Linux/.exec(userAgent)?.[0] ?? ''
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS': 'macOS', CrOS: 'ChromeOS' }
  return [names[browser] ?? browser, names[system] ?? system].filter(part => part !== '').join(', ')
}
