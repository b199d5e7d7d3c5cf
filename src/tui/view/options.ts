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
  // Keys are read by input.ts, which asks for the protocol.
  kittyKeyboard: { mode: 'disabled' },
  patchConsole: false,
}
