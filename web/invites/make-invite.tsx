// The form for an invite link: for how many, for how long, and whether they become admins.
import { useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-invites.ts'
import type { Invite } from '../../src/sdk/sdk.ts'
import { Button } from '../ui/button.tsx'
import { Choices, Yes } from '../ui/choices.tsx'
import { Field } from '../ui/field.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'

const weekSeconds = 604_800

export function MakeInvite({ made }: { readonly made: (invite: Invite) => void }) {
  const { me } = useChat()
  const { isBusy, wrong, field, run } = useDeed()
  const [uses, setUses] = useState('1')
  const [lifeSeconds, setLife] = useState(String(weekSeconds))
  const [makesAdmin, setMakesAdmin] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const draft = { uses: Number(uses), expiresInSeconds: Number(lifeSeconds), makesAdmin }
    await run(async () => made(await me.people.invite(draft)))
  }
  return (
    <form class="form" onSubmit={event => void submit(event)}>
      <Field
        label={say.uses}
        type="number"
        min={1}
        max={usesMax}
        required
        error={field === 'uses' ? wrong : undefined}
        value={uses}
        onInput={event => setUses(event.currentTarget.value)}
      />
      <Choices
        legend={say.lifetime}
        name="lifetime"
        row
        chosen={lifeSeconds}
        choose={setLife}
        choices={say.lifetimes.map(({ seconds, name }) => ({ value: String(seconds), label: name }))}
      />
      <Yes label={say.makesAdmin} hint={say.makesAdminHint} checked={makesAdmin} change={setMakesAdmin} />
      <Wrong sentence={field === 'uses' ? undefined : wrong} />
      <Button look="main" type="submit" disabled={isBusy}>
        {say.make}
      </Button>
    </form>
  )
}

/** As the server takes it: a large class. */
const usesMax = 1_000
