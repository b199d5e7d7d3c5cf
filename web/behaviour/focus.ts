// Focus goes back to where it was when something that took it is gone, unless it went somewhere on purpose.
export function giveFocusBack(from: HTMLElement, to: Element | null): void {
  const { activeElement } = document
  const isLost = activeElement === null || activeElement === document.body || from.contains(activeElement)
  if (isLost && to instanceof HTMLElement && to.isConnected) to.focus()
}
