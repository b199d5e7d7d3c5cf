// How Ink runs, the same for each of our screens.
import type { RenderOptions } from 'ink'

export const screenOptions: RenderOptions = {
  alternateScreen: true,
  // Ctrl-C is a key like others: it empties the line first.
  exitOnCtrlC: false,
  incrementalRendering: true,
  // Whoever starts it has looked whether there is a terminal; Ink would also look whether this is a build server.
  interactive: true,
  isScreenReaderEnabled: false,
  kittyKeyboard: { mode: 'auto' },
  patchConsole: false,
}

/**
 * To be called before Ink renders: Ink itself turns the terminal's echo off only after its first frame, and what somebody
 * types at once, a password maybe, would stand on the screen. Ink gives the terminal back when it unmounts.
 */
export function echoOff(): void {
  process.stdin.setRawMode(true)
}
