// Whom one blocks, and letting them write again.
import { useEffect } from 'preact/hooks'
import { loading, tryAgain } from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-people.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'

export function Blocked() {
  const { blocks } = useChat()
  const { isBusy, wrong, run } = useDeed()
  const ask = () => void run(() => blocks.ask())
  useEffect(ask, [blocks])
  const names = blocks.names.value
  const sentence = names === undefined ? (isBusy ? loading : '') : names.length === 0 ? say.noneBlocked : say.blocking
  return (
    <div>
      <h3 class="settings-small">{say.blocked}</h3>
      <p class="view-note">{sentence}</p>
      <ul class="items" aria-label={say.blocked} aria-busy={names === undefined && isBusy}>
        {names?.map(name => (
          <li key={name} class="item">
            <Avatar address={`@${name}`} small />
            <span class="item-text">
              <span class="item-name" dir="auto">
                {name}
              </span>
            </span>
            <Button
              disabled={isBusy}
              aria-label={say.unblockName(name)}
              onClick={() => void run(() => blocks.unblock(name))}
            >
              {say.unblock}
            </Button>
          </li>
        ))}
      </ul>
      <Wrong sentence={wrong} />
      {names === undefined && wrong !== undefined && <Button onClick={ask}>{tryAgain}</Button>}
    </div>
  )
}
