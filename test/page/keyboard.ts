// Somebody without a mouse: goes by Tab to what bears a name, and sees all the way where the focus is.
import assert from 'node:assert/strict'
import type { Window } from './browser.ts'

/** What has the focus: its name as it is read out, its kind, and what is wrong with how it is seen. */
export interface Focus {
  readonly name: string
  readonly tag: string
  readonly wrong: string | undefined
}

const look = `(() => {
  const one = document.activeElement
  const tag = one.tagName.toLowerCase()
  const label = one.labels?.[0]?.textContent ?? ''
  const name = (one.getAttribute('aria-label') ?? (label || one.textContent)).trim().replace(/\\s+/g, ' ')
  if (one === document.body) return { name: '', tag, wrong: 'nothing has the focus' }
  // Where the focus was put so that a title is read out, there is nothing to do but to go on.
  if (one.tabIndex < 0 && /^(h1|h2|main|p)$/.test(tag)) return { name, tag, wrong: undefined }
  // A field shows it on its frame, a message on its bubble.
  const near = [one, one.parentElement, one.parentElement?.parentElement, one.querySelector('.bubble')]
  const rings = near.filter(part => part != null).flatMap(part => {
    const { outlineStyle, outlineWidth, outlineOffset, boxShadow } = getComputedStyle(part)
    const isDrawn = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    if (isDrawn) return [{ part, px: parseFloat(outlineWidth) + parseFloat(outlineOffset) }]
    return boxShadow !== 'none' && part.matches(':focus-within') && part.closest('.menu, .dialog') !== part ? [{ part, px: 1 }] : []
  })
  if (rings.length === 0) return { name, tag, wrong: 'it has no ring: ' + one.outerHTML.slice(0, 120) }
  const [{ part, px }] = rings
  const { left, top, right, bottom } = part.getBoundingClientRect()
  const ring = { left: left - px, top: top - px, right: right + px, bottom: bottom + px }
  const isIn = box => ring.left >= box.left - 0.6 && ring.right <= box.right + 0.6 && ring.top >= box.top - 0.6 && ring.bottom <= box.bottom + 0.6
  if (!isIn({ left: 0, top: 0, right: innerWidth, bottom: innerHeight })) return { name, tag, wrong: 'its ring is out of the window: ' + JSON.stringify(ring) }
  for (let box = part.parentElement; box !== null && box !== document.body; box = box.parentElement) {
    if (getComputedStyle(box).overflow !== 'visible' && !isIn(box.getBoundingClientRect()))
      return { name, tag, wrong: 'its ring is cut off by ' + box.className + ': ' + JSON.stringify([ring, box.getBoundingClientRect()]) }
  }
  return { name, tag, wrong: undefined }
})()`

/** What has the focus now, which must be seen. */
export async function focused({ page }: Window): Promise<Focus> {
  const focus = await page.evaluate<Focus>(look)
  assert.equal(focus.wrong, undefined, focus.name)
  return focus
}

/** Resolves when what bears that name has the focus, which follows the picture by a frame; it must be seen there. */
export async function focusComesTo(window: Window, name: string | RegExp): Promise<void> {
  const found = (focus: Focus) => (typeof name === 'string' ? focus.name === name : name.test(focus.name))
  let focus: Focus | undefined
  for (const untilMs = Date.now() + waitMsMax; Date.now() < untilMs; ) {
    focus = await window.page.evaluate<Focus>(look)
    if (found(focus) && focus.wrong === undefined) return
    await window.page.evaluate('new Promise(requestAnimationFrame)')
  }
  assert.fail(`the focus is on ${JSON.stringify(focus)}, not on ${String(name)}`)
}

/** Presses a key until what bears that name has the focus; everything on the way must be seen. */
export async function tabTo(window: Window, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < pressesMax; presses += 1) {
    await window.page.keyboard.press(key)
    const { name: now, wrong } = await window.page.evaluate<Focus>(look)
    assert.equal(wrong, undefined, `${now}, on the way to ${String(name)} behind ${JSON.stringify(passed)}`)
    if (typeof name === 'string' ? now === name : name.test(now)) return
    passed.push(now)
  }
  assert.fail(`${String(name)} is not among ${JSON.stringify(passed)}`)
}

/** More than any view has places. */
const pressesMax = 60

const waitMsMax = 10_000
