// What is said of people who are here, or were: soft state, the same words in the browser's page and in the terminal.
import { ago, counted, here, listAll } from './format.ts'
import type { Sentence } from './sentence.ts'

/** Names that are told one by one; beyond it only their number. */
const namesMax = 3

/** Who is typing; undefined for nobody. */
export function typing(names: readonly string[], place = here()): Sentence | undefined {
  if (names.length === 0) return undefined
  if (names.length > namesMax) {
    return counted(names.length, { other: '# people are typing' }, place) as Sentence
  }
  return `${listAll(names, place)} ${names.length === 1 ? 'is' : 'are'} typing` as Sentence
}

export const online = 'here now' as Sentence

/** How long somebody has been away; undefined where it is not shown. */
export function lastSeen(atSeconds: number | undefined, nowSeconds: number, place = here()): Sentence | undefined {
  if (atSeconds === undefined) return undefined
  if (nowSeconds - atSeconds < 60) return 'last seen a moment ago' as Sentence
  return `last seen ${ago(atSeconds, nowSeconds, place)}` as Sentence
}
