// What people do on the page, by the names that the page gives things: pressing, choosing, going, writing. Every helper
// waits for the part that it needs; none looks at what comes of it.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { becomes, type Window } from './browser.ts'

export const field = ({ page }: Window) => page.locator('#composer')

/** The last message of the log that says so. */
export const message = ({ page }: Window, text: string) => page.locator('article[data-seq]', { hasText: text }).last()

/** How often it stands there, echoes included. */
export const countOf = ({ page }: Window, text: string) => page.locator('article', { hasText: text }).count()

export const button = ({ page }: Window, name: string) => page.getByRole('button', { name, exact: true })

export const link = ({ page }: Window, name: string | RegExp) => page.getByRole('link', { name, exact: true })

/** A conversation in the list, by how it is called there. */
export const row = ({ page }: Window, name: string) =>
  page.locator('.list-pane .row', { has: page.locator('.row-name', { hasText: new RegExp(`^${name}$`) }) })

export const go = ({ page }: Window, hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`)

/** Says yes to what the page asks, by the name of its button. */
export const confirmed = ({ page }: Window, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

/** Chooses from the menu of somebody in a list. */
export async function choose(window: Window, whose: string, item: string) {
  await button(window, `What to do with ${whose}`).click()
  await window.page.getByRole('menuitem', { name: item, exact: true }).click()
}

export async function signOut(window: Window) {
  await go(window, '#/-settings')
  await button(window, 'Sign out').click()
  await window.page.getByLabel('Name').waitFor()
}

/** Resolves when nothing of an account is kept, wherever pages can put things; the page's own files may be. */
export async function nothingKept(window: Window) {
  await becomes(window, 'indexedDB.databases().then(all => all.length === 0)')
  const kept = await window.page.evaluate('[...Object.keys(localStorage), ...Object.keys(sessionStorage)]')
  assert.deepEqual(kept, [])
}

/** Resolves when the worker has the page's files. */
export const workerReady = (page: Page) => page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')

/** Of one scroll. */
const stepPx = 300

/** Scrolls up to where the log begins; fails where what was in sight moved otherwise than by the step, more than once. */
export async function scrollToBeginning({ page }: Window) {
  const strays: unknown[] = []
  const isThere = `document.querySelector('.log-beginning') !== null && document.querySelector('.log').scrollTop === 0`
  for (let step = 0; !(await page.evaluate<boolean>(isThere)); step += 1) {
    const stray = await scrollUp(page)
    if (stray !== undefined) strays.push({ step, ...stray })
  }
  // One in some eighty has been seen on a machine with too much to do, for a reason that is not known yet; a log that does
  // not keep its place has dozens.
  assert.ok(strays.length <= 1, `what was in sight moved otherwise than by the step: ${JSON.stringify(strays)}`)
}

/** Scrolls up once; a stray where what was in sight moved by anything else than that, whatever was loaded above it. */
function scrollUp(page: Page): Promise<object | undefined> {
  return page.evaluate<object | undefined>(`(async () => {
    const log = document.querySelector('.log')
    const middle = log.getBoundingClientRect().top + 300
    const line = [...document.querySelectorAll('article[data-seq]')].find(one => one.getBoundingClientRect().top > middle)
    const before = line.getBoundingClientRect().top
    const room = log.scrollTop
    log.scrollTop -= ${stepPx}
    // Settled is what stands still for some frames while nothing is being loaded; a busy machine takes more of them.
    let top = Number.NaN
    let frames = 0
    for (let still = 0; frames < 300 && still < 4; frames += 1) {
      await new Promise(resolve => requestAnimationFrame(resolve))
      const now = line.getBoundingClientRect().top
      still = now === top && log.closest('[aria-busy=true]') === null ? still + 1 : 0
      top = now
    }
    const moved = top - before
    const isStray = moved < Math.min(room, ${stepPx}) - 2 || moved > ${stepPx} + 2
    return isStray ? { moved, room, frames, isThere: line.isConnected } : undefined
  })()`)
}

/** Goes to the end by its button; resolves when the log stands there. */
export async function toNewest(window: Window) {
  const { page } = window
  await button(window, 'To the newest message').click()
  await button(window, 'To the newest message').waitFor({ state: 'detached' })
  // The way to the end is over when the frames that it asked for were drawn.
  await page.evaluate(`(async () => {
    for (let n = 0; n < 5; n += 1) await new Promise(resolve => requestAnimationFrame(resolve))
  })()`)
}

/**
 * Another tab comes to the front, so that this one has the focus no more. The result waits for so many notifications to
 * be shown, real ones, and gives them as `title: body`.
 */
export async function lookAway({ page }: Window): Promise<(count: number) => Promise<string[]>> {
  // playwright lets every page believe that it has the focus.
  const protocol = await page.context().newCDPSession(page)
  await protocol.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  await page.evaluate(`{
    window.noticesSeen = []
    window.Notification = class { static permission = Notification.permission; constructor() { throw new TypeError('as on Android') } }
    const { showNotification } = ServiceWorkerRegistration.prototype
    ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
      await showNotification.call(this, title, options)
      const shown = await this.getNotifications({ tag: options.tag })
      for (const one of shown) noticesSeen.push(one.title + ': ' + one.body + (one.renotify === false ? ' (silently)' : ''))
    }
  }`)
  const other = await page.context().newPage()
  await other.bringToFront()
  await becomes({ page }, '!document.hasFocus()')
  return async count => {
    await becomes({ page }, `noticesSeen.length >= ${count}`)
    return page.evaluate<string[]>('noticesSeen')
  }
}

/** The other tab goes, and this one has the focus again. */
export async function lookBack({ page }: Window) {
  for (const other of page.context().pages()) if (other !== page) await other.close()
  await page.bringToFront()
  await becomes({ page }, 'document.hasFocus()')
}

/** Where pictures go, if they are wanted: a folder. */
const pictures = process.env['HULLO_PICTURES']

/** For people to look at: the view as it stands, on a desk and on a phone, light and dark. Nothing where none are wanted. */
export async function picture({ page }: Window, name: string) {
  if (pictures === undefined) return
  const was = page.viewportSize()
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await page.evaluate('Promise.allSettled(document.getAnimations().map(one => one.finished))')
      await page.screenshot({ path: join(pictures, `story-${name}-${width}-${colorScheme}.png`) })
    }
  }
  await page.emulateMedia({ colorScheme: null })
  if (was !== null) await page.setViewportSize(was)
}
