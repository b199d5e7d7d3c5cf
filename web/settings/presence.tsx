// Whether others see that one is here: the server's setting, for all one's devices.
import { useEffect, useState } from 'preact/hooks'
import { tryAgain } from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-settings.ts'
import { Button } from '../ui/button.tsx'
import { Yes } from '../ui/choices.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'

export function Presence() {
  const { me } = useChat()
  const { isBusy, wrong, run } = useDeed()
  const [isShown, setShown] = useState<boolean>()
  const ask = () => void run(async () => setShown(await me.own.showsPresence()))
  useEffect(ask, [me])
  const change = async (shown: boolean) => {
    setShown(shown)
    if (!(await run(() => me.own.showPresence(shown)))) setShown(!shown)
  }
  return (
    <>
      <Yes
        label={say.showPresence}
        hint={say.showPresenceHint}
        checked={isShown}
        disabled={isShown === undefined || isBusy}
        change={shown => void change(shown)}
      />
      <Wrong sentence={wrong} />
      {isShown === undefined && wrong !== undefined && <Button onClick={ask}>{tryAgain}</Button>}
    </>
  )
}
