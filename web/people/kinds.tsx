// Where one begins a conversation: with somebody, or in a room.
import * as say from '../../src/protocol/texts/page-people.ts'
import { hrefOf } from '../model/route.ts'
import './kinds.css'

const kinds = [
  { name: 'people', label: say.people },
  { name: 'rooms', label: say.rooms },
] as const

export function Kinds({ now }: { readonly now: 'people' | 'rooms' }) {
  return (
    <nav class="kinds" aria-label={say.kinds}>
      {kinds.map(({ name, label }) => (
        <a key={name} href={hrefOf({ is: 'view', name, rest: '' })} aria-current={name === now ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  )
}
