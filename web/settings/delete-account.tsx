// Deleting the account: what that means, and the password once more.
import { useState } from 'preact/hooks'
import { cancel } from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-settings.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { useSession } from '../use-chat.ts'

export function DeleteAccount() {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {say.deleteAccount}
      </Button>
      {isAsking && <Ask close={() => setAsking(false)} />}
    </>
  )
}

function Ask({ close }: { readonly close: () => void }) {
  const session = useSession()
  const { isBusy, wrong, run } = useDeed()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const input = (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>('[name=password]')
    if (!(await run(() => session.deleteAccount(input?.value ?? '')))) input?.focus()
  }
  return (
    <Dialog title={say.deleteAccount} close={close}>
      <p>{say.deleteHint}</p>
      <form class="form" method="post" onSubmit={event => void submit(event)}>
        <Field
          label={say.deletePassword}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          first
          error={wrong}
        />
        <div class="dialog-buttons">
          <Button onClick={close}>{cancel}</Button>
          <Button look="danger" type="submit" disabled={isBusy}>
            {say.deleteForGood}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
