// What was typed, as strokes with a name. Terminals send several keys in one piece where somebody types fast or the
// machine is busy, so a piece is taken apart here, and never taken for one key.
import type { Key } from 'ink'

/** A character or more to be typed, or a key by its name: `enter`, `ctrl-a`, `alt-b`, `alt-enter`, `pageup`. */
export type Stroke = { readonly is: 'text'; readonly text: string } | { readonly is: 'key'; readonly key: string }

/** What Ink says was typed, as strokes. Keys that are only let go, and those with the system's own modifiers, are none. */
export function strokesOf(input: string, key: Key): readonly Stroke[] {
  if (key.eventType === 'release' || key.super || key.hyper) return []
  const name = nameOf(key)
  if (name !== undefined) return [named(withModifiers(name, key))]
  if (input === '') return []
  if (key.ctrl) return [named(`ctrl-${input}`)]
  if (key.meta) return [named(`alt-${input.toLowerCase()}`)]
  return apart(input)
}

const names = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const

function nameOf(key: Key): string | undefined {
  return names.find(([field]) => key[field])?.[1]
}

/** Shift matters only where it makes another key. */
function withModifiers(name: string, key: Key): string {
  const shift = key.shift && (name === 'tab' || name === 'enter') ? 'shift-' : ''
  // Escape itself comes with `meta` from some terminals.
  const alt = key.meta && name !== 'escape' ? 'alt-' : ''
  return `${key.ctrl ? 'ctrl-' : ''}${alt}${shift}${name}`
}

function named(key: string): Stroke {
  return { is: 'key', key }
}

/** The controls of a piece by their keys, what stands between as text. */
function apart(input: string): readonly Stroke[] {
  const strokes: Stroke[] = []
  for (const part of input.match(/\p{Cc}|\P{Cc}+/gu) ?? []) {
    const code = part.charCodeAt(0)
    if (code >= 0x20 && code !== 0x7f) strokes.push({ is: 'text', text: part })
    else strokes.push(named(controls[code] ?? `ctrl-${String.fromCharCode(code + 96)}`))
  }
  return strokes
}

const controls: Readonly<Record<number, string>> = {
  0x08: 'backspace',
  0x09: 'tab',
  0x0a: 'ctrl-j',
  0x0d: 'enter',
  0x1b: 'escape',
  0x7f: 'backspace',
}
