// A person's or a room's round sign: the first letter on a colour that follows from the name, the same everywhere.
import { nameKey } from '../../src/protocol/names.ts'
import type { Address } from '../../src/sdk/sdk.ts'
import { Icon } from './icon.tsx'
import './avatar.css'

/** Classes in avatar.css: each a pair of colours that reads in light and dark. */
const hues = 8

interface AvatarProps {
  readonly address: Address
  readonly small?: boolean
  readonly online?: boolean | undefined
}

export function Avatar({ address, small = false, online = false }: AvatarProps) {
  const name = address.slice(1)
  const classes = `avatar avatar-${hueOf(name)}${small ? ' avatar-small' : ''}${address.startsWith('#') ? ' avatar-room' : ''}`
  return (
    <span class={classes} aria-hidden="true">
      {address.startsWith('#') ? <Icon name="room" size={small ? 14 : 20} /> : initialOf(name)}
      {online && <span class="avatar-online" />}
    </span>
  )
}

/** FNV-1a, of whose bits the upper ones are well mixed: names that differ in a letter are to differ in colour. */
export function hueOf(name: string): number {
  let hash = 0x811c9dc5
  for (const character of nameKey(name)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return ((hash >>> 16) ^ (hash >>> 24)) % hues
}

/** Of one letter: more marks than any script writes on it would hang out of the sign. */
const initialCodePointsMax = 4

/** The first letter as it is read, with the marks that belong to it. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name)
  return Array.from(first?.segment ?? '')
    .slice(0, initialCodePointsMax)
    .join('')
    .toLocaleUpperCase()
}
