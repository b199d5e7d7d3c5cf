// The chat on the whole screen: what the state looks like, and keys and pastes handed on. It keeps nothing of its own.
import { Box, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { createElement as h, type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Chat } from '../chat.ts'
import { press } from '../keyboard.ts'
import { frameOf } from '../model/frame.ts'
import { strokesOf } from '../model/keys.ts'
import { Rows, type Theme } from './rows.ts'

export interface AppProps {
  readonly chat: Chat
  readonly theme: Theme
  /** Draws all of it anew: something else wrote on the screen. */
  readonly redraw: () => void
  /** Sets the window's title. */
  readonly entitle: (title: string) => void
}

export function App({ chat, theme, redraw, entitle }: AppProps): ReactNode {
  const state = useSyncExternalStore(chat.subscribe, () => chat.state)
  const { columns, rows } = useWindowSize()
  const { setCursorPosition } = useCursor()
  useEffect(() => chat.change(before => ({ ...before, size: { columns, rows } })), [chat, columns, rows])
  useInput((input, key) => {
    for (const stroke of strokesOf(input, key)) {
      if (stroke.is === 'key' && stroke.key === 'ctrl-l') redraw()
      else press(chat, stroke)
    }
  })
  usePaste(text => press(chat, { is: 'text', text }))
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
