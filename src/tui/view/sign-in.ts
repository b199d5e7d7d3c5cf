// The sign-in on the whole screen: the form, its keys, and what the server says to it.
import { Box, render, useCursor, useWindowSize } from 'ink'
import { createElement as h, type ReactNode, useSyncExternalStore } from 'react'
import { Refused } from '../../sdk/sdk.ts'
import { fieldsOf, type Form, formFrame, formOf, pressed, valueOf } from '../model/form.ts'
import type { Stroke } from '../model/keys.ts'
import { type Answers, type Asked, enter, type SignedIn } from '../sign-in.ts'
import { listen } from './input.ts'
import { screenOptions } from './options.ts'
import { Rows, type Theme, themeFor } from './rows.ts'
import { messageOf } from '../../terminal/reason.ts'

/** Asks who one is until a server takes it; undefined where one leaves. */
export async function signInOnScreen(
  asked: Asked,
  hasColours: boolean,
  signal: AbortSignal,
): Promise<SignedIn | undefined> {
  const { promise, resolve } = Promise.withResolvers<SignedIn | undefined>()
  signal.addEventListener('abort', () => resolve(undefined), { once: true })
  const asking = new SigningIn(formOf(asked.server, asked.name, asked.trouble), resolve)
  const keys = listen(stroke => asking.take(stroke))
  const app = render(h(SignIn, { asking, theme: themeFor(hasColours) }), screenOptions)
  try {
    return await Promise.race([promise, app.waitUntilExit().then(() => undefined)])
  } finally {
    keys[Symbol.dispose]()
    app.unmount()
    await app.waitUntilExit().catch(() => {})
  }
}

/** The form as it is now. Several strokes come in one piece: each goes by what the one ahead of it made of the form. */
class SigningIn {
  readonly #done: (signedIn: SignedIn | undefined) => void
  readonly #listeners = new Set<() => void>()
  #form: Form

  constructor(first: Form, done: (signedIn: SignedIn | undefined) => void) {
    this.#form = first
    this.#done = done
  }

  readonly form = (): Form => this.#form

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  take(stroke: Stroke): void {
    // No chord with Alt does anything here: it is Esc, and a character of a password, say.
    if (stroke.is === 'key' && stroke.apart !== undefined) return stroke.apart.forEach(one => this.take(one))
    if (stroke.is === 'key' && (stroke.key === 'ctrl-c' || stroke.key === 'ctrl-d')) return this.#done(undefined)
    if (this.#form.isBusy) return
    const after = pressed(this.#form, stroke)
    if (after !== 'submit') return this.#put(after)
    this.#put({ ...this.#form, isBusy: true })
    void this.#submit()
  }

  async #submit(): Promise<void> {
    try {
      this.#done(await enter(answersOf(this.#form)))
    } catch (error) {
      this.#put(refused(this.#form, error))
    }
  }

  #put(form: Form): void {
    this.#form = form
    for (const listener of this.#listeners) listener()
  }
}

interface SignInProps {
  readonly asking: SigningIn
  readonly theme: Theme
}

function SignIn({ asking, theme }: SignInProps): ReactNode {
  const shown = useSyncExternalStore(asking.subscribe, asking.form)
  const size = useWindowSize()
  const { setCursorPosition } = useCursor()
  const { rows, caret } = formFrame(shown, size)
  setCursorPosition(shown.isBusy ? undefined : caret)
  return h(Box, { width: size.columns, height: size.rows }, h(Rows, { rows, width: size.columns, theme }))
}

function answersOf(form: Form): Answers {
  return {
    server: valueOf(form, 'server'),
    name: valueOf(form, 'name'),
    password: valueOf(form, 'password'),
    isNew: form.isNew,
    invite: form.asksInvite ? valueOf(form, 'invite') : '',
  }
}

/** The form with what went wrong, where it can be put right. */
function refused(form: Form, error: unknown): Form {
  const trouble = messageOf(error)
  const after = { ...form, isBusy: false, trouble }
  if (!(error instanceof Refused)) return { ...after, focus: 'server' }
  if (error.code === 'invite-needed' || error.code === 'invite-unknown') {
    return { ...after, asksInvite: true, focus: 'invite' }
  }
  const field = fieldsOf(after).find(one => one === error.field)
  const isName = error.code === 'account-exists' || error.code === 'account-unknown'
  return { ...after, focus: field ?? (isName ? 'name' : 'password') }
}
