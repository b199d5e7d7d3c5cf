// Names that are found by the beginning of any of their words. The table `account_words` (and `room_words`) has a row for
// each later word of a name, with the rest of the name behind it: "ann-marie de witt" is found as itself, and under
// "marie de witt", "de witt" and "witt".
import { afterPrefix } from './connect.ts'

const separator = /[ _.'-]+/g

/** The parts of a key that begin at its second word, its third and so on, each to its end. */
export function laterWords(nameKey: string): string[] {
  const starts = Array.from(nameKey.matchAll(separator), found => found.index + found[0].length)
  return starts.filter(start => start > 0 && start < nameKey.length).map(start => nameKey.slice(start))
}

/** Where a search finds a name: the whole key, or the first later word that begins so; undefined if none does. */
function placeOf(nameKey: string, prefix: string): string | undefined {
  return [nameKey, ...laterWords(nameKey)].find(words => words.startsWith(prefix))
}

interface NameQuery {
  readonly keyPrefix: string
  readonly afterKey: string
  readonly limit: number
}

export interface Ways<Row> {
  /** Rows whose key is from `from` to before `to` and after `afterKey`, by key. */
  readonly byKey: (from: string, to: string, afterKey: string, limit: number) => readonly Row[]
  /** Rows of later words before `to` and after this word of this key, in that order; read as far as it is needed. */
  readonly byWord: (to: string, after: { readonly words: string; readonly key: string }) => Iterable<Row & InWords>
}

export interface InWords {
  readonly words: string
  readonly nameKey: string
}

/**
 * A page of a search by name: first the names that begin with it, by key, then those with a later word that does, by that
 * word; each name once. Reads no more rows than the page has, but for what its queries leave out.
 */
export function pageOfNames<Row>({ keyPrefix, afterKey, limit }: NameQuery, { byKey, byWord }: Ways<Row>): Row[] {
  const to = afterPrefix(keyPrefix)
  const place = placeOf(afterKey, keyPrefix)
  const isAmongLater = keyPrefix !== '' && place !== undefined && place !== afterKey
  const found = isAmongLater ? [] : [...byKey(keyPrefix, to, afterKey, limit)]
  if (keyPrefix === '' || found.length >= limit) return found
  const after = isAmongLater ? { words: place, key: afterKey } : { words: keyPrefix, key: '' }
  for (const { words, nameKey, ...row } of byWord(to, after)) {
    // Under its other words it is found too.
    if (placeOf(nameKey, keyPrefix) === words) found.push(row as Row)
    if (found.length >= limit) break
  }
  return found
}
