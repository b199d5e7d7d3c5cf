// What of a conversation is kept in the browser: its place in the list, and the newest stretch of its log.
import type { KeptEntry } from '../../src/sdk/copy/conversation.ts'
import type { ConversationView } from '../../src/sdk/sdk.ts'

/** Two pages of a log, or as much of them as is quick to write. */
const linesMax = 120
const charsMax = 200_000

/** The newest stretch of a log, without a hole. */
export interface CopiedLog {
  readonly lines: readonly KeptEntry[]
  /** It is all of the log, as the server said. */
  readonly hasStart: boolean
  /** The last entry that was seen, whether or not it is a line. */
  readonly lastSeq: number
}

export interface CopiedConversation {
  readonly view: ConversationView
  readonly log?: CopiedLog
}

/** Of a stretch that reaches to the log's end: the newest lines that are to be kept. */
export function copiedLog({ lines, hasStart, lastSeq }: CopiedLog): CopiedLog {
  let chars = 0
  const tooFar = lines.findLastIndex((line, index) => {
    chars += line.text?.length ?? 0
    return lines.length - index > linesMax || chars > charsMax
  })
  return { lines: lines.slice(tooFar + 1), hasStart: hasStart && tooFar < 0, lastSeq }
}
