// One long story: two people in two windows, and where it takes three a third, go through everything that the page has, one
// after another, on one server, which is stopped and started again in the middle. Each feature has a test of its own beside
// this one; here they work together, on what was lived before. A chapter stands on those before it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signIn } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { stopProcess } from '../support/process-state.ts'
import {
  becomes,
  enter,
  isNoLostConnection,
  knock,
  say,
  type Screens,
  sees,
  startScreens,
  untroubledButRefused,
  type Window,
  write,
} from './browser.ts'
import {
  button,
  choose,
  confirmed,
  countOf,
  field,
  go,
  link,
  lookAway,
  lookBack,
  message,
  nothingKept,
  picture,
  row,
  scrollToBeginning,
  signOut,
  toNewest,
  workerReady,
} from './deeds.ts'

const desk = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' } as const
const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true } as const

/** More than three pages of history: what is far from sight is not drawn. */
const lettersCount = 200

describe('one long story', { skip: missing('chromium'), concurrency: false }, () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let screens: Screens
  let address: string
  let ann: Window
  let ben: Window
  let cleo: Window
  let brokeOff = false

  /** A part of the story; what comes after one that failed says nothing. */
  const chapter = (title: string, tell: () => Promise<void>) => {
    void test(title, async context => {
      if (brokeOff) return context.skip('the story broke off before')
      brokeOff = true
      await tell()
      brokeOff = false
    })
  }

  before(async () => {
    server = await startHullo(['--registration', 'invite'], folder.dir)
    address = `http://127.0.0.1:${server.port}/`
    screens = await startScreens()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  chapter('Ann opens the link that the new server printed, and has the first account, an admin’s', async () => {
    const [printed] = await server.program.printed(/http\S+#invite=[\w-]+/)
    ann = await screens.open(`${address}${new URL(printed).hash}`, desk)
    await ann.page.getByText('You are invited.').waitFor()
    await knock(ann, 'Ann', 'first password')
    await ann.page.getByText('No conversations yet').waitFor()
    await link(ann, 'Settings').click()
    await ann.page.getByText('Admin of this server').waitFor()
  })

  chapter('she makes an invite link for two, with its code; Ben comes in by it on his phone, and Cleo', async () => {
    await ann.page.getByRole('region', { name: 'Settings' }).getByRole('link', { name: 'Invite people' }).click()
    await ann.page.getByRole('img', { name: 'QR code of the address' }).waitFor()
    await ann.page.getByLabel('For how many people').fill('2')
    await button(ann, 'Make invite link').click()
    await ann.page.getByRole('img', { name: 'QR code of the invite link' }).waitFor()
    await picture(ann, 'invite')
    const invite = (await ann.page.locator('.invite-made .pass-on-link').textContent()) ?? ''
    ben = await screens.open(invite, phone)
    await knock(ben, 'Ben', 'builder')
    cleo = await screens.open(invite, desk)
    await knock(cleo, 'Cleo', 'builder')
    await cleo.page.getByText('No conversations yet').waitFor()
    await ann.page.reload()
    await ann.page.getByText('No invite is open.').waitFor()
  })

  chapter('she finds Ben among the people; what she writes stands there before the server has answered', async () => {
    await link(ann, 'New conversation').first().click()
    await ann.page.getByLabel('Find people by name').fill('be')
    await link(ann, /^Ben/).click()
    await ann.page.getByText('Say hello!').waitFor()
    await stopProcess(server.program.child.pid ?? 0)
    await write(ann, 'Hello Ben! See https://example.org/garden')
    await ann.page.getByRole('article', { name: 'You' }).getByTitle('Sending').waitFor()
    server.program.child.kill('SIGCONT')
    await message(ann, 'Hello Ben!').getByTitle('Stored').waitFor()
  })

  chapter('Ben sees that one is unread, reads it, and Ann that he has, is here, and writes', async () => {
    await link(ben, /Ann.*1 unread/).click()
    await sees(ben, 'Hello Ben!')
    await ben.page.getByText('New', { exact: true }).waitFor()
    await message(ann, 'Hello Ben!').getByTitle('Read').waitFor()
    await field(ben).pressSequentially('What a')
    await ann.page.locator('.typing-line').getByText('Ben is typing').waitFor()
    await ann.page.locator('.pane-sub').getByText('here now').waitFor()
    await write(ben, 'What a garden! 🌻')
    await sees(ann, 'What a garden! 🌻')
    await ann.page.getByText('Ben is typing').waitFor({ state: 'hidden' })
  })

  chapter('Ann mends her last message with the arrow up, and erases another; Ben sees both', async () => {
    await write(ann, 'Come on Sundy')
    await sees(ben, 'Come on Sundy')
    await field(ann).press('ArrowUp')
    await field(ann).fill('Come on Sunday')
    await field(ann).press('Enter')
    await message(ben, 'Come on Sunday').getByText('edited').waitFor()
    await write(ann, 'The key lies under the pot')
    await sees(ben, 'The key lies')
    await message(ann, 'The key lies').hover()
    await message(ann, 'The key lies').getByRole('button', { name: 'What to do with this message' }).click()
    await ann.page.getByRole('menuitem', { name: 'Erase' }).click()
    await confirmed(ann, 'Erase')
    await message(ben, 'This message was erased').waitFor()
    assert.equal(await countOf(ben, 'The key lies'), 0)
  })

  chapter('Ben makes a room on his phone and adds Cleo; Ann finds it and joins; all three talk', async () => {
    await link(ben, 'Back to conversations').click()
    await link(ben, 'New conversation').first().click()
    await link(ben, 'Rooms').click()
    await link(ben, 'New room').click()
    await ben.page.getByLabel('Name of the room').fill('garden')
    await ben.page.getByLabel('Topic (may be empty)').fill('Beans')
    await ben.page.getByLabel('Everything, from the beginning').check()
    await button(ben, 'Create room').click()
    await ben.page.getByText('You made this room').waitFor()
    await write(ben, 'Who waters on Monday?')
    await link(ben, 'Members and settings of the room').click()
    await ben.page.getByLabel('Add somebody by name').fill('Cleo')
    await button(ben, 'Add').click()
    await row(cleo, 'garden').click()
    await sees(cleo, 'Who waters on Monday?')
    await go(ann, '#/-rooms')
    await button(ann, 'Join garden').click()
    await sees(ann, 'Who waters on Monday?')
    await write(ann, 'I do')
    await write(cleo, 'And I on Tuesday')
    await cleo.page.getByText('Ann joined').waitFor()
    for (const name of ['Ann', 'Ben', 'Cleo']) await ben.page.locator('.pane-panel').getByText(name).first().waitFor()
    await link(ben, 'Close details').click()
    await sees(ben, 'And I on Tuesday')
  })

  chapter('Ben keeps it in order: topic, silence, removal, closing; everybody sees it happen', async () => {
    await link(ben, 'Members and settings of the room').click()
    await button(ben, 'Edit topic').click()
    await ben.page.getByLabel('Topic', { exact: true }).fill('Beans and plums')
    await button(ben, 'Save').click()
    await ann.page.getByText('Ben set the topic: Beans and plums').waitFor()
    await choose(ben, 'Cleo', 'Silence')
    await cleo.page.getByText('silenced you: you read along').waitFor()
    await choose(ben, 'Cleo', 'Let write again')
    await write(cleo, 'Sorry')
    await sees(ann, 'Sorry')
    await button(ben, 'Close for writing').click()
    await confirmed(ben, 'Close for writing')
    await ann.page.getByText('This room is closed for writing.').waitFor()
    await picture(ben, 'members')
    await button(ben, 'Open for writing again').click()
    await field(ann).waitFor()
    await choose(ben, 'Cleo', 'Remove from the room')
    await confirmed(ben, 'Remove from the room')
    await ann.page.getByText('Ben removed Cleo').waitFor()
    await row(cleo, 'garden').waitFor({ state: 'detached' })
    // Who was removed stays out until an owner adds them.
    await button(cleo, 'Join garden').click()
    await cleo.page.getByText('removed').first().waitFor()
    await ben.page.getByLabel('Add somebody by name').fill('Cleo')
    await button(ben, 'Add').click()
    await ann.page.getByText('Ben added Cleo').last().waitFor()
    await row(cleo, 'garden').waitFor()
  })

  chapter('Ann leaves the room and comes back to it by its address', async () => {
    await link(ann, 'Members and settings of the room').click()
    await button(ann, 'Leave room').click()
    await confirmed(ann, 'Leave room')
    await row(ann, 'garden').waitFor({ state: 'detached' })
    await write(cleo, 'Where is Ann?')
    await sees(cleo, 'Where is Ann?')
    await go(ann, '#/garden')
    await button(ann, 'Join garden').click()
    await sees(ann, 'Where is Ann?')
    await row(ann, 'garden').getByText('Cleo: Where is Ann?').waitFor()
  })

  chapter('what comes elsewhere is counted, and the last active stands first', async () => {
    await say(ben, '@Ann', 'Shall I bring the plums?')
    await row(ann, 'Ben').getByText('1 unread').waitFor()
    await say(cleo, '@Ann', 'Is there a ladder?')
    await say(cleo, '@Ann', 'A long one?')
    await row(ann, 'Cleo').getByText('2 unread').waitFor()
    assert.deepEqual(await ann.page.locator('.row-name').allTextContents(), ['Cleo', 'Ben', 'garden'])
    assert.match(await ann.page.title(), /^\(3\) #garden/)
    await picture(ann, 'room')
  })

  chapter('a draft waits in each conversation; Ctrl-K goes to and fro', async () => {
    await field(ann).fill('On Wednesday I')
    await ann.page.keyboard.press('Control+k')
    await ann.page.getByRole('combobox').fill('cle')
    await ann.page.getByRole('option', { name: 'Cleo', exact: true }).waitFor()
    await ann.page.keyboard.press('Enter')
    await sees(ann, 'A long one?')
    await becomes(ann, `document.querySelector('#composer').value === ''`)
    await field(ann).fill('Three metres')
    await row(ann, 'garden').getByText('Draft: On Wednesday I').waitFor()
    await ann.page.keyboard.press('Control+k')
    await ann.page.getByRole('combobox').fill('gard')
    await ann.page.getByRole('option', { name: 'Cleo', exact: true }).waitFor({ state: 'detached' })
    await ann.page.keyboard.press('Enter')
    await row(ann, 'Cleo').getByText('Draft: Three metres').waitFor()
    await becomes(ann, `document.querySelector('#composer').value === 'On Wednesday I'`)
    await write(ann, 'On Wednesday I am away')
    await row(ann, 'Cleo').click()
    await becomes(ann, `document.querySelector('#composer').value === 'Three metres'`)
    await field(ann).press('Enter')
    await sees(cleo, 'Three metres')
    await becomes(ann, `document.title.startsWith('(1) Cleo')`)
  })

  chapter(
    'while Ann looks elsewhere a notification comes and the title counts; looking back she has read it',
    async () => {
      await ann.page.context().grantPermissions(['notifications'])
      await row(ann, 'Ben').click()
      await becomes(ann, `document.title === 'Ben · Hullo'`)
      const notices = await lookAway(ann)
      await say(ben, '@Ann', 'Or shall I bring apples?')
      await becomes(ann, `document.title.startsWith('(1) Ben')`)
      await say(cleo, '#garden', 'Then I water')
      await becomes(ann, `document.title.startsWith('(2) Ben')`)
      assert.deepEqual(await notices(2), ['Ben: Or shall I bring apples?', 'Cleo · #garden: Then I water'])
      assert.equal(await message(ben, 'Or shall I').getByTitle('Read').count(), 0)
      await lookBack(ann)
      await message(ben, 'Or shall I').getByTitle('Read').waitFor()
      await becomes(ann, `document.title.startsWith('(1) Ben')`)
      await row(ann, 'garden').click()
      await sees(ann, 'Then I water')
    },
  )

  chapter(
    'the server goes away and comes back: nothing that was written meanwhile is lost or there twice',
    async () => {
      await field(ben).fill('Half a thought')
      await server.stop()
      await write(ann, 'Is anybody here?')
      await ann.page.getByRole('article', { name: 'You' }).getByTitle('Sending').waitFor()
      await write(cleo, 'I hear nothing')
      await ann.page.getByText('Not connected.').waitFor()
      await picture(ann, 'no-server')
      server = await startHullo(['--registration', 'invite', '--port', String(server.port)], folder.dir)
      // By itself each page tries again within half a minute; who comes back to it need not wait.
      for (const { page } of [ann, ben, cleo]) await page.evaluate(`dispatchEvent(new Event('online'))`)
      await sees(ann, 'I hear nothing')
      await sees(cleo, 'Is anybody here?')
      await ann.page.getByText('Not connected.').waitFor({ state: 'hidden' })
      for (const window of [ann, cleo]) {
        for (const text of ['Is anybody here?', 'I hear nothing']) assert.equal(await countOf(window, text), 1, text)
      }
      assert.equal(await field(ben).inputValue(), 'Half a thought')
      await go(ben, '#/garden')
      await sees(ben, 'I hear nothing')
    },
  )

  chapter('a long history opens where it is new, loads as Ann scrolls up, and keeps its place', async () => {
    await go(ann, '#/')
    await using letters = await signIn({ server: address, name: 'Cleo', password: 'builder' })
    const leaf = (_: unknown, at: number) => `leaf ${at + 1}.${' and more of it'.repeat(at % 13)}`
    await Promise.all(Array.from({ length: lettersCount }, leaf).map(text => letters.send('#garden', text)))
    await row(ann, 'garden').getByText(`${lettersCount} unread`).waitFor()
    await row(ann, 'garden').click()
    await sees(ann, 'leaf 1.')
    await ann.page.getByText('New', { exact: true }).waitFor()
    await row(ann, 'garden').getByText(`${lettersCount} unread`).waitFor()
    await toNewest(ann)
    await sees(ann, `leaf ${lettersCount}.`)
    await row(ann, 'garden').getByText('unread').waitFor({ state: 'detached' })
    await scrollToBeginning(ann)
    await sees(ann, 'Who waters on Monday?')
  })

  chapter('searching finds an old message and leads to it, however far up, and Back to what was found', async () => {
    await toNewest(ann)
    await link(ann, 'Search messages').click()
    await ann.page.getByLabel('Search your messages').fill('water*')
    await ann.page.locator('.hit', { hasText: 'Who waters on Monday?' }).waitFor()
    assert.deepEqual(await ann.page.locator('.hit mark').allTextContents(), ['water', 'waters'])
    await picture(ann, 'search')
    await ann.page.locator('.hit', { hasText: 'Who waters on Monday?' }).click()
    await ann.page.locator('.message-found', { hasText: 'Who waters on Monday?' }).waitFor()
    await ann.page.goBack()
    await ann.page.locator('.hit').first().waitFor()
    assert.equal(await ann.page.getByLabel('Search your messages').inputValue(), 'water*')
  })

  chapter('without a network Ann reads what was loaded, and what she writes goes out when it returns', async () => {
    await row(ann, 'Ben').click()
    await sees(ann, 'Or shall I bring apples?')
    await workerReady(ann.page)
    const { page } = ann
    await page.context().setOffline(true)
    await write(ann, 'Apples, from the tunnel')
    await page.getByTitle('Sending').waitFor()
    await page.reload()
    await sees(ann, 'Or shall I bring apples?')
    await page.getByTitle('Sending').waitFor()
    await write(ann, 'And pears')
    await say(ann, '#garden', 'The tunnel is long')
    await say(ben, '@Ann', 'Into the tunnel')
    await page.getByText('Not connected.').waitFor()
    await page.context().setOffline(false)
    await sees(ann, 'The tunnel is long')
    await sees(cleo, 'The tunnel is long')
    await sees(ben, 'And pears')
    await row(ann, 'Ben').click()
    await sees(ann, 'Into the tunnel')
    for (const window of [ann, ben]) {
      for (const text of ['Apples, from the tunnel', 'And pears', 'Into the tunnel']) {
        assert.equal(await countOf(window, text), 1, text)
      }
    }
    const order = (await ben.page.locator('article[data-seq]').allTextContents()).join()
    assert.match(order, /Into the tunnel.*Apples, from the tunnel.*And pears/)
  })

  chapter('Ann blocks Cleo, who cannot write to her then; unblocked, Cleo tries again', async () => {
    await row(ann, 'Cleo').click()
    await link(ann, 'About this person').click()
    await button(ann, 'Block').click()
    await confirmed(ann, 'Block')
    await ann.page.locator('.panel').getByText('You blocked Cleo.').waitFor()
    await say(cleo, '@Ann', 'And the ladder?')
    await cleo.page.getByRole('alert').getByText('Not sent.').waitFor()
    await picture(cleo, 'not-sent')
    await link(ann, 'Settings').click()
    await button(ann, 'Unblock Cleo').click()
    await ann.page.getByText('You block nobody.').waitFor()
    await button(cleo, 'Try again').click()
    await sees(cleo, 'And the ladder?')
    await row(ann, 'Cleo').getByText('And the ladder?').waitFor()
  })

  chapter('from her settings Ann ends the session on her old laptop, which says why', async () => {
    const laptop = await screens.open(address, desk)
    await enter(laptop, 'Ann', 'sign in', 'first password')
    await row(laptop, 'garden').click()
    await sees(laptop, 'The tunnel is long')
    await ann.page.reload()
    const sessions = ann.page.getByRole('list', { name: 'Signed in' }).getByRole('listitem')
    await sessions.filter({ hasText: 'This one' }).waitFor()
    await picture(ann, 'settings')
    await sessions.getByRole('button', { name: /^End / }).click()
    await laptop.page.getByLabel('Password', { exact: true }).waitFor()
    await laptop.page.getByRole('status').getByText('session').waitFor()
    await nothingKept(laptop)
  })

  chapter('another password ends all other sessions; the old one lets nobody in', async () => {
    const laptop = await screens.open(address, desk)
    await enter(laptop, 'Ann', 'sign in', 'first password')
    await ann.page.getByLabel('Present password').fill('first password')
    await ann.page.getByLabel('New password').fill('second password')
    await button(ann, 'Change password').click()
    await ann.page.getByText('The password is changed').waitFor()
    await laptop.page.getByLabel('Password', { exact: true }).waitFor()
    await knock(laptop, 'Ann', 'first password')
    await laptop.page.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
    await laptop.page.context().close()
  })

  chapter('Ann shows no more that she is here; she takes the dark colours, and they stay', async () => {
    await go(ben, '#/@Ann')
    await ben.page.locator('.pane-sub').getByText('here now').waitFor()
    const shown = ann.page.getByLabel('Show that I am here')
    await shown.and(ann.page.locator(':checked:enabled')).waitFor()
    await shown.uncheck()
    await ben.page.locator('.pane-sub').getByText('here now').waitFor({ state: 'detached' })
    await ann.page.getByLabel('Dark').check()
    await ann.page.reload()
    await shown.and(ann.page.locator(':enabled:not(:checked)')).waitFor()
    assert.equal(await ann.page.locator('html').getAttribute('data-theme'), 'dark')
    await ann.page.getByLabel('System').check()
  })

  chapter('signing out, Ann leaves nothing behind, and finds everything when she comes again', async () => {
    await go(ann, '#/@Ben')
    await field(ann).fill('Never sent')
    await row(ann, 'Cleo').click()
    await sees(ann, 'And the ladder?')
    await row(ann, 'Ben').getByText('Draft: Never sent').waitFor()
    await signOut(ann)
    await nothingKept(ann)
    await enter(ann, 'Ann', 'sign in', 'second password')
    await row(ann, 'Ben').click()
    await sees(ann, 'Into the tunnel')
    assert.equal(await field(ann).inputValue(), '')
    assert.deepEqual(await ann.page.locator('.row-name').allTextContents(), ['Cleo', 'garden', 'Ben'])
    assert.equal(await ann.page.getByText('unread').count(), 0)
    await write(ann, 'Good night')
    await sees(ben, 'Good night')
  })

  chapter('nothing went wrong on any page that a lost connection, or a no, does not explain', async () => {
    for (const { trouble } of [ann, ben, cleo]) trouble.splice(0, trouble.length, ...trouble.filter(isNoLostConnection))
    untroubledButRefused(ann, ben, cleo)
  })
})
