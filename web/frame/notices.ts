// What reaches somebody who looks elsewhere: the count in the title, and where the browser allows it a notification.
import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { EntryView } from '../../src/sdk/sdk.ts'
import type { Chat } from '../model/chat.ts'
import { addressOf } from '../model/conversations.ts'
import { hrefOfAddress, route } from '../model/route.ts'
import { unreadBadge } from '../../src/protocol/texts/page.ts'

/** Follows the chat as long as the frame stands. */
export function useNotices(chat: Chat): void {
  useEffect(() => {
    const offs = [
      effect(() => {
        const unread = chat.conversations.unread.value
        const to = route.value
        const name = to.is === 'conversation' ? `${to.address.replace(/^@/, '')} · Hullo` : 'Hullo'
        document.title = unread === 0 ? name : `(${unreadBadge(unread)}) ${name}`
      }),
      effect(() => {
        const entry = chat.arrived.value
        if (entry !== undefined) notify(entry, chat.me.name)
      }),
    ]
    return () => {
      for (const off of offs) off()
      document.title = 'Hullo'
    }
  }, [chat])
}

function notify(entry: EntryView, me: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return
  const address = addressOf(entry, me)
  const title = address.startsWith('#') ? `${entry.sender} · ${address}` : entry.sender
  try {
    const notice = new Notification(title, { body: entry.text ?? '', tag: `hullo ${address}`, icon: './icon.svg' })
    notice.addEventListener('click', () => {
      window.focus()
      location.hash = hrefOfAddress(address)
      notice.close()
    })
  } catch {
    // Some phones show notifications only through a service worker.
  }
}
