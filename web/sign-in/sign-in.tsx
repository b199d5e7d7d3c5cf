// The door: signing in, or making an account; one real form, so that password managers know what it is.
import { useEffect, useRef, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { Refused } from '../../src/sdk/sdk.ts'
import { go, route } from '../model/route.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Logo } from '../ui/logo.tsx'
import { sentenceOf } from '../ui/toast.tsx'
import { useSession } from '../use-chat.ts'
import { codeOf } from './invite.ts'
import './sign-in.css'

/** What was refused, at the field that it is about, or for the form as a whole. */
interface Wrong {
  readonly field: 'name' | 'password' | 'invite' | 'form'
  readonly sentence: string
}

interface SignInProps {
  readonly why: string | undefined
  /** Whose session ended by itself just now: they need only give their password again. */
  readonly name: string | undefined
}

export function SignIn({ why, name }: SignInProps) {
  const invite = route.value.is === 'invite' ? route.value.invite : undefined
  const [isNew, setNew] = useState(invite !== undefined)
  // Who typed a name before seeing that this is the other form need not type it again. (A password is another matter:
  // the browser may have filled in an old one, and may offer a new one.)
  const typed = useRef('')
  const registration = useRegistration()
  const isClosed = registration === 'closed'
  // A link may be opened where the door stands already.
  useEffect(() => {
    if (invite !== undefined) setNew(true)
  }, [invite])
  return (
    <main class="door">
      <div class="door-card">
        <header class="door-head">
          <Logo />
          <h1>Hullo</h1>
          <p>{invite === undefined ? say.tagline : say.invited}</p>
        </header>
        {why !== undefined && (
          <p class="door-why" role="status">
            {why}
          </p>
        )}
        {isNew && isClosed ? (
          <p class="door-why">{say.registrationClosed}</p>
        ) : (
          <DoorForm
            key={`${isNew} ${invite ?? ''}`}
            isNew={isNew}
            needsInvite={isNew && (invite !== undefined || registration === 'invite')}
            invite={invite ?? ''}
            name={typed.current || (isNew ? '' : (name ?? ''))}
            onName={entered => (typed.current = entered)}
          />
        )}
        {(isNew || !isClosed) && (
          <p class="door-other">
            {isNew ? say.alreadyHere : say.newHere}{' '}
            <Button look="quiet" onClick={() => setNew(!isNew)}>
              {isNew ? say.signIn : say.makeAccount}
            </Button>
          </p>
        )}
      </div>
      {!isSecureContext && <p class="door-note">{say.plainHttp}</p>}
    </main>
  )
}

/** Who can make an account here; undefined until the server has said it. The form works without the answer. */
function useRegistration() {
  const session = useSession()
  const [registration, setRegistration] = useState<'open' | 'invite' | 'closed'>()
  useEffect(() => {
    session.registration().then(setRegistration, () => {})
  }, [session])
  return registration
}

interface DoorFormProps {
  readonly isNew: boolean
  readonly needsInvite: boolean
  /** The invite of the link that was opened; empty where there is none. */
  readonly invite: string
  /** What stands in its field at first. */
  readonly name: string
  readonly onName: (typed: string) => void
}

function DoorForm({ isNew, needsInvite, invite, name, onName }: DoorFormProps) {
  const session = useSession()
  const [wrong, setWrong] = useState<Wrong>()
  const [isBusy, setBusy] = useState(false)
  const [isShown, setShown] = useState(false)
  const ref = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // On a phone the keyboard would cover the half of it that says what this is.
    if (matchMedia('(pointer: coarse)').matches) return
    const fields = [...(ref.current?.querySelectorAll('input') ?? [])]
    // Whether an invite is needed may become known while somebody types: then the focus is kept.
    if (fields.some(field => field === document.activeElement && !isEmpty(field))) return
    fields.find(isEmpty)?.focus()
  }, [needsInvite])
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const fields = new FormData(form)
    const entering = { name: text(fields, 'username').trim(), password: text(fields, 'password') }
    const code = codeOf(text(fields, 'invite'))
    setBusy(true)
    setWrong(undefined)
    try {
      if (isNew) await session.register({ ...entering, ...(code === '' ? {} : { invite: code }) })
      else await session.signIn(entering)
      if (route.peek().is === 'invite') go({ is: 'home' }, 'replace')
    } catch (error) {
      const found = wrongOf(error)
      setBusy(false)
      setWrong(found)
      const toMend = { name: 'username', invite: 'invite' }[found.field as string] ?? 'password'
      form.querySelector<HTMLInputElement>(`[name=${toMend}]`)?.focus()
    }
  }
  return (
    <form ref={ref} class="door-form" method="post" onSubmit={event => void submit(event)}>
      {needsInvite && (
        <Field
          label={say.inviteLabel}
          name="invite"
          defaultValue={invite}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          hint={invite === '' ? say.inviteHint : undefined}
          error={wrong?.field === 'invite' ? wrong.sentence : undefined}
        />
      )}
      <Field
        label={say.nameLabel}
        name="username"
        defaultValue={name}
        onInput={event => onName(event.currentTarget.value)}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        dir="auto"
        required
        error={wrong?.field === 'name' ? wrong.sentence : undefined}
      />
      <Field
        label={say.passwordLabel}
        name="password"
        type={isShown ? 'text' : 'password'}
        autocomplete={isNew ? 'new-password' : 'current-password'}
        required
        error={wrong?.field === 'password' ? wrong.sentence : undefined}
      >
        <IconButton
          icon="eye"
          label={isShown ? say.hidePassword : say.showPassword}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        />
      </Field>
      <p class="door-wrong" role="alert">
        {wrong?.field === 'form' ? wrong.sentence : ''}
      </p>
      <Button look="main" type="submit" wide disabled={isBusy}>
        {isNew ? say.makeAccount : say.signIn}
      </Button>
    </form>
  )
}

function text(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}

function wrongOf(error: unknown): Wrong {
  const sentence = sentenceOf(error)
  if (!(error instanceof Refused)) return { field: 'form', sentence }
  const byCode = { 'account-exists': 'name', 'invite-needed': 'invite', 'invite-unknown': 'invite' } as const
  const byField = { name: 'name', password: 'password', invite: 'invite' } as const
  const field = byField[error.field as keyof typeof byField] ?? byCode[error.code as keyof typeof byCode] ?? 'form'
  return { field, sentence }
}

function isEmpty({ value }: HTMLInputElement): boolean {
  return value === ''
}
