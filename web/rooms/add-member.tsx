// Making somebody a member, by name: the way into a private room.
import { useId, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-rooms.ts'
import type { RoomView } from '../../src/sdk/sdk.ts'
import { Button } from '../ui/button.tsx'
import { NameField } from '../ui/field.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { toast } from '../ui/toast.tsx'
import { usePages, useSettled } from '../behaviour/use-pages.ts'
import { useChat } from '../use-chat.ts'

/** Names that are proposed: a menu, not a list. */
const proposedMax = 8

/** After the last key: a name is typed in a burst. */
const askAfterMs = 150

export function AddMember({ room }: { readonly room: RoomView }) {
  const { me } = useChat()
  const { isBusy, wrong, run } = useDeed()
  const [typed, setTyped] = useState('')
  const name = typed.trim().replace(/^@/, '')
  const id = useId()
  const search = useSettled(name, askAfterMs)
  const proposed = usePages(search === '' ? undefined : search, async (_: undefined, signal) => ({
    items: (await me.people.find({ search, limit: proposedMax, signal })).people,
    next: undefined,
  }))
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (name === '' || !(await run(() => me.rooms.invite(room.id, name)))) return
    toast(say.added(name))
    setTyped('')
  }
  return (
    <form class="add-member" onSubmit={event => void submit(event)}>
      <NameField
        label={say.addLabel}
        list={id}
        error={wrong}
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      >
        <Button look="quiet" type="submit" disabled={isBusy || name === ''}>
          {say.add}
        </Button>
      </NameField>
      <datalist id={id}>
        {proposed.items.map(({ name: known }) => (
          <option key={known} value={known} />
        ))}
      </datalist>
    </form>
  )
}
