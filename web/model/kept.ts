// What is kept beyond a page's life, as the model sees it: strings under names, wherever they are.

/** Strings under names; where the browser keeps nothing, reading gives undefined and writing does nothing. */
export interface Kept {
  read(name: string): string | undefined
  /** undefined removes it. */
  write(name: string, value: string | undefined): void
  /** The names that begin with `start`. */
  names(start: string): string[]
  /** Removes what begins with `start`. */
  forget(start: string): void
  /** Tells what other tabs write into the same place, until `until` aborts; undefined: they removed it. */
  follow(told: (name: string, value: string | undefined) => void, until?: AbortSignal): void
}

/**
 * The part of `kept` whose names begin with `start`, which are left out here. Once `until` aborts it takes nothing more, and
 * tells nothing.
 */
export function within(kept: Kept, start: string, until: AbortSignal): Kept {
  return {
    read: name => kept.read(start + name),
    write(name, value) {
      if (!until.aborted) kept.write(start + name, value)
    },
    names: more => kept.names(start + more).map(name => name.slice(start.length)),
    forget: more => kept.forget(start + more),
    follow(told, stop = until) {
      const ours = (name: string, value: string | undefined) => {
        if (name.startsWith(start)) told(name.slice(start.length), value)
      }
      kept.follow(ours, AbortSignal.any([until, stop]))
    },
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
