// Ctrl-Enter and Cmd-Enter send and save on every device, also where Enter alone is a new line.
import { test } from 'node:test'
import { missing } from '../support/debian.ts'
import { startV1 } from '../v1/support.ts'
import { enter, sees, startScreens, untroubled } from './browser.ts'

test('Ctrl-Enter and Cmd-Enter send, and save an edit, on a touch device with a keyboard too', {
  skip: missing('chromium'),
}, async () => {
  await using server = await startV1()
  await using screens = await startScreens()
  for (const hasTouch of [false, true]) {
    const window = await screens.open(server.url, { hasTouch, isMobile: hasTouch })
    const name = hasTouch ? 'tess' : 'dan'
    await enter(window, name, 'register')
    await window.page.evaluate(`location.hash = '#/@${name}'`)
    const field = window.page.locator('#composer')
    await field.fill('one')
    await field.press('Control+Enter')
    await sees(window, 'one')
    await field.press('ArrowUp')
    await field.fill('one, edited')
    await field.press('Control+Enter')
    await sees(window, 'one, edited')
    await field.fill('two')
    await field.press('Meta+Enter')
    await sees(window, 'two')
    untroubled(window)
  }
})
