// Blocking somebody, and taking it back: asked for first, and said in one sentence.
import * as say from '../../src/protocol/texts/page-people.ts'
import { confirm } from '../ui/confirm.tsx'
import type { MenuItem } from '../ui/menu.tsx'
import { toastError } from '../ui/toast.tsx'
import { useChat } from '../use-chat.ts'

interface Blocking {
  /** undefined until that is known. */
  readonly isBlocked: boolean | undefined
  /** Does it; what goes wrong passes by as a sentence. */
  readonly change: () => Promise<void>
  readonly item: MenuItem
}

export function useBlocking(name: string): Blocking {
  const { blocks } = useChat()
  const isBlocked = blocks.has(name)
  const change = async () => {
    if (isBlocked === true) await blocks.unblock(name).catch(toastError)
    else if (await confirm({ question: say.blockAsk(name), yes: say.block, danger: true })) {
      await blocks.block(name).catch(toastError)
    }
  }
  const label = isBlocked === true ? say.unblock : say.block
  return {
    isBlocked,
    change,
    item: { icon: 'block', label, danger: isBlocked !== true, act: () => void change() },
  }
}
