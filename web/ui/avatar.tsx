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

export function hueOf(name: string): number {
  let hash = 7
  for (const character of nameKey(name)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return hash % hues
}

/** The first letter as it is read, with the marks that belong to it. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name)
  return first?.segment.toLocaleUpperCase() ?? ''
}
