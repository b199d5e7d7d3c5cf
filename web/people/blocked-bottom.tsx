// In the place of the field, while the other is blocked: says so, and offers to take it back.
import * as say from '../../src/protocol/texts/page-people.ts'
import type { Conversation } from '../model/conversations.ts'
import { Button } from '../ui/button.tsx'
import { useBlocking } from './use-blocking.ts'

export function BlockedBottom({ conversation: { name } }: { readonly conversation: Conversation }) {
  const blocking = useBlocking(name)
  return (
    <div class="composer-blocked" role="status">
      <p>{say.isBlocked(name)}</p>
      <Button onClick={() => void blocking.change()}>{say.unblock}</Button>
    </div>
  )
}
