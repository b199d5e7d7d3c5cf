// What axe-core finds wrong with a view, by the rules of WCAG 2.2 AA and good practice. The page's policy lets no foreign
// script in, and so the rules come through the browser's own protocol.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const rules = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails where a rule is broken, or where axe did not look. In both themes: `page.emulateMedia` says which. */
export async function accessible(page: Page, name: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    assert.deepEqual(await violations(page), [], `${name}, ${colorScheme}`)
  }
}

async function violations(page: Page): Promise<unknown> {
  const protocol = await page.context().newCDPSession(page)
  try {
    await protocol.send('Runtime.evaluate', { expression: rules })
    const expression = `axe.run({ runOnly: ${JSON.stringify(tags)} }).then(({ passes, violations }) => JSON.stringify({
      passed: passes.length,
      broken: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]),
    }))`
    const { result } = await protocol.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    const { passed, broken } = JSON.parse(String(result.value)) as { passed: number; broken: unknown }
    assert.ok(passed > 10, 'axe looked at the page')
    return broken
  } finally {
    await protocol.detach()
  }
}
