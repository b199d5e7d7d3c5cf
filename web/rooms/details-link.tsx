// In the head of a conversation: to what stands beside it, and away from it again.
import * as people from '../../src/protocol/texts/page-people.ts'
import * as rooms from '../../src/protocol/texts/page-rooms.ts'
import type { Conversation } from '../model/conversations.ts'
import { hrefOf, route } from '../model/route.ts'
import { Icon } from '../ui/icon.tsx'

export function DetailsLink({ conversation }: { readonly conversation: Conversation }) {
  const { address, isRoom, view } = conversation
  const panel = isRoom ? 'members' : 'person'
  const to = route.value
  const isOpen = to.is === 'conversation' && to.panel === panel
  // A room that one is not in shows nothing of itself.
  if (isRoom && view.value === undefined) return null
  return (
    <a
      class="icon-button"
      href={hrefOf({ is: 'conversation', address, ...(isOpen ? {} : { panel }) })}
      aria-label={isRoom ? rooms.details : people.details}
      title={isRoom ? rooms.details : people.details}
      aria-current={isOpen ? 'true' : undefined}
    >
      <Icon name={isRoom ? 'people' : 'info'} />
    </a>
  )
}
