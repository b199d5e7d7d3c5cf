// Esc leaves what stands in the place of something else: a view, a panel.
import { go, type Route } from '../model/route.ts'

/** For `onKeyDown` of the whole of it. What somebody has begun to write is not left by a key that was pressed too often. */
export function escapeTo(to: Route): (event: KeyboardEvent) => void {
  return event => {
    const { key, target, defaultPrevented } = event
    if (key !== 'Escape' || defaultPrevented || !(target instanceof HTMLElement)) return
    // A menu or a dialog closes by itself, and takes the key for that.
    if (target.closest('[popover], dialog') !== null) return
    if ((target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && isText(target)) return
    event.preventDefault()
    go(to)
  }
}

function isText({ type, value }: HTMLInputElement | HTMLTextAreaElement): boolean {
  // A number is chosen rather than written, and often stands there before anybody came.
  return !['checkbox', 'radio', 'number'].includes(type) && value !== ''
}
