// A part of the page that is loaded when it is shown first. Where it does not come, the server may have a newer page, whose
// parts have other names: loading the page anew helps in either case, and drafts are kept.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { Button } from '../ui/button.tsx'

interface LazyProps<P> {
  readonly load: () => Promise<ComponentType<P>>
  readonly props: P
}

export function Lazy<P extends object>({ load, props }: LazyProps<P>) {
  const [part, setPart] = useState<{ readonly Part: ComponentType<P> } | 'failed'>()
  useEffect(() => {
    let isStale = false
    load().then(
      Part => isStale || setPart({ Part }),
      () => isStale || setPart('failed'),
    )
    return () => {
      isStale = true
    }
  }, [load])
  if (part === 'failed') {
    return (
      <p class="lazy-failed">
        {say.partMissing} <Button onClick={() => location.reload()}>{say.loadAgain}</Button>
      </p>
    )
  }
  return part === undefined ? null : <part.Part {...props} />
}
