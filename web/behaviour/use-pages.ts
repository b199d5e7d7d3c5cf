// A list that the server gives page by page. Another key is another list: what was asked for the one before is dropped.
import { useEffect, useRef, useState } from 'preact/hooks'
import { sentenceOf } from '../ui/toast.tsx'

export interface Page<T, N> {
  readonly items: readonly T[]
  /** Where the next page goes on; undefined if there is none. */
  readonly next: N | undefined
}

type Load<T, N> = (from: N | undefined, signal: AbortSignal) => Promise<Page<T, N>>

interface State<T, N> extends Page<T, N> {
  /** The key that this is of. */
  readonly of: string | undefined
  readonly isLoading: boolean
  readonly wrong: string | undefined
}

export interface Pages<T> {
  readonly items: readonly T[]
  /** The first page has come. */
  readonly isLoaded: boolean
  readonly isLoading: boolean
  readonly wrong: string | undefined
  /** Loads the next page; undefined if there is none. */
  readonly more: (() => void) | undefined
  /** Loads it from the start; what is shown stays until that has come. */
  readonly again: () => void
}

/** With the key undefined nothing is asked, and the list is empty. */
export function usePages<T, N>(key: string | undefined, load: Load<T, N>): Pages<T> {
  const empty: State<T, N> = { of: undefined, items: [], next: undefined, isLoading: false, wrong: undefined }
  const [state, setState] = useState(empty)
  const [turn, setTurn] = useState(0)
  const stop = useRef(new AbortController())
  const ask = async (before: readonly T[], from: N | undefined) => {
    const { signal } = stop.current
    setState(now => ({ ...now, isLoading: true, wrong: undefined }))
    try {
      const { items, next } = await load(from, signal)
      if (!signal.aborted) setState({ of: key, items: [...before, ...items], next, isLoading: false, wrong: undefined })
    } catch (error) {
      if (!signal.aborted) setState(now => ({ ...now, isLoading: false, wrong: sentenceOf(error) }))
    }
  }
  useEffect(() => {
    stop.current = new AbortController()
    if (key === undefined) setState(empty)
    else void ask([], undefined)
    return () => stop.current.abort()
  }, [key, turn])
  const { items, next, isLoading, wrong, of } = state
  return {
    items,
    isLoaded: key !== undefined && of === key,
    // Also where the key is new and nothing has been asked yet: what is shown is of the key before.
    isLoading: isLoading || (key !== undefined && of !== key && wrong === undefined),
    wrong,
    more: next === undefined || isLoading ? undefined : () => void ask(items, next),
    again: () => setTurn(now => now + 1),
  }
}

/** What was typed, once the burst is over. */
export function useSettled(typed: string, waitMs: number): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), waitMs)
    return () => clearTimeout(timer)
  }, [typed, waitMs])
  return settled
}
