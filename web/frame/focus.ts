// On a phone one thing is in sight at a time: the focus goes along, so that neither it nor a screen reader is left behind
// on what was hidden.
import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { hrefOfAddress, route } from '../model/route.ts'

export function useFocusOnRoute(): void {
  useEffect(() => {
    let before = route.peek()
    return effect(() => {
      const now = route.value
      const from = before
      before = now
      if (now === from || innerWidth >= twoPanesPx) return
      requestAnimationFrame(() => {
        if (now.is === 'conversation') document.querySelector<HTMLElement>('.pane-title h2')?.focus()
        else if (now.is === 'home' && from.is === 'conversation') {
          document.querySelector<HTMLElement>(`.row[href="${CSS.escape(hrefOfAddress(from.address))}"]`)?.focus()
        }
      })
    })
  }, [])
}

/** As in frame.css: 45 rem. */
const twoPanesPx = 720
