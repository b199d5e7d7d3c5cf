// People and rooms in a real browser: finding, beginning, blocking; making a room, joining it, keeping it in order.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startV1, type V1Server } from '../v1/support.ts'
import { register } from '../../src/sdk/sdk.ts'
import { missing } from '../support/debian.ts'
import { accessible } from './accessible.ts'
import { enter, say, type Screens, sees, startScreens, untroubledButRefused, type Window } from './browser.ts'
import { button, choose, confirmed } from './deeds.ts'

describe('people and rooms', { skip: missing('chromium') }, () => {
  let server: V1Server
  let screens: Screens
  let ann: Window
  let ben: Window

  before(async () => {
    server = await startV1()
    screens = await startScreens()
    ann = await screens.open(server.url)
    ben = await screens.open(server.url)
    await enter(ann, 'ann', 'register')
    await enter(ben, 'Ben', 'register')
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('somebody is found by a few letters of a word of their name, and written to', async () => {
    await ann.page.getByRole('link', { name: 'New conversation' }).first().click()
    await ann.page.getByLabel('Find people by name').fill('be')
    await ann.page.getByRole('link', { name: 'Ben' }).waitFor()
    await accessible(ann.page, 'people')
    // The server lists everybody: nothing is offered under a name that nobody has.
    for (const name of ['be', 'nobody at all']) {
      await ann.page.getByLabel('Find people by name').fill(name)
      await ann.page.locator('.items[aria-busy=false]').waitFor({ state: 'attached' })
      assert.equal(await ann.page.getByRole('link', { name: /^Message / }).count(), 0)
    }
    await ann.page.getByText('No people found.').waitFor()
    await server.person('Carla de Witt')
    await ann.page.getByLabel('Find people by name').fill('wit')
    await ann.page.getByRole('link', { name: 'Carla de Witt' }).waitFor()
    await ann.page.getByLabel('Find people by name').fill('be')
    await ann.page.getByRole('link', { name: 'Ben' }).click()
    await ann.page.locator('#composer').fill('Hello Ben')
    await ann.page.locator('#composer').press('Enter')
    await sees(ann, 'Hello Ben')
    await ben.page.getByRole('link', { name: /ann/ }).click()
    await sees(ben, 'Hello Ben')
  })

  test('who is blocked cannot write, and is told nothing of it; taken back, writing works again', async () => {
    await ann.page.getByRole('link', { name: 'About this person' }).click()
    await ann.page.getByText('here now').last().waitFor()
    await accessible(ann.page, 'a person')
    await button(ann, 'Block').click()
    await confirmed(ann, 'Block')
    await ann.page.locator('.panel').getByText('You blocked Ben.').waitFor()
    await say(ben, '@ann', 'Are you there?')
    await ben.page.getByText('Not sent.').first().waitFor()
    await ann.page.evaluate("location.hash = '#/-settings'")
    await button(ann, 'Unblock Ben').click()
    await ann.page.getByText('You block nobody.').waitFor()
    await button(ben, 'Try again').click()
    await sees(ben, 'Are you there?')
  })

  test('a room is made, where the name is taken the form keeps what was typed, and others find and join it', async () => {
    await server.person('cleo')
    await ben.page.evaluate("location.hash = '#/-new-room'")
    await ben.page.getByLabel('Name of the room').fill('team')
    await button(ben, 'Create room').click()
    await ben.page.getByText('You made this room').waitFor()
    await ann.page.evaluate("location.hash = '#/-new-room'")
    await ann.page.getByLabel('Name of the room').fill('Team')
    await ann.page.getByLabel('Topic (may be empty)').fill('garden party')
    await ann.page.getByLabel('Everything, from the beginning').check()
    await button(ann, 'Create room').click()
    await ann.page.getByText('The name "team" is taken.').waitFor()
    await ann.page.getByLabel('Name of the room').fill('my room')
    await button(ann, 'Create room').click()
    await ann.page.getByText('Name of a room has no spaces.').waitFor()
    await accessible(ann.page, 'a new room')
    await ann.page.getByLabel('Name of the room').fill('garden')
    await button(ann, 'Create room').click()
    await ann.page.getByText('You made this room').waitFor()
    await ann.page.locator('.pane-sub', { hasText: 'garden party' }).waitFor()
    await say(ann, '#garden', 'Bring chairs')
    await ben.page.evaluate("location.hash = '#/-rooms'")
    await ben.page.getByLabel('Find public rooms by name').fill('GAR')
    await button(ben, 'Join garden').waitFor()
    await accessible(ben.page, 'rooms')
    await button(ben, 'Join garden').click()
    await sees(ben, 'Bring chairs')
    await ann.page.getByText('Ben joined').waitFor()
  })

  test('an owner sets the topic, adds, appoints, silences, removes and closes; everybody sees it happen', async () => {
    const { page } = ann
    await page.getByRole('link', { name: 'Members and settings of the room' }).click()
    await button(ann, 'Edit topic').click()
    await page.getByLabel('Topic', { exact: true }).fill('Saturday at four')
    await page.keyboard.press('Enter')
    await ben.page.getByText('ann set the topic: Saturday at four').waitFor()
    await page.getByLabel('Add somebody by name').fill('nobody at all')
    await page.keyboard.press('Enter')
    await page.getByText('Nobody is reached under the name "nobody at all".').waitFor()
    await page.getByLabel('Add somebody by name').fill('cleo')
    await page.keyboard.press('Enter')
    await ben.page.getByText('ann added cleo').waitFor()
    await accessible(page, 'the members')
    await choose(ann, 'Ben', 'Silence')
    await ben.page.getByText('silenced you: you read along').waitFor()
    await choose(ann, 'Ben', 'Let write again')
    await say(ben, '#garden', 'Thank you')
    await sees(ann, 'Thank you')
    await choose(ann, 'cleo', 'Remove from the room')
    await confirmed(ann, 'Remove from the room')
    await ben.page.getByText('ann removed cleo').waitFor()
    await button(ann, 'Close for writing').click()
    await confirmed(ann, 'Close for writing')
    await ben.page.getByText('This room is closed for writing.').waitFor()
    await button(ann, 'Open for writing again').click()
    await ben.page.locator('#composer').waitFor()
  })

  test('the last owner is told why leaving does not work; with another owner it does, and the room offers to join', async () => {
    await button(ann, 'Leave room').click()
    await confirmed(ann, 'Leave room')
    await ann.page.getByText('A room with members needs an owner: appoint another one first.').waitFor()
    await choose(ann, 'Ben', 'Make owner')
    await confirmed(ann, 'Make owner')
    await ben.page.getByText('ann made you an owner').waitFor()
    await button(ann, 'Leave room').click()
    await confirmed(ann, 'Leave room')
    await ann.page.getByText('Choose a conversation, or start one.').waitFor()
    await ben.page.getByText('ann left').waitFor()
    await say(ben, '#garden', 'Now she is gone')
    await sees(ben, 'Now she is gone')
    await ann.page.evaluate("location.hash = '#/garden'")
    await accessible(ann.page, 'a room that one is not in')
    await button(ann, 'Join garden').click()
    await sees(ann, 'Bring chairs')
    await sees(ann, 'Now she is gone')
  })

  test('Ctrl-K finds public rooms and people by any word, and says which rooms one is not in', async () => {
    await using owner = await register({ server: server.url, name: 'owner', password: 'a good password' })
    await owner.rooms.create({ name: 'book-club' })
    await owner.rooms.create({ name: 'secret-club', private: true })
    const { page } = ann
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('clu')
    const choice = page.getByRole('option', { name: 'book-club Public room' })
    await choice.waitFor()
    assert.equal(await page.getByRole('option').count(), 1)
    await accessible(page, 'the switcher')
    await page.getByRole('combobox').fill('witt')
    await page.getByRole('option', { name: 'Carla de Witt' }).waitFor()
    await page.getByRole('combobox').fill('#CLU')
    await choice.waitFor()
    await page.keyboard.press('Enter')
    await button(ann, 'Join book-club').click()
    await page.locator('#composer').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('clu')
    await page.getByRole('option', { name: 'book-club', exact: true }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('who opens a room by its address and joins it there reads what was said before', async () => {
    const dora = await screens.open(`${server.url}#/garden`)
    await enter(dora, 'dora', 'register')
    await button(dora, 'Join garden').click()
    await sees(dora, 'Bring chairs')
    untroubledButRefused(ann, ben, dora)
  })
})
