// What stands in the main pane while no conversation is open: what one can do next, never a blank.
import type { ComponentChildren } from 'preact'
import * as say from '../../src/protocol/texts/page.ts'
import { newConversation } from '../../src/protocol/texts/page-people.ts'
import { hrefOf } from '../model/route.ts'
import { Button } from '../ui/button.tsx'
import { Logo } from '../ui/logo.tsx'
import { useChat, useSession } from '../use-chat.ts'
import { isApple } from './keys.tsx'

export function NothingOpen() {
  return (
    <Nothing sentence={say.nothingOpen}>
      <a class="button" href={hrefOf({ is: 'view', name: 'people', rest: '' })}>
        {newConversation}
      </a>
      <p class="nothing-keys">{say.switchKeys(isApple)}</p>
    </Nothing>
  )
}

/** Somebody who is signed in opened an invite link: it stays in the address, so that the door finds it after a sign-out. */
export function InvitedAlready() {
  const { me } = useChat()
  const session = useSession()
  return (
    <Nothing sentence={say.invitedAlready(me.name)}>
      <a class="button button-main" href={hrefOf({ is: 'home' })}>
        {say.back}
      </a>
      <Button look="quiet" onClick={() => void session.signOut()}>
        {say.signOutAndUse}
      </Button>
    </Nothing>
  )
}

export function NotFound() {
  return (
    <Nothing sentence={say.notFound}>
      <a class="button" href={hrefOf({ is: 'home' })}>
        {say.toStart}
      </a>
    </Nothing>
  )
}

function Nothing({ sentence, children }: { readonly sentence: string; readonly children: ComponentChildren }) {
  return (
    <div class="nothing">
      <Logo />
      <p tabIndex={-1} dir="auto">
        {sentence}
      </p>
      {children}
    </div>
  )
}
