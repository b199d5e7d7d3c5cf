// Making a room: its name, what it is about, who may come in and what they read.
import { useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-rooms.ts'
import { go } from '../model/route.ts'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choices.tsx'
import { Field, NameField } from '../ui/field.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { View, Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'

type Access = 'public' | 'private'
type History = 'from-joining' | 'all'

export function NewRoom() {
  const chat = useChat()
  const { isBusy, wrong, field, run } = useDeed()
  // What is typed outlives the view and the page until the room is made.
  const name = chat.forms.of('new-room.name').value
  const topic = chat.forms.of('new-room.topic').value
  const [access, setAccess] = useState<Access>('public')
  const [history, setHistory] = useState<History>('from-joining')
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const draft = { name: name.trim().replace(/^#/, ''), topic: topic.trim(), private: access === 'private', history }
    const isMade = await run(async () => {
      const room = await chat.me.rooms.create(draft)
      for (const one of ['new-room.name', 'new-room.topic']) chat.forms.write(one, '')
      chat.conversations.take(await chat.me.conversations.get(room.id))
      go({ is: 'conversation', address: `#${room.name}` })
    })
    if (!isMade) form.querySelector<HTMLInputElement>('input')?.focus()
  }
  return (
    <View title={say.newRoom} back={{ is: 'view', name: 'rooms', rest: '' }}>
      <form class="form" onSubmit={event => void submit(event)}>
        <NameField
          label={say.nameLabel}
          name="room"
          required
          first
          hint={say.nameHint}
          error={field === 'name' ? wrong : undefined}
          value={name}
          onInput={event => chat.forms.write('new-room.name', event.currentTarget.value)}
        />
        <Field
          label={say.topicOptional}
          name="topic"
          dir="auto"
          autocomplete="off"
          error={field === 'topic' ? wrong : undefined}
          value={topic}
          onInput={event => chat.forms.write('new-room.topic', event.currentTarget.value)}
        />
        <Choices
          legend={say.whoMayCome}
          name="access"
          chosen={access}
          choose={setAccess}
          choices={[
            { value: 'public', label: say.isPublic, hint: say.isPublicHint },
            { value: 'private', label: say.isPrivate, hint: say.isPrivateHint },
          ]}
        />
        <Choices
          legend={say.whatIsRead}
          name="history"
          chosen={history}
          choose={setHistory}
          choices={[
            { value: 'from-joining', label: say.fromJoining },
            { value: 'all', label: say.all },
          ]}
        />
        <Wrong sentence={field === 'name' || field === 'topic' ? undefined : wrong} />
        <Button look="main" type="submit" disabled={isBusy}>
          {say.create}
        </Button>
      </form>
    </View>
  )
}
