// What the page keeps in the browser, under one prefix, so that signing out can take all of it away. A browser may refuse
// storage (private windows, policies): then nothing is kept, and everything else works.

const prefix = 'hullo.'

/** Strings under names; where the browser keeps nothing, reading gives undefined and writing does nothing. */
export interface Kept {
  read(name: string): string | undefined
  /** undefined removes it. */
  write(name: string, value: string | undefined): void
  /** The names that begin with `start`. */
  names(start: string): string[]
  /** Removes what begins with `start`. */
  forget(start: string): void
}

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
  }
}

/** JSON that was kept; undefined where there is none, or it is broken, or `fits` says no. */
export function readJson<T>(kept: Kept, name: string, fits: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(kept.read(name) ?? 'null')
    return fits(value) ? value : undefined
  } catch {
    return undefined
  }
}
