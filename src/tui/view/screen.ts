// The terminal while the chat has the whole screen: the alternate screen, no wrapping by the terminal, the window's
// title; and all of it as it was before, however it ends.
import { render } from 'ink'
import { createElement as h } from 'react'
import type { Chat, Ending } from '../chat.ts'
import { App } from './app.ts'
import { echoOff, screenOptions } from './options.ts'
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

/** Shows the chat until it ends. */
export async function showOnScreen(chat: Chat, { hasColours }: ScreenOptions): Promise<Ending> {
  const { stdout } = process
  stdout.write(wrapOff + keepTitle)
  const entitle = (title: string) => void stdout.write(`\x1b]2;${title}\x07`)
  echoOff()
  const redraw = () => {
    stdout.write(emptyScreen)
    app.clear()
    chat.change(state => ({ ...state }))
  }
  const app = render(h(App, { chat, theme: themeFor(hasColours), redraw, entitle }), screenOptions)
  try {
    return await Promise.race([chat.run(), app.waitUntilExit().then(() => 'left' as const)])
  } finally {
    app.unmount()
    await app.waitUntilExit().catch(() => {})
    stdout.write(giveTitleBack + wrapOn)
  }
}
