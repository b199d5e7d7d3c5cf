// Where the loaded part of a log ends, above or below: the next page is asked for before one has scrolled there.
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'

/** After a page that did not come. */
const retryMs = 3_000

/** A page is here before one has scrolled to it. */
const loadMarginPx = 1_200

interface EdgeProps {
  readonly root: RefObject<HTMLElement | null>
  /** Resolves with whether a page came. */
  readonly load: () => Promise<boolean>
}

/** An end of what is loaded: near it more is loaded, again and again until there is enough. */
export function Edge({ root, load }: EdgeProps) {
  const ref = useRef<HTMLDivElement>(null)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    const edge = ref.current
    if (edge === null) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const lookAgain = () => {
      observer.unobserve(edge)
      observer.observe(edge)
    }
    const more = async () => {
      if (await latest.current()) lookAgain()
      else timer = setTimeout(lookAgain, retryMs)
    }
    const observer = new IntersectionObserver(
      // A busy page is told of several frames at once: the last is how it is now.
      entries => {
        if (entries.at(-1)?.isIntersecting === true) void more()
      },
      { root: root.current, rootMargin: `${loadMarginPx}px 0px` },
    )
    observer.observe(edge)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
    }
  }, [root])
  return (
    <div ref={ref} class="log-edge">
      <span class="unseen">{say.loading}</span>
    </div>
  )
}
