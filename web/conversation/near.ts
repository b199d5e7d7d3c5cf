// Which blocks of a long log are near what is seen: the others are not drawn, only as high as they were.
import { signal, type Signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext, useLayoutEffect, useMemo, useRef } from 'preact/hooks'

/** How far beyond the edges still counts as near: a fast wheel covers less in a frame or two. */
const marginPx = 1_500

export class Nearness {
  readonly #observer: IntersectionObserver
  readonly #told = new Map<Element, (isNear: boolean) => void>()

  constructor(root: HTMLElement) {
    this.#observer = new IntersectionObserver(
      entries => {
        for (const { target, isIntersecting } of entries) this.#told.get(target)?.(isIntersecting)
      },
      { root, rootMargin: `${marginPx}px 0px` },
    )
  }

  watch(element: Element, told: (isNear: boolean) => void): () => void {
    this.#told.set(element, told)
    this.#observer.observe(element)
    return () => {
      this.#told.delete(element)
      this.#observer.unobserve(element)
    }
  }
}

export const InNearness = createContext<Nearness | undefined>(undefined)

/** Whether an element is near; and how high it was when it was drawn last. */
export function useNear() {
  const nearness = useContext(InNearness)
  const ref = useRef<HTMLDivElement>(null)
  const near: Signal<boolean> = useMemo(() => signal(true), [])
  const heightPx = useRef(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (nearness === undefined || element === null) return undefined
    return nearness.watch(element, isNear => {
      if (near.peek() && !isNear) {
        // What holds the focus or the selection stays: both would be lost with it.
        if (element.contains(document.activeElement) || holdsSelection(element)) return
        heightPx.current = element.offsetHeight
      }
      near.value = isNear
    })
  }, [nearness, near])
  return { ref, isNear: near.value, heightPx: heightPx.current }
}

function holdsSelection(element: Element): boolean {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(element, true)
}
