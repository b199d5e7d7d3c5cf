// What happened in a room beside what was said: somebody came, the topic changed.
import { whatHappened } from '../../src/protocol/texts/entries.ts'
import type { Line } from '../model/log.ts'
import { useChat } from '../use-chat.ts'

/** No text that is stored holds one: between two of them stands what people wrote. */
const border = '\0'

/** The sentence has the page's direction, each name and topic in it its own: in another they would change places. */
export function Happening({ line }: { readonly line: Line }) {
  const { me } = useChat()
  const sentence = whatHappened(line, me.name, theirs => border + theirs + border) ?? ''
  return (
    <p class="happening" data-seq={line.seq}>
      {sentence.split(border).map((part, at) => (at % 2 === 0 ? part : <bdi key={at}>{part}</bdi>))}
    </p>
  )
}
