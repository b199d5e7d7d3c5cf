// What the page keeps in the browser, under one prefix, so that signing out can take all of it away. A browser may refuse
// storage (private windows, policies): then nothing is kept, and everything else works.
import type { Kept } from './kept.ts'

const prefix = 'hullo.'

/** `localStorage` outlives the tab, `sessionStorage` does not. */
export function keptIn(which: 'localStorage' | 'sessionStorage'): Kept {
  const storage = () => {
    try {
      return window[which]
    } catch {
      return undefined
    }
  }
  const names = (start: string) => {
    const there = storage()
    if (there === undefined) return []
    return Array.from({ length: there.length }, (_, index) => there.key(index) ?? '')
      .filter(name => name.startsWith(prefix + start))
      .map(name => name.slice(prefix.length))
  }
  const write = (name: string, value: string | undefined) => {
    try {
      if (value === undefined) storage()?.removeItem(prefix + name)
      else storage()?.setItem(prefix + name, value)
    } catch {
      // Full: what is kept here is a convenience, what counts is on the server.
    }
  }
  return {
    read: name => storage()?.getItem(prefix + name) ?? undefined,
    write,
    names,
    forget: start => names(start).forEach(name => write(name, undefined)),
    follow(told, until) {
      const heard = ({ storageArea, key, newValue }: StorageEvent) => {
        if (storageArea === storage() && key?.startsWith(prefix) === true) {
          told(key.slice(prefix.length), newValue ?? undefined)
        }
      }
      addEventListener('storage', heard, until === undefined ? {} : { signal: until })
    },
  }
}
