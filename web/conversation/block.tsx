// One block of a log. Only blocks near what is seen are drawn; the others keep their height.
import { dayName } from '../../src/protocol/texts/format.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import type { Block, Line } from '../model/log.ts'
import { today } from '../behaviour/today.ts'
import { aboveOf, isMessage } from './grouping.ts'
import { Happening } from './happening.tsx'
import { Message } from './message.tsx'
import { useNear } from './near.ts'

interface BlockProps {
  readonly conversation: Conversation
  readonly block: Block
  readonly before: Block | undefined
  /** The line above which the mark stands. */
  readonly markSeq: number | undefined
}

export function BlockView({ conversation, block, before, markSeq }: BlockProps) {
  const { ref, isNear, heightPx } = useNear()
  return (
    <div
      ref={ref}
      data-block={block.lines.peek()[0]?.seq}
      class="block"
      style={{ blockSize: isNear ? '' : `${heightPx}px` }}
    >
      {isNear && <Lines conversation={conversation} block={block} before={before} markSeq={markSeq} />}
    </div>
  )
}

function Lines({ conversation, block, before, markSeq }: BlockProps) {
  let last = before?.lines.value.at(-1)
  return (
    <>
      {block.lines.value.map(line => {
        const above = aboveOf(line, last, markSeq)
        last = line
        return (
          <>
            {above.day && <DayMark key={`day ${line.seq}`} line={line} />}
            {above.mark && (
              <p key="mark" class="mark-new" id="mark-new">
                <span>{say.newMessages}</span>
              </p>
            )}
            {isMessage(line) ? (
              <Message key={line.seq} conversation={conversation} line={line} begins={above.begins} />
            ) : (
              <Happening key={line.seq} line={line} />
            )}
          </>
        )
      })}
    </>
  )
}

function DayMark({ line }: { readonly line: Line }) {
  return (
    <h3 class="mark-day">
      <span>{dayName(line.storedAt, today.value)}</span>
    </h3>
  )
}
