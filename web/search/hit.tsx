// One message that was found: who said it where and when, the words marked; it leads to its place in the conversation.
import { dayAndTime } from '../../src/protocol/texts/format.ts'
import { you } from '../../src/protocol/texts/page.ts'
import { type Place, placesOf, type Query } from '../../src/protocol/words.ts'
import type { EntryView } from '../../src/sdk/sdk.ts'
import { addressOf } from '../model/conversations.ts'
import { hrefOfAddress } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useChat } from '../use-chat.ts'
import { excerptOf, marked } from './marking.ts'

export function Hit({ entry, query }: { readonly entry: EntryView; readonly query: Query }) {
  const { me } = useChat()
  const address = addressOf(entry, me.name)
  const text = entry.text ?? ''
  const speaker = entry.sender === me.name ? you : entry.sender
  const isOthersDirect = address === `@${entry.sender}`
  return (
    <li>
      <a class="hit" href={hrefOfAddress(address, entry.seq)}>
        <Avatar address={address} />
        <span class="hit-name">
          <bdi>{speaker}</bdi>
          {!isOthersDirect && (
            <span class="hit-where">
              {' · '}
              <bdi>{address.startsWith('#') ? address : address.slice(1)}</bdi>
            </span>
          )}
        </span>
        <time class="hit-time" dir="auto">
          {dayAndTime(entry.storedAt)}
        </time>
        <span class="hit-text" dir="auto">
          <Marked text={text} places={placesOf(query, text)} />
        </span>
      </a>
    </li>
  )
}

function Marked({ text, places }: { readonly text: string; readonly places: readonly Place[] }) {
  return (
    <>
      {marked(excerptOf(text, places)).map(({ text: piece, isFound }, at) =>
        isFound ? <mark key={at}>{piece}</mark> : piece,
      )}
    </>
  )
}
