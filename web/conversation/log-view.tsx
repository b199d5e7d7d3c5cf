// The log of a conversation on the screen: blocks of lines, what is on its way below them, and more of it at both ends as
// one scrolls there. What scrolls, and what is drawn at all, is decided in scroll.ts and near.ts.
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { useChat } from '../use-chat.ts'
import { BlockView } from './block.tsx'
import { Edge } from './edge.tsx'
import { firstNew } from './grouping.ts'
import { moveAmongMessages } from './keyboard.ts'
import { InNearness, Nearness } from './near.ts'
import { Echoes } from './outgoing.tsx'
import { ScrollKeeper } from './scroll.ts'
import './log.css'

interface LogViewProps {
  readonly conversation: Conversation
  /** Set to what brings the newest message into sight. */
  readonly toEnd: RefObject<() => void>
}

export function LogView({ conversation, toEnd }: LogViewProps) {
  const { log } = conversation
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [nearness, setNearness] = useState<Nearness>()
  const keeper = useRef<ScrollKeeper | null>(null)
  const atEnd = useSignal(true)
  const markSeq = useMark(conversation)

  useLayoutEffect(() => {
    if (box.current === null || content.current === null) return undefined
    const made = new ScrollKeeper(
      box.current,
      content.current,
      isAtEnd => {
        atEnd.value = isAtEnd
        log.isFollowed = isAtEnd
      },
      () => log.hasEnd.peek(),
    )
    keeper.current = made
    setNearness(new Nearness(box.current))
    return () => made[Symbol.dispose]()
  }, [atEnd, log])
  toEnd.current = () => {
    void log.toEnd().then(() => requestAnimationFrame(() => keeper.current?.toEnd()))
  }
  const shownNth = useSignal(0)
  useSight(conversation, keeper, nth => (shownNth.value = nth))
  useReading(conversation, atEnd.value, shownNth.value)

  const blocks = log.blocks.value
  const state = log.state.value
  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        role="region"
        aria-label={say.messages}
        tabIndex={0}
        aria-busy={state === 'loading'}
        onKeyDown={moveAmongMessages}
      >
        <div ref={content} class="log-content">
          {state === 'ready' && log.hasStart.value && <Beginning conversation={conversation} />}
          {nearness !== undefined && state === 'ready' && !log.hasStart.value && (
            <Edge key="older" root={box} load={() => log.loadOlder()} />
          )}
          <Absent conversation={conversation} />
          <InNearness.Provider value={nearness}>
            {nearness !== undefined &&
              blocks.map((block, index) => (
                <BlockView
                  key={block.key}
                  conversation={conversation}
                  block={block}
                  before={blocks[index - 1]}
                  markSeq={markSeq}
                />
              ))}
          </InNearness.Provider>
          {/* Not after the middle of a log: there they would seem to stand where they do not. */}
          {(log.hasEnd.value || blocks.length === 0) && <Echoes conversation={conversation} />}
          {nearness !== undefined && state === 'ready' && !log.hasEnd.value && (
            <Edge key="newer" root={box} load={() => log.loadNewer()} />
          )}
        </div>
      </div>
      {!(atEnd.value && log.hasEnd.value) && blocks.length > 0 && (
        <ToEnd conversation={conversation} go={() => toEnd.current?.()} />
      )}
    </div>
  )
}

/**
 * The first message that was new when the conversation came into sight, or when one looked away from the window: the mark
 * stays there while one reads on.
 */
function useMark(conversation: Conversation): number | undefined {
  const { me } = useChat()
  const isKnown = conversation.view.value !== undefined
  const [markAfter, setMarkAfter] = useState<number>()
  useLayoutEffect(() => {
    const view = conversation.view.peek()
    setMarkAfter(view === undefined || view.unread === 0 ? undefined : view.readSeq)
    const lookAway = () => {
      const now = conversation.view.peek()
      if (now?.unread === 0) setMarkAfter(now.lastSeq)
    }
    addEventListener('blur', lookAway)
    return () => removeEventListener('blur', lookAway)
  }, [conversation, isKnown])
  const { log } = conversation
  if (markAfter === undefined) return undefined
  const blocks = log.blocks.value.map(({ lines }) => lines.value)
  return firstNew(blocks, { after: markAfter, hasStart: log.hasStart.value, me: me.name })
}

/** A second or so: a block is drawn within two or three; what is not there by then is nowhere. */
const sightFramesMax = 60

/** Brings into sight what the log was asked for, once it is drawn; `shown` is told the `nth` of it. */
function useSight(
  conversation: Conversation,
  keeper: RefObject<ScrollKeeper | null>,
  shown: (nth: number) => void,
): void {
  const sight = conversation.log.sight.value
  useEffect(() => {
    if (sight === undefined) return undefined
    let frame = 0
    const bring = (framesLeft: number) => {
      frame = requestAnimationFrame(() => {
        if (keeper.current?.toLine(sight.seq) === true || framesLeft === 0) shown(sight.nth)
        else bring(framesLeft - 1)
      })
    }
    bring(sightFramesMax)
    return () => cancelAnimationFrame(frame)
  }, [sight, keeper])
}

/** Who has the end in sight has read it, if the window is in front, and is not on the way to elsewhere in the log. */
function useReading(conversation: Conversation, atEnd: boolean, shownNth: number): void {
  const { log } = conversation
  const lastSeq = log.blocks.value.at(-1)?.lines.value.at(-1)?.seq
  const hasEnd = log.hasEnd.value
  const isKnown = conversation.view.value !== undefined
  useEffect(() => {
    const read = () => {
      const asked = log.sight.peek()
      const isOnTheWay = asked !== undefined && asked.nth !== shownNth
      if (!isOnTheWay && atEnd && hasEnd && isKnown && lastSeq !== undefined && document.hasFocus()) {
        // Not as far as the list goes: what it has may not be here yet.
        conversation.markRead(log.lastSeq)
      }
    }
    read()
    addEventListener('focus', read)
    return () => removeEventListener('focus', read)
  }, [conversation, atEnd, hasEnd, isKnown, lastSeq, shownNth])
}

/** In the place of a log that is not there: it is on its way, or did not come. */
function Absent({ conversation: { log, isSettled } }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const state = log.state.value
  const isListMissing = !isSettled.value && chat.conversations.isFailed.value
  if (state === 'failed' || (state === 'empty' && isListMissing)) {
    const again = () => (isListMissing ? chat.askAnew() : void log.openAtEnd())
    return (
      <p class="log-failed">
        {say.noHistory} <Button onClick={again}>{say.tryAgain}</Button>
      </p>
    )
  }
  return state === 'ready' ? null : <p class="log-loading">{say.loading}</p>
}

function Beginning({ conversation }: { readonly conversation: Conversation }) {
  const isEmpty = conversation.log.blocks.value.length === 0
  return <p class="log-beginning">{isEmpty ? say.sayHello : say.beginning}</p>
}

function ToEnd({ conversation, go }: { readonly conversation: Conversation; readonly go: () => void }) {
  const count = conversation.unread.value
  return (
    <div class="to-end">
      {count > 0 && <span class="to-end-count">{say.newBelow(count)}</span>}
      <IconButton icon="down" label={say.toNewest} onClick={go} />
    </div>
  )
}
