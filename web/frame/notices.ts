// What reaches somebody who looks elsewhere: the count in the title, and where the browser allows it a notification.
import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { EntryView, Me } from '../../src/sdk/sdk.ts'
import type { Chat } from '../model/chat.ts'
import { addressOf } from '../model/conversations.ts'
import { hrefOfAddress, route } from '../model/route.ts'
import { unreadBadge } from '../../src/protocol/texts/page.ts'

/** Follows the chat as long as the frame stands. */
export function useNotices(chat: Chat): void {
  useEffect(() => {
    const stop = new AbortController()
    holdFocus(chat.me, stop.signal)
    navigator.serviceWorker?.addEventListener('message', goWhereTold, { signal: stop.signal })
    const offs = [
      effect(() => {
        const unread = chat.conversations.unread.value
        const to = route.value
        const name = to.is === 'conversation' ? `${to.address.replace(/^@/, '')} · Hullo` : 'Hullo'
        document.title = unread === 0 ? name : `(${unreadBadge(unread)}) ${name}`
      }),
      effect(() => {
        const entry = chat.arrived.value
        if (entry !== undefined) void notify(entry, chat.me).catch(() => {})
      }),
    ]
    return () => {
      stop.abort()
      for (const off of offs) off()
      document.title = 'Hullo'
    }
  }, [chat])
}

/** Held by each tab of the account that has the focus: what one of them shows is no news in the others. */
const focusLock = 'hullo.focused.'

async function notify(entry: EntryView, { account, name }: Me): Promise<void> {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return
  const registration = await navigator.serviceWorker?.getRegistration()
  const { held = [] } = await navigator.locks.query()
  if (registration === undefined || held.some(lock => lock.name === focusLock + account.id)) return
  const address = addressOf(entry, name)
  const title = address.startsWith('#') ? `${entry.sender} · ${address}` : entry.sender
  // Several tabs hear of the same message: one of them tells it.
  await navigator.locks.request(`hullo.notice.${entry.seq}`, { ifAvailable: true }, async lock => {
    if (lock === null) return
    const about = { body: entry.text ?? '', tag: `hullo ${address}`, icon: './icon.svg', data: hrefOfAddress(address) }
    // Not all browsers have `renotify`, nor do the types: with it the second message makes itself heard as the first does.
    await registration.showNotification(title, { ...about, renotify: true } as NotificationOptions)
    await new Promise(resolve => setTimeout(resolve, tabsMsMax))
  })
}

/** Within this time every tab has heard of a message. */
const tabsMsMax = 5_000

/** Says to the account's other tabs, until `until` aborts, when this one has the focus. */
function holdFocus({ account }: Me, until: AbortSignal): void {
  let leave = new AbortController()
  const look = () => {
    leave.abort()
    leave = new AbortController()
    if (!document.hasFocus() || until.aborted) return
    const { signal } = leave
    const hold = () => new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
    navigator.locks?.request(focusLock + account.id, { mode: 'shared', signal }, hold).catch(() => {})
  }
  addEventListener('focus', look, { signal: until })
  addEventListener('blur', look, { signal: until })
  until.addEventListener('abort', look)
  look()
}

/** A notification that is clicked leads here: its worker says where to. */
function goWhereTold({ data }: MessageEvent<unknown>): void {
  if (typeof data === 'string' && data.startsWith('#/')) location.hash = data
}
