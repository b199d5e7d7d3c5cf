// Keys that work everywhere in the chat: Ctrl-K (on a Mac Cmd-K, where Ctrl-K cuts a line) goes to a conversation by its
// name, Alt with an arrow to the next one in the list.
import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../model/chat.ts'
import { go, route } from '../model/route.ts'
import { Lazy } from '../behaviour/lazy.tsx'
import { useChat } from '../use-chat.ts'

/** Whose keyboards have the command key. */
export const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

const loadSwitcher = () => import('../switcher/switcher.tsx').then(({ Switcher }) => Switcher)

export function Keys() {
  const chat = useChat()
  const [isSwitching, setSwitching] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isCommand = isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
      const isK = event.key.toLowerCase() === 'k' && isCommand && !event.altKey && !event.shiftKey
      const step = isAltAlone(event) ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined
      if (isK) setSwitching(is => !is)
      else if (step !== undefined) goToNeighbour(chat, step)
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [chat])
  return isSwitching ? <Lazy load={loadSwitcher} props={{ close: () => setSwitching(false) }} /> : null
}

/** In a text these keys move the cursor, on some systems. */
function isAltAlone({ altKey, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): boolean {
  const isInText = target instanceof HTMLTextAreaElement && target.value !== ''
  return altKey && !ctrlKey && !metaKey && !shiftKey && !isInText
}

function goToNeighbour(chat: Chat, step: number): void {
  const to = route.peek()
  const all = chat.conversations.byActivity.peek()
  const here = to.is === 'conversation' ? all.indexOf(chat.conversation(to.address)) : -1
  const next = all[here < 0 ? 0 : here + step]
  if (next !== undefined) go({ is: 'conversation', address: next.address })
}
