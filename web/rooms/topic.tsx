// What a room is about; its owners change it in place.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { cancel, save } from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-rooms.ts'
import type { RoomView } from '../../src/sdk/sdk.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { useChat } from '../use-chat.ts'
import './topic.css'

export function Topic({ room, mayEdit }: { readonly room: RoomView; readonly mayEdit: boolean }) {
  const { forms } = useChat()
  const [isEditing, setEditing] = useState(() => forms.of(formOf(room)).peek() !== '')
  const text = useRef<HTMLDivElement>(null)
  const wasEditing = useRef(false)
  useLayoutEffect(() => {
    if (wasEditing.current) text.current?.querySelector('button')?.focus()
    wasEditing.current = isEditing
  }, [isEditing])
  if (isEditing) return <TopicForm room={room} done={() => setEditing(false)} />
  return (
    <div ref={text} class="topic">
      <p class={room.topic === '' ? 'topic-text topic-none' : 'topic-text'} dir="auto">
        {room.topic === '' ? say.noTopic : room.topic}
      </p>
      {mayEdit && <IconButton icon="edit" label={say.editTopic} onClick={() => setEditing(true)} />}
    </div>
  )
}

/** Where a topic is kept that was begun and is not saved. */
function formOf({ id }: RoomView): string {
  return `topic.${id}`
}

function TopicForm({ room, done: close }: { readonly room: RoomView; readonly done: () => void }) {
  const { me, forms } = useChat()
  const { isBusy, wrong, run } = useDeed()
  const [topic, setTopic] = useState(() => forms.of(formOf(room)).peek() || room.topic)
  const write = (text: string) => {
    setTopic(text)
    forms.write(formOf(room), text === room.topic ? '' : text)
  }
  const done = () => {
    forms.write(formOf(room), '')
    close()
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (await run(() => me.rooms.setTopic(room.id, topic.trim()))) done()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    // The panel stays open.
    event.preventDefault()
    done()
  }
  return (
    <form
      class="form"
      ref={form => form?.querySelector('input')?.focus()}
      onSubmit={event => void submit(event)}
      onKeyDown={onKeyDown}
    >
      <Field
        label={say.topicLabel}
        dir="auto"
        autocomplete="off"
        error={wrong}
        value={topic}
        onInput={event => write(event.currentTarget.value)}
      />
      <div class="topic-buttons">
        <Button look="main" type="submit" disabled={isBusy}>
          {save}
        </Button>
        <Button onClick={done}>{cancel}</Button>
      </div>
    </form>
  )
}
