// Nobody without a mouse is left on nothing: where what has the focus goes away, or cannot be used for a while, the focus is
// handed on. Whoever knows better where it belongs (a dialog, a view that opens) puts it there before.

/** For as long as the page stands. */
export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | undefined
  let around: readonly Element[] = []
  let isLooking = false
  root.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    last = target
    around = ancestorsOf(target)
  })
  root.addEventListener('focusout', ({ relatedTarget }) => {
    // Who clicks beside everything, or looks elsewhere, has let go of it.
    const letGo = () => {
      if (last !== undefined && isUsable(last)) last = undefined
    }
    if (relatedTarget === null) queueMicrotask(letGo)
  })
  const look = () => {
    isLooking = false
    if (last === undefined || document.activeElement !== document.body) return
    if (!last.isConnected) placeIn(around.find(one => one.isConnected) ?? root)?.focus()
    else if (isUsable(last)) last.focus()
  }
  const lookSoon = () => {
    if (isLooking || document.activeElement !== document.body) return
    isLooking = true
    // After the frame in which others put it where it belongs.
    requestAnimationFrame(() => requestAnimationFrame(look))
  }
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] }
  new MutationObserver(lookSoon).observe(root, changes)
}

/** What one can be in, the inner ones first. */
const parts = ['.pane-main', '.pane-panel', '.view', '.list-pane', 'main']

/** In a conversation where one writes; elsewhere the title of what one is in, which does nothing when Enter comes twice. */
function placeIn(near: Element): HTMLElement | null {
  const part = near.closest(parts.join()) ?? near.querySelector('main')
  const field = part?.querySelector<HTMLElement>('#composer')
  const title = part?.querySelector<HTMLElement>('h1[tabindex], h2[tabindex]')
  return field ?? title ?? part?.closest('main') ?? null
}

function isUsable(one: HTMLElement): boolean {
  return one.isConnected && !one.matches(':disabled')
}

function ancestorsOf(one: Element): Element[] {
  const found: Element[] = []
  for (let up = one.parentElement; up !== null; up = up.parentElement) found.push(up)
  return found
}
