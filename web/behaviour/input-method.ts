// Keys that belong to an input method (Japanese, Chinese, Korean and others), kept from everything else on the page: Enter
// chooses a word there, Esc drops one, Tab and arrows move among candidates.

/** Keydown of a key that an input method handles. Safari clears `isComposing` before the Enter that ends a composition. */
const handledByInputMethod = 229

/** Whether a key belongs to an input method, and means nothing to the page. */
function isComposing({ isComposing: is, keyCode }: KeyboardEvent): boolean {
  return is || keyCode === handledByInputMethod
}

/**
 * Keeps these keys from every handler of the page, as long as the page stands; and from what a browser does by itself:
 * Enter does not submit a form, Esc does not close a dialog or a menu.
 */
export function guardComposition(page: Document): void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isComposing(event)) return
    event.stopImmediatePropagation()
    const { key, target } = event
    // In a text of several lines Enter is a line, whatever wrote it.
    const submits = key === 'Enter' && target instanceof HTMLInputElement
    if (submits || key === 'Escape') event.preventDefault()
  }
  page.defaultView?.addEventListener('keydown', onKeyDown, { capture: true })
}
