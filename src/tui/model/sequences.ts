// What a control sequence of a terminal means, as a stroke: xterm's keys, rxvt's and PuTTY's, the Linux console's, and the
// Kitty protocol's (https://sw.kovidgoyal.net/kitty/keyboard-protocol/). Pure; keys.ts finds where a sequence ends.

/** A character or more to be typed, or a key by its name: `enter`, `ctrl-a`, `alt-b`, `alt-enter`, `pageup`. */
export type Stroke =
  | {
      readonly is: 'text'
      readonly text: string
      /** It came as one piece, and answers no question. */
      readonly isPasted?: true
    }
  | {
      readonly is: 'key'
      readonly key: string
      /** The keys that it also may be: Alt-x is the same to a terminal as Esc and then x. */
      readonly apart?: readonly Stroke[]
    }

/** The terminal says that it has the Kitty protocol. */
export const kittyReply = 'kitty-reply'

export function named(key: string, apart?: readonly Stroke[]): Stroke {
  return apart === undefined ? { is: 'key', key } : { is: 'key', key, apart }
}

const letters: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  a: 'up',
  b: 'down',
  c: 'right',
  d: 'left',
}

const numbers: Readonly<Record<number, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
}

/** Keys of the Kitty protocol that are no characters, and those of its keypad. */
const codes: Readonly<Record<number, string>> = {
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'pageup',
  57422: 'pagedown',
  57423: 'home',
  57424: 'end',
  57426: 'delete',
}

/** Of the keypad, from 57399 on; Enter among them is a key. */
const keypad = '0123456789./*-+\r=,'
const keypadFrom = 57_399

/** Control characters with a key of their own: Ctrl-I is Tab, as it always was in terminals. */
const sameAs: Readonly<Record<string, string>> = { 'ctrl-i': 'tab', 'ctrl-m': 'enter', 'ctrl-[': 'escape' }

/**
 * The stroke of `ESC [ params final`; undefined for what is no key of ours. `typed` for what no terminal sends: Esc was
 * pressed, and the rest was typed.
 */
export function csiStroke(params: string, final: string): Stroke | undefined | 'typed' {
  if (final === 'u') return params.startsWith('?') ? named(kittyReply) : unicodeStroke(params)
  if (params.startsWith('[')) return consoleStroke(params.slice(1), final)
  if (/[^\d;:]/.test(params)) return undefined
  const [first = '', second = '', third = ''] = params.split(';')
  if (final === '~' && first === '27' && third !== '') return unicodeStroke(`${third};${second}`)
  if (final === 'Z') return named('shift-tab')
  const held = modifiersOf(second)
  if (final === '~') return withModifiers(numbers[Number(first)], held)
  if ('$^@'.includes(final) && first !== '') return rxvtStroke(Number(first), final)
  const name = letters[final]
  if (name !== undefined) return first === '' || first === '1' ? withModifiers(name, held) : undefined
  return params === '' && !'EIMOPQRS'.includes(final) ? 'typed' : undefined
}

/** The stroke of `ESC O params final`. The keypad is in its numeric mode: what it would send else was typed. */
export function ss3Stroke(params: string, final: string): Stroke | undefined | 'typed' {
  const name = letters[final]
  if (name !== undefined) {
    const isLower = final >= 'a'
    return withModifiers(name, isLower ? { ...none, ctrl: true } : modifiersOf(params.split(';').at(-1) ?? ''))
  }
  return 'PQRSE'.includes(final) ? undefined : 'typed'
}

/** PuTTY's and the Linux console's: of theirs only these two are more than a function key. */
function consoleStroke(params: string, final: string): Stroke | undefined {
  if (final !== '~') return undefined
  return params === '5' ? named('pageup') : params === '6' ? named('pagedown') : undefined
}

function rxvtStroke(number: number, final: string): Stroke | undefined {
  return withModifiers(numbers[number], { ...none, ctrl: final !== '$' })
}

interface Modifiers {
  readonly shift: boolean
  readonly alt: boolean
  readonly ctrl: boolean
  /** The system's own keys: what is pressed with them is not for us. */
  readonly isForeign: boolean
  readonly caps: boolean
  readonly isReleased: boolean
}

const none: Modifiers = { shift: false, alt: false, ctrl: false, isForeign: false, caps: false, isReleased: false }

/** `modifiers` or `modifiers:event`, one more than the sum of their bits. */
function modifiersOf(text: string): Modifiers {
  const [sum = '', event] = text.split(':')
  const bits = sum === '' ? 0 : Math.max(0, Number(sum) - 1)
  return {
    shift: (bits & 1) !== 0,
    alt: (bits & 2) !== 0 || (bits & 32) !== 0,
    ctrl: (bits & 4) !== 0,
    isForeign: (bits & 24) !== 0,
    caps: (bits & 64) !== 0,
    isReleased: event === '3',
  }
}

/** Shift matters only where it makes another key. */
function withModifiers(name: string | undefined, held: Modifiers): Stroke | undefined {
  if (name === undefined || held.isReleased || held.isForeign) return undefined
  if (name === 'escape') return named(name)
  const shift = held.shift && (name === 'tab' || name === 'enter') ? 'shift-' : ''
  return named(`${held.ctrl ? 'ctrl-' : ''}${held.alt ? 'alt-' : ''}${shift}${name}`)
}

/** `code:shifted:base ; modifiers:event ; text`. */
function unicodeStroke(params: string): Stroke | undefined {
  const [key = '', mods = '', sent = ''] = params.split(';')
  const [code = 0, shifted = 0] = key.split(':').map(Number)
  const held = modifiersOf(mods)
  const name = codes[code]
  if (name !== undefined) return withModifiers(name, held)
  const char = keypad[code - keypadFrom] ?? characterOf(code)
  if (char === '' || held.isReleased || held.isForeign) return undefined
  if (held.ctrl || held.alt) {
    const chord = `${held.ctrl ? 'ctrl-' : ''}${held.alt ? 'alt-' : ''}${char.toLowerCase()}`
    return named(sameAs[chord] ?? chord)
  }
  const text = sent === '' ? '' : sent.split(':').map(Number).map(characterOf).join('')
  if (text !== '') return { is: 'text', text }
  const upper = shifted === 0 ? char.toUpperCase() : characterOf(shifted)
  return { is: 'text', text: held.shift !== (held.caps && /\p{L}/u.test(char)) ? upper : char }
}

/** Empty for controls, for the private numbers of keys, and for what is no character. */
function characterOf(code: number): string {
  const isKey = code >= 57_344 && code <= 63_743
  const isCharacter = code >= 32 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff)
  return !isCharacter || isKey || (code >= 127 && code < 160) ? '' : String.fromCodePoint(code)
}
