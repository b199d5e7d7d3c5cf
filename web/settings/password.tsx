// Another password: one real form, so that password managers keep the new one under the right name.
import { useState } from 'preact/hooks'
import * as page from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-settings.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { useChat } from '../use-chat.ts'
import { sessionsChanged } from './sessions-changed.ts'

export function Password() {
  const { me } = useChat()
  const { isBusy, wrong, field, run } = useDeed()
  const [isShown, setShown] = useState(false)
  const [isDone, setDone] = useState(false)
  const type = isShown ? 'text' : 'password'
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const input = (name: string) => form.querySelector<HTMLInputElement>(`[name=${name}]`)
    setDone(false)
    const isChanged = await run(() => me.own.changePassword(input('current')?.value ?? '', input('next')?.value ?? ''))
    setDone(isChanged)
    if (!isChanged) return input('current')?.focus()
    form.reset()
    sessionsChanged.value += 1
  }
  return (
    <form class="form" method="post" onSubmit={event => void submit(event)}>
      <input
        class="unseen"
        type="text"
        name="username"
        autocomplete="username"
        value={me.name}
        tabIndex={-1}
        aria-hidden="true"
        readOnly
      />
      <Field
        label={say.currentPassword}
        name="current"
        type={type}
        autocomplete="current-password"
        required
        error={wrong !== undefined && field !== 'next' ? wrong : undefined}
      />
      <Field
        label={say.newPassword}
        name="next"
        type={type}
        autocomplete="new-password"
        required
        error={field === 'next' ? wrong : undefined}
      >
        <IconButton
          icon="eye"
          label={isShown ? page.hidePassword : page.showPassword}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        />
      </Field>
      <p class="view-note" role="status">
        {isDone ? say.changed : ''}
      </p>
      <Button type="submit" disabled={isBusy}>
        {say.changePassword}
      </Button>
    </form>
  )
}
