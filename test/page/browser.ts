// A real browser on the real page: Debian's Chromium, driven by playwright-core, and people in windows of their own. What
// the page says to the console, and what it throws, makes the test fail where it is closed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../support/debian.ts'

export interface Window {
  readonly page: Page
  /** Problems that the page had: errors that nobody caught, and what was written to the console as a warning or error. */
  readonly trouble: string[]
}

export interface Screens extends AsyncDisposable {
  readonly browser: Browser
  /** A window with nothing kept from another: 1280x800 where nothing is said. */
  open(address: string, options?: BrowserContextOptions): Promise<Window>
}

/** `flags` are Chromium's. */
export async function startScreens(flags: readonly string[] = []): Promise<Screens> {
  // Root has no sandbox to give; the page under test is our own.
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...flags]
  const browser = await chromium.launch({ executablePath: chromiumPath, args })
  return {
    browser,
    async open(address, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      const page = await context.newPage()
      const trouble: string[] = []
      page.on('pageerror', error => trouble.push(String(error)))
      page.on('console', message => {
        if (/error|warning/.test(message.type())) trouble.push(message.text())
      })
      await page.goto(address)
      return { page, trouble }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
    },
  }
}

/** Fills the door's form and waits until the frame stands. */
export async function enter(window: Window, name: string, how: 'register' | 'sign in', password = 'builder') {
  if (how === 'register') await window.page.getByRole('button', { name: 'Create account' }).click()
  await knock(window, name, password)
  await window.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
}

/** Fills the door's form as it stands there, and sends it. */
export async function knock({ page }: Window, name: string, password: string) {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.locator('button[type=submit]').click()
}

/** Opens a conversation by its address and says something there. */
export async function say(window: Window, to: `@${string}` | `#${string}`, text: string) {
  await window.page.evaluate(`location.hash = ${JSON.stringify(`#/${to.replace(/^#/, '')}`)}`)
  await write(window, text)
}

/** Says something in the conversation that is open, as one does on that device: on a touch screen Enter is a new line. */
export async function write({ page }: Window, text: string) {
  const field = page.locator('#composer')
  await field.fill(text)
  if (await page.evaluate<boolean>(`matchMedia('(pointer: coarse)').matches`)) {
    await page.getByRole('button', { name: 'Send', exact: true }).click()
  } else await field.press('Enter')
}

/** Resolves when a message with that text stands in the open log, from the log itself and not as an echo. */
export async function sees({ page }: Window, text: string) {
  await page.locator('article[data-seq]', { hasText: text }).last().waitFor()
}

export function untroubled(...windows: readonly Window[]) {
  assert.deepEqual(
    windows.flatMap(({ trouble }) => trouble),
    [],
  )
}

/** The same where the server said no on purpose: Chromium notes each such answer, though the page says it to the person. */
export function untroubledButRefused(...windows: readonly Window[]) {
  const refused = /^Failed to load resource: the server responded with a status of 4\d\d/
  const trouble = windows.flatMap(window => window.trouble).filter(text => !refused.test(text))
  assert.deepEqual(trouble, [])
}

/** For tests that take the server or the network away: a browser writes each connection that fails to the console. */
export function isNoLostConnection(trouble: string): boolean {
  return !/WebSocket connection to|net::ERR_|the server responded with a status of 50[234]/.test(trouble)
}

/**
 * Resolves when an expression of the page, which may be a promise, gives true. (`waitForFunction` takes any promise for
 * true.)
 */
export async function becomes({ page }: Pick<Window, 'page'>, expression: string) {
  const look = `(async () => {
    const until = Date.now() + ${waitMsMax}
    while (Date.now() < until) {
      if ((await ${expression}) === true) return true
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return false
  })()`
  assert.ok(await page.evaluate<boolean>(look), `never true: ${expression}`)
}

/** As long as playwright waits for anything else. */
const waitMsMax = 30_000

/** The names in one of the page's own two tables: its text is read, since its parts are for browsers. Never none. */
export function namesOf(table: 'views' | 'panels'): string[] {
  const source = readFileSync(new URL('../../web/views.ts', import.meta.url), 'utf8')
  const [, lines = ''] = new RegExp(`export const ${table}:[^]*?> =\\s*\\{\\n([^]*?)\\n\\}`).exec(source) ?? []
  const names = Array.from(lines.matchAll(/^ {2}'?([\w-]+)'?: \(\) =>/gm), ([, name = '']) => name)
  assert.equal(names.length, lines.split('\n').length, `a line of ${table} that is not understood`)
  return names
}
