// The focus goes along with what is in sight, so that neither it nor a screen reader is left behind on what was hidden: on
// a phone to what was opened, and from what was left back to the link that led there.
import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { hrefOf, type Route, route } from '../model/route.ts'

export function useFocusOnRoute(): void {
  useEffect(() => {
    let before = route.peek()
    /** Where one went from the list: from there one may have gone on. */
    let first: Route | undefined
    return effect(() => {
      const now = route.value
      const from = before
      before = now
      if (now === from) return
      if (from.is === 'home') first = now
      const led = now.is === 'home' ? [from, first] : [from]
      requestAnimationFrame(() => focusOn(now, led))
    })
  }, [])
}

function focusOn(now: Route, led: readonly (Route | undefined)[]): void {
  const isWide = innerWidth >= twoPanesPx
  if (now.is === 'home' || isPanelLeft(now, led[0])) {
    // In a window with room for both, what somebody has chosen meanwhile stays theirs.
    if (isWide && document.activeElement !== document.body) return
    led
      .map(linkTo)
      .find(link => link !== undefined)
      ?.focus()
  } else if (isWide) return
  else if (now.is === 'conversation') document.querySelector<HTMLElement>('.pane-title h2')?.focus()
  else if (now.is === 'invite') document.querySelector<HTMLElement>('.nothing p')?.focus()
}

function isPanelLeft(now: Route, from: Route | undefined): boolean {
  if (now.is !== 'conversation' || from?.is !== 'conversation') return false
  return now.address === from.address && now.panel === undefined && from.panel !== undefined
}

/** A link to it that is in sight. A message's address is not in the list, its conversation's is. */
function linkTo(to: Route | undefined): HTMLElement | undefined {
  if (to === undefined) return undefined
  const shown = to.is === 'conversation' && to.seq !== undefined ? { is: to.is, address: to.address } : to
  const has = `a[href="${CSS.escape(hrefOf(shown))}"]`
  const links = document.querySelectorAll<HTMLElement>(`.list-pane ${has}, .pane-head ${has}`)
  return [...links].find(link => link.checkVisibility())
}

/** As in frame.css: 45 rem. */
const twoPanesPx = 720
