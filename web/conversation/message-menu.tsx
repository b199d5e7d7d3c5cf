// What one can do with a message: a menu at the pointer or the button.
import type { TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import type { Line } from '../model/log.ts'
import { go, hrefOfAddress } from '../model/route.ts'
import { confirm } from '../ui/confirm.tsx'
import { copyText } from '../ui/copy.ts'
import { Menu, type MenuItem, type Point, pointOf } from '../ui/menu.tsx'
import { toastError } from '../ui/toast.tsx'
import { useChat } from '../use-chat.ts'
import { startEditing } from './composing.ts'

/** `openAt` opens the menu for an event, `view` draws it. */
export function useMessageMenu(conversation: Conversation, line: Line) {
  const [at, setAt] = useState<Point>()
  const items = useItems(conversation, line)
  const openAt = (event: TargetedEvent<HTMLElement, MouseEvent>) => {
    // A link's, and a selection's, own menu is the browser's.
    const isBrowsers = event.type === 'contextmenu' && ((event.target as Element).closest('a') || hasSelection())
    if (line.kind !== 'text' || isBrowsers) return
    event.preventDefault()
    setAt(pointOf(event))
  }
  return {
    openAt,
    view: at !== undefined && <Menu label={say.actions} at={at} items={items()} close={() => setAt(undefined)} />,
  }
}

function useItems(conversation: Conversation, line: Line): () => readonly MenuItem[] {
  const chat = useChat()
  const { me } = chat
  return () => {
    const isOwn = line.sender === me.name
    const mayErase = isOwn || (conversation.isRoom && conversation.view.value?.role === 'owner')
    const copy = (text: string) => void copyText(text)
    const eraseIt = async () => {
      if (await confirm({ question: say.eraseAsk, yes: say.erase, danger: true }))
        await me.erase(line.seq).catch(toastError)
    }
    const items: (MenuItem | false)[] = [
      isOwn && { icon: 'edit', label: say.edit, act: () => startEditing(chat, conversation, line) },
      { icon: 'copy', label: say.copyText, act: () => copy(line.text ?? '') },
      { icon: 'link', label: say.copyLink, act: () => copy(linkTo(conversation, line.seq)) },
      !isOwn &&
        conversation.isRoom && {
          icon: 'people',
          label: say.writeTo(line.sender),
          act: () => go({ is: 'conversation', address: `@${line.sender}` }),
        },
      mayErase && { icon: 'erase', label: say.erase, danger: true, act: () => void eraseIt() },
    ]
    return items.filter(item => item !== false)
  }
}

function linkTo(conversation: Conversation, seq: number): string {
  return new URL(hrefOfAddress(conversation.address, seq), location.href).href
}

function hasSelection(): boolean {
  return getSelection()?.isCollapsed === false
}
