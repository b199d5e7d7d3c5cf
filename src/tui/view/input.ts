// Keys and pastes of a terminal: sets it to send single keys, marked pastes and, where it can, the Kitty protocol's keys,
// and gives it back as it was. Ink reads keys too, but takes Esc and a `/` behind it for one key, and drops others.
import type { ReadStream, WriteStream } from 'node:tty'
import { decoded, settled, type Stroke } from '../model/keys.ts'
import { kittyReply } from '../model/sequences.ts'

/** After this long an Esc is the key: sequences come in one piece, but for a slow network. */
const escapeMs = 50

/** Plain cursor keys and keypad, pastes marked; and the question whether the terminal has the Kitty protocol. */
const begin = '\x1b[?1l\x1b>\x1b[?2004h\x1b[?u'
const pasteOff = '\x1b[?2004l'
const kittyOn = '\x1b[>1u'
const kittyOff = '\x1b[<u'

export interface Terminal {
  readonly stdin: ReadStream
  readonly stdout: WriteStream
}

/**
 * Calls `take` with each key and paste, in their order, until it is disposed of. Turns the terminal's echo off at once: to
 * be called before the first frame is drawn, or a password typed early stands on the screen. Dispose of it before the
 * screen is unmounted.
 */
export function listen(take: (stroke: Stroke) => void, { stdin, stdout }: Terminal = process): Disposable {
  const characters = new TextDecoder()
  let rest = ''
  let pause: NodeJS.Timeout | undefined
  /** Counts pieces: after a pause, what is already here is read first. */
  let pieces = 0
  let hasKitty = false
  let isOver = false

  function handle(strokes: readonly Stroke[]): void {
    for (const stroke of strokes) {
      if (stroke.is !== 'key' || stroke.key !== kittyReply) take(stroke)
      else if (!hasKitty) {
        hasKitty = true
        stdout.write(kittyOn)
      }
    }
  }
  function read(piece: string | Uint8Array): void {
    pieces += 1
    clearTimeout(pause)
    const text = typeof piece === 'string' ? piece : characters.decode(piece, { stream: true })
    const next = decoded(rest + text)
    rest = next.rest
    handle(next.strokes)
    if (rest !== '' && !isOver) pause = setTimeout(afterPause, escapeMs, pieces)
  }
  // A process that was busy meanwhile may find more to read: the time counts from when it looked.
  function afterPause(piecesBefore: number): void {
    setImmediate(() => {
      if (isOver || pieces !== piecesBefore) return
      const next = settled(rest)
      rest = next.rest
      handle(next.strokes)
    })
  }
  function giveBack(): void {
    stdout.write((hasKitty ? kittyOff : '') + pasteOff)
    stdin.setRawMode(false)
  }

  stdin.setRawMode(true)
  stdout.write(begin)
  stdin.on('data', read)
  process.once('exit', giveBack)
  return {
    [Symbol.dispose]() {
      isOver = true
      clearTimeout(pause)
      process.off('exit', giveBack)
      stdin.off('data', read)
      stdin.pause()
      giveBack()
    },
  }
}
