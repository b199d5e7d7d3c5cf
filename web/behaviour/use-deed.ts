// Something that is asked of the server from a form or a button: whether it is under way, and why it did not work. What
// was typed stays where it is.
import { useState } from 'preact/hooks'
import { Refused } from '../../src/sdk/sdk.ts'
import { sentenceOf } from '../ui/toast.tsx'

interface Deed {
  readonly isBusy: boolean
  /** The sentence for what went wrong last; undefined once it is tried again. */
  readonly wrong: string | undefined
  /** The field that it is about, where there is one. */
  readonly field: string | undefined
  /** Does it; resolves with whether it worked. While one is under way another is not begun. */
  readonly run: (deed: () => Promise<unknown>) => Promise<boolean>
}

interface Fate {
  readonly isBusy: boolean
  readonly error?: unknown
}

export function useDeed(): Deed {
  const [{ isBusy, error }, setFate] = useState<Fate>({ isBusy: false })
  const run = async (deed: () => Promise<unknown>) => {
    if (isBusy) return false
    setFate({ isBusy: true })
    try {
      await deed()
      setFate({ isBusy: false })
      return true
    } catch (caught) {
      setFate({ isBusy: false, error: caught })
      return false
    }
  }
  return {
    isBusy,
    wrong: error === undefined ? undefined : sentenceOf(error),
    field: error instanceof Refused ? error.field : undefined,
    run,
  }
}
