// The sign-in on the whole screen: the form, its keys, and what the server says to it.
import { Box, render, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { createElement as h, type ReactNode, useRef, useState } from 'react'
import { Refused } from '../../sdk/sdk.ts'
import { fieldsOf, type Form, formFrame, formOf, pressed, valueOf } from '../model/form.ts'
import { type Stroke, strokesOf } from '../model/keys.ts'
import { type Answers, type Asked, enter, type SignedIn } from '../sign-in.ts'
import { echoOff, screenOptions } from './options.ts'
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
  const props = { first: formOf(asked.server, asked.name, asked.trouble), theme: themeFor(hasColours), done: resolve }
  echoOff()
  const app = render(h(SignIn, props), screenOptions)
  try {
    return await Promise.race([promise, app.waitUntilExit().then(() => undefined)])
  } finally {
    app.unmount()
    await app.waitUntilExit().catch(() => {})
  }
}

interface SignInProps {
  readonly first: Form
  readonly theme: Theme
  readonly done: (signedIn: SignedIn | undefined) => void
}

function SignIn({ first, theme, done }: SignInProps): ReactNode {
  const [shown, show] = useState(first)
  // Several strokes come in one piece: each goes by what the one before it made, not by what was drawn last.
  const now = useRef(first)
  const size = useWindowSize()
  const { setCursorPosition } = useCursor()
  const put = (form: Form) => {
    now.current = form
    show(form)
  }
  const take = (stroke: Stroke) => {
    if (stroke.is === 'key' && (stroke.key === 'ctrl-c' || stroke.key === 'ctrl-d')) return done(undefined)
    if (now.current.isBusy) return
    const after = pressed(now.current, stroke)
    if (after !== 'submit') return put(after)
    put({ ...now.current, isBusy: true })
    void submit()
  }
  const submit = async () => {
    try {
      done(await enter(answersOf(now.current)))
    } catch (error) {
      put(refused(now.current, error))
    }
  }
  useInput((input, key) => strokesOf(input, key).forEach(take))
  usePaste(text => take({ is: 'text', text }))
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
