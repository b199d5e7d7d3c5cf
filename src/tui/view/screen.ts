// The terminal while the chat has the whole screen: the alternate screen, no wrapping by the terminal, the window's
// title; and all of it as it was before, however it ends.
import { render } from 'ink'
import { createElement as h } from 'react'
import type { Chat, Ending } from '../chat.ts'
import { press } from '../keyboard.ts'
import type { Stroke } from '../model/keys.ts'
import type { ChatState } from '../model/state.ts'
import { paced } from '../pace.ts'
import { App, type Drawn } from './app.ts'
import { listen } from './input.ts'
import { screenOptions } from './options.ts'
import { themeFor } from './rows.ts'

/**
 * The terminal cuts off what is wider than it should be, rather than wrap it: it may count an emoji wider than we do,
 * and a row that wraps would push the whole screen out of place.
 */
const wrapOff = '\x1b[?7l'
const wrapOn = '\x1b[?7h'

const emptyScreen = '\x1b[2J\x1b[H'

/** Puts the window's title aside, and back: xterm's stack of titles, which others pass over. */
const keepTitle = '\x1b[22;2t'
const giveTitleBack = '\x1b[23;2t'

export interface ScreenOptions {
  readonly hasColours: boolean
}

/**
 * At most 25 frames a second: more is not seen while text runs by. And after a frame three times as long as it took, so
 * that a slow terminal or machine still takes keys and reads what arrives.
 */
const framePace = { pauseMs: 40, share: 3 } as const

/** Shows the chat until it ends. */
export async function showOnScreen(chat: Chat, { hasColours }: ScreenOptions): Promise<Ending> {
  const { stdout } = process
  stdout.write(wrapOff + keepTitle)
  const entitle = (title: string) => void stdout.write(`\x1b]2;${title}\x07`)
  const redraw = () => {
    stdout.write(emptyScreen)
    app.clear()
    chat.change(state => ({ ...state }))
  }
  const take = (stroke: Stroke) => {
    if (stroke.is === 'key' && stroke.key === 'ctrl-l') redraw()
    else press(chat, stroke)
  }
  const keys = listen(take)
  using frames = new Frames(chat)
  const app = render(h(App, { chat, drawn: frames, theme: themeFor(hasColours), entitle }), screenOptions)
  try {
    return await Promise.race([chat.run(), app.waitUntilExit().then(() => 'left' as const)])
  } finally {
    keys[Symbol.dispose]()
    app.unmount()
    await app.waitUntilExit().catch(() => {})
    stdout.write(giveTitleBack + wrapOn)
  }
}

/** The chat's states at the pace of the frames. The terminal's size is drawn at once: Ink asks for that itself. */
class Frames implements Drawn, Disposable {
  readonly #listeners = new Set<() => void>()
  readonly #pace: Disposable
  readonly #unsubscribe: () => void
  #state: ChatState

  constructor(chat: Chat) {
    this.#state = chat.state
    const draw = () => {
      this.#state = chat.state
      for (const listener of this.#listeners) listener()
    }
    const pace = paced(draw, framePace)
    this.#pace = pace
    this.#unsubscribe = chat.subscribe(pace.request)
  }

  readonly state = (): ChatState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  };

  [Symbol.dispose](): void {
    this.#unsubscribe()
    this.#pace[Symbol.dispose]()
  }
}
