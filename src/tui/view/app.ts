// The chat on the whole screen: what the state looks like. It keeps nothing of its own, and reads no keys.
import { Box, useCursor, useWindowSize } from 'ink'
import { createElement as h, type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Chat } from '../chat.ts'
import { frameOf } from '../model/frame.ts'
import type { ChatState } from '../model/state.ts'
import { Rows, type Theme } from './rows.ts'

/** The states that are drawn: not each one that there is. */
export interface Drawn {
  readonly subscribe: (listener: () => void) => () => void
  readonly state: () => ChatState
}

export interface AppProps {
  readonly chat: Chat
  readonly drawn: Drawn
  readonly theme: Theme
  /** Sets the window's title. */
  readonly entitle: (title: string) => void
}

export function App({ chat, drawn, theme, entitle }: AppProps): ReactNode {
  const state = useSyncExternalStore(drawn.subscribe, drawn.state)
  const { columns, rows } = useWindowSize()
  const { setCursorPosition } = useCursor()
  useEffect(() => chat.change(before => ({ ...before, size: { columns, rows } })), [chat, columns, rows])
  const frame = useMemo(() => frameOf({ ...state, size: { columns, rows } }), [state, columns, rows])
  useEffect(() => entitle(frame.title), [entitle, frame.title])
  setCursorPosition(frame.caret)
  const { list, main } = frame
  return h(
    Box,
    { height: rows, width: columns, overflow: 'hidden' },
    list === undefined ? undefined : h(Rows, { rows: list.rows, width: list.width, theme }),
    h(Rows, { rows: main, width: columns - (list?.width ?? 0), theme }),
  )
}
