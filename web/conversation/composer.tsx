// Where one writes. Enter sends (on a touch screen it is a new line), Ctrl-Enter and Cmd-Enter send everywhere, Shift-Enter
// is a new line, the arrow up edits the last message, Esc cancels an edit or goes to the newest message. What is begun is
// kept as the conversation's draft, and an edit until it is saved.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { textBytesMax } from '../../src/protocol/limits.ts'
import { sentText } from '../../src/protocol/text.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import { IconButton } from '../ui/button.tsx'
import { sentenceOf } from '../ui/toast.tsx'
import { useChat } from '../use-chat.ts'
import { composerId, focusComposer, startEditing } from './composing.ts'
import './composer.css'

const hasTouch = matchMedia('(pointer: coarse)')

/** Of the screen, at most: beyond it the field scrolls. */
const heightShareMax = 0.4

interface ComposerProps {
  readonly conversation: Conversation
  /** Brings the newest message into sight. */
  readonly toEnd: () => void
}

export function Composer({ conversation, toEnd }: ComposerProps) {
  const chat = useChat()
  const { address } = conversation
  const edit = chat.edits.of(address).value
  const isSaving = edit?.saving !== undefined
  const draft = chat.drafts.of(address)
  const text = edit?.text ?? draft.value
  const field = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    if (!hasTouch.matches) focusComposer()
  }, [conversation])
  useLayoutEffect(() => grow(field.current), [text])

  const write = (value: string) => {
    if (edit !== undefined) {
      chat.edits.write(address, value)
      return
    }
    chat.drafts.write(address, value)
    if (value.trim() !== '') chat.typing.tell(address)
  }
  const overBytes = bytesOver(text)
  const maySend = text.trim() !== '' && overBytes <= 0 && !isSaving
  const cancelEdit = () => chat.edits.cancel(address)
  const submit = () => {
    if (!maySend) return
    if (edit === undefined) {
      chat.drafts.write(address, '')
      chat.outbox.send(address, sentText(text))
      toEnd()
    } else void chat.edits.save(address)
    focusComposer()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey
    const isChord = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
    if (event.key === 'Enter' && (isChord || (isPlain && !hasTouch.matches))) {
      event.preventDefault()
      submit()
    } else if (event.key === 'ArrowUp' && isPlain && text === '' && edit === undefined) {
      const last = conversation.log.lastOwn(chat.me.name)
      if (last === undefined) return
      event.preventDefault()
      startEditing(chat, conversation, last)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (edit === undefined) toEnd()
      else cancelEdit()
    }
  }
  return (
    <form
      class="composer"
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      {edit !== undefined && (
        <p class="composer-note">
          {isSaving ? say.savingEdit : say.editing}
          <IconButton icon="close" label={say.cancel} small onClick={cancelEdit} />
        </p>
      )}
      <div class="composer-row">
        <textarea
          ref={field}
          id={composerId}
          class="composer-field"
          rows={1}
          // Empty it is the page's.
          dir={text === '' ? undefined : 'auto'}
          aria-label={say.writeTo(conversation.name)}
          placeholder={say.writeTo(conversation.name)}
          value={text}
          readOnly={isSaving}
          enterkeyhint={hasTouch.matches ? 'enter' : 'send'}
          aria-invalid={overBytes > 0}
          aria-describedby="composer-long"
          onInput={event => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <IconButton
          icon={edit === undefined ? 'send' : 'check'}
          label={edit === undefined ? say.send : say.save}
          type="submit"
          disabled={!maySend}
        />
      </div>
      <p id="composer-long" class="composer-long">
        {overBytes > 0 ? say.tooLong(overBytes) : ''}
      </p>
      {edit?.error !== undefined && (
        <p class="composer-wrong" role="alert">
          {say.editNotSaved(sentenceOf(edit.error))}
        </p>
      )}
    </form>
  )
}

function grow(field: HTMLTextAreaElement | null): void {
  if (field === null) return
  field.style.blockSize = 'auto'
  field.style.blockSize = `${Math.min(field.scrollHeight, innerHeight * heightShareMax)}px`
}

function bytesOver(text: string): number {
  // A UTF-16 unit is at most three bytes: what is short needs no count.
  if (text.length * 3 <= textBytesMax) return 0
  return new TextEncoder().encode(sentText(text)).length - textBytesMax
}
