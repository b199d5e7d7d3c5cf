// The chat's frame: the list beside what is open where there is width for both, one of the two on a phone.
import { ConversationPane } from '../conversation/pane.tsx'
import { ListPane } from '../conversations/list-pane.tsx'
import { route } from '../model/route.ts'
import { Lazy } from '../behaviour/lazy.tsx'
import { useChat } from '../use-chat.ts'
import { views } from '../views.ts'
import { Connection } from './connection.tsx'
import { useFocusOnRoute } from './focus.ts'
import { useSeenHeight } from './seen-height.ts'
import { Keys } from './keys.tsx'
import { useNotices } from './notices.ts'
import { InvitedAlready, NotFound, NothingOpen } from './nothing-open.tsx'
import { Announcer } from './announcer.tsx'
import './frame.css'

export function Frame() {
  const chat = useChat()
  useNotices(chat)
  useFocusOnRoute()
  useSeenHeight()
  const isOpen = route.value.is !== 'home'
  return (
    // All of it is the main thing: on a phone only one of its parts is there.
    <main tabIndex={-1} class={isOpen ? 'frame frame-open' : 'frame'}>
      <h1 class="unseen">Hullo</h1>
      <ListPane />
      <div class="frame-main">
        <Open />
      </div>
      <Connection />
      <Announcer />
      <Keys />
    </main>
  )
}

function Open() {
  const chat = useChat()
  const to = route.value
  if (to.is === 'conversation') {
    return (
      <ConversationPane key={to.address} conversation={chat.conversation(to.address)} panel={to.panel} seq={to.seq} />
    )
  }
  if (to.is === 'home') return <NothingOpen />
  if (to.is === 'invite') return <InvitedAlready />
  const load = views[to.name]
  if (load !== undefined) return <Lazy key={to.name} load={load} props={{ rest: to.rest }} />
  return <NotFound />
}
