// Stages a believable evening and takes the pictures: `node test/page/screenshots.ts FOLDER`. Looked at by people; the
// best are in docs/images.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { type Me, register } from '../../src/sdk/sdk.ts'
import { startHullo } from '../lab-http/server.ts'
import { becomes, enter, namesOf, startScreens } from './browser.ts'

const [folder = 'dist/screenshots'] = process.argv.slice(2)

const desk = { viewport: { width: 1280, height: 832 } }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true }
const looks: Readonly<Record<string, BrowserContextOptions>> = {
  'desk-light': { ...desk, colorScheme: 'light' },
  'desk-dark': { ...desk, colorScheme: 'dark' },
  'phone-light': { ...phone, colorScheme: 'light' },
  'phone-dark': { ...phone, colorScheme: 'dark' },
}

/** Where it is evening now, whenever the pictures are taken. */
const evening = { timezoneId: zoneAt(19), locale: 'en-GB' }

const places: Readonly<Record<string, string>> = {
  list: '#/',
  family: '#/family',
  grandma: '#/@Oma Ilse',
  ...Object.fromEntries(namesOf('views').map(name => [`view-${name}`, `#/-${name}`])),
  ...Object.fromEntries(namesOf('panels').map(name => [`panel-${name}`, `#/family/-${name}`])),
}

mkdirSync(folder, { recursive: true })
await using server = await startHullo()
const address = `http://127.0.0.1:${server.port}/`
await using screens = await startScreens()
const people = await stage(address)
for (const [look, options] of Object.entries(looks)) {
  const window = await screens.open(address, { ...options, ...evening })
  await window.page.screenshot({ path: join(folder, `${look}-door.png`) })
  await enter(window, 'Mira', 'sign in')
  // Away from what shows something under the pointer.
  await window.page.mouse.move(1, 1)
  for (const [place, hash] of Object.entries(places)) {
    await window.page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
    await window.page.waitForLoadState('networkidle')
    await becomes(window, `document.querySelector('[aria-busy=true]') === null`)
    await window.page.evaluate('Promise.allSettled(document.getAnimations().map(one => one.finished))')
    await window.page.screenshot({ path: join(folder, `${look}-${place}.png`) })
  }
  await window.page.context().close()
}
await Promise.all(people.map(me => me.close()))

/** A time zone in which it is that hour now. */
function zoneAt(hour: number): string {
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12
  // Of these names the sign is the other way round.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}

/** A family and a class, and what they say to one another. */
async function stage(at: string): Promise<Me[]> {
  const comes = (name: string) => register({ server: at, name, password: 'builder' })
  const [mira, tom, oma, jonas, frauKaya] = await Promise.all(
    ['Mira', 'Tom', 'Oma Ilse', 'Jonas', 'Frau Kaya'].map(comes) as [
      Promise<Me>,
      Promise<Me>,
      Promise<Me>,
      Promise<Me>,
      Promise<Me>,
    ],
  )
  const family = await mira.rooms.create({
    name: 'family',
    topic: 'Dinner, birthdays, who walks the dog',
    history: 'all',
  })
  for (const name of ['Tom', 'Oma Ilse', 'Jonas']) await mira.rooms.invite(family.id, name)
  const physics = await frauKaya.rooms.create({ name: 'physics-9b', topic: 'Experiments on Thursday', history: 'all' })
  for (const name of ['Mira', 'Jonas']) await frauKaya.rooms.invite(physics.id, name)
  await frauKaya.send('#physics-9b', 'Please bring a ruler and a stopwatch on Thursday.')
  await jonas.send('#physics-9b', 'Does a phone count as a stopwatch?')
  await frauKaya.send('#physics-9b', 'If it stays a stopwatch for the whole hour: yes.')
  await tom.send('@Mira', 'Are you coming by train or by bike?')
  await oma.send('@Mira', 'I found the recipe! It was in the blue book all along.')
  await mira.send('@Oma Ilse', 'The plum cake? 😍')
  await oma.send('@Mira', 'The plum cake. Your grandfather wrote in the margin: "more plums".')
  await mira.send('@Oma Ilse', 'Then more plums it is. I will bring two kilos on Sunday.')
  await oma.send('@Mira', '🎉')
  await oma.send('#family', 'Dear all, lunch on Sunday at half past twelve?')
  await tom.send('#family', 'We are in. Shall I bring the long table from the garage?')
  await oma.send('#family', 'Yes please, and the four chairs that do not wobble.')
  const { seq } = await mira.send('#family', 'I bring the plums. Directions for Jonas: https://www.openstreetmap.org')
  await mira.edit(seq, 'I bring the plums. The way from the station, for Jonas: https://www.openstreetmap.org')
  await jonas.send('#family', 'I have been there a hundred times 🙄\nBut thanks.')
  await tom.send('#family', 'Who walks the dog before?')
  await jonas.send('#family', 'Me. He is the only one who does not send me directions.')
  for (const me of [tom, oma]) {
    // Who listens is here.
    void me.updates()[Symbol.asyncIterator]().next()
    const { conversations } = await me.conversations.list()
    for (const { id, lastSeq } of conversations) await me.conversations.markRead(id, lastSeq)
  }
  return [mira, tom, oma, jonas, frauKaya]
}
