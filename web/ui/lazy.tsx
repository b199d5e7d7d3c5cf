// A part of the page that is loaded when it is shown first.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { Button } from './button.tsx'

interface LazyProps<P> {
  readonly load: () => Promise<ComponentType<P>>
  readonly props: P
}

export function Lazy<P extends object>({ load, props }: LazyProps<P>) {
  const [part, setPart] = useState<{ readonly Part: ComponentType<P> } | 'failed'>()
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let isStale = false
    load().then(
      Part => isStale || setPart({ Part }),
      () => isStale || setPart('failed'),
    )
    return () => {
      isStale = true
    }
  }, [load, tries])
  if (part === 'failed') {
    return (
      <p class="lazy-failed">
        {say.cannotReach} <Button onClick={() => setTries(tries + 1)}>{say.tryAgain}</Button>
      </p>
    )
  }
  return part === undefined ? null : <part.Part {...props} />
}
