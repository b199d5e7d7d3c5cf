// Where one is signed in: each browser and program with when it was used last; what one does not know is ended.
import * as say from '../../src/protocol/texts/page-settings.ts'
import type { SessionView } from '../../src/sdk/sdk.ts'
import { Button } from '../ui/button.tsx'
import { More } from '../ui/more.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { usePages } from '../behaviour/use-pages.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { sessionsChanged } from './sessions-changed.ts'

export function Sessions() {
  const { me } = useChat()
  const { isBusy, wrong, run } = useDeed()
  const pages = usePages(`sessions ${sessionsChanged.value}`, async (_: undefined, signal) => ({
    items: (await me.own.sessions({ signal })).toSorted(thisFirst),
    next: undefined,
  }))
  const end = async (id: number) => {
    if (await run(() => me.own.endSession(id))) sessionsChanged.value += 1
  }
  return (
    <div>
      <ul class="items" aria-label={say.sessions} aria-busy={pages.isLoading}>
        {pages.items.map(session => (
          <SessionItem key={session.id} session={session} isBusy={isBusy} end={() => void end(session.id)} />
        ))}
      </ul>
      <Wrong sentence={wrong} />
      <More pages={pages} />
    </div>
  )
}

interface ItemProps {
  readonly session: SessionView
  readonly isBusy: boolean
  readonly end: () => void
}

function SessionItem({ session: { label, current, lastUsedAt }, isBusy, end }: ItemProps) {
  const name = label === '' ? say.unnamed : label
  return (
    <li class="item item-session">
      <span class="item-text">
        <span class="item-name" dir="auto">
          {name}
        </span>
        <span class="item-sub">{say.lastUsed(lastUsedAt, Date.now() / 1_000)}</span>
      </span>
      {current ? (
        <span class="item-mark">{say.thisOne}</span>
      ) : (
        <Button disabled={isBusy} aria-label={say.endSession(name)} onClick={end}>
          {say.end}
        </Button>
      )}
    </li>
  )
}

function thisFirst(a: SessionView, b: SessionView): number {
  return Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt
}
