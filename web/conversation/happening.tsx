// What happened in a room beside what was said: somebody came, the topic changed.
import { whatHappened } from '../../src/protocol/texts/entries.ts'
import type { Line } from '../model/log.ts'
import { useChat } from '../use-chat.ts'

export function Happening({ line }: { readonly line: Line }) {
  const { me } = useChat()
  return (
    <p class="happening" data-seq={line.seq}>
      <bdi>{whatHappened(line, me.name)}</bdi>
    </p>
  )
}
