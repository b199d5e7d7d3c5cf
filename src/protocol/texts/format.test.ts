import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as format from './format.ts'

const vienna: format.Place = format.placeOf(['de-AT', 'en'], 'Europe/Vienna')
const boston: format.Place = { locale: 'en-US', timeZone: 'America/New_York' }
// Sunday, 22 November 2026, 15:30:12 in Vienna
const at = Date.UTC(2026, 10, 22, 14, 30, 12) / 1_000
const day = 86_400

/** Spaces of every width, some of which change with the tables of Intl, as the usual one. */
function plain(text: string): string {
  return text.replaceAll(/\s/gu, ' ')
}

test('words are in the language of the catalogue, dates and numbers as at the reader’s home', () => {
  assert.equal(vienna.locale, 'en-AT-u-hc-h23')
  assert.equal(format.timeOfDay(at, vienna), '15:30')
  assert.equal(plain(format.timeOfDay(at, boston)), '9:30 AM')
  assert.equal(plain(format.dayAndTime(at, vienna)), '22 Nov 2026, 15:30')
  assert.match(plain(format.dateAndTime(at, vienna)), /^Sunday.* 22 November 2026.* 15:30:12$/)
  assert.match(plain(format.dateAndTime(at, boston)), /^Sunday, November 22, 2026.* 9:30:12 AM$/)
})

test('a language that is none is passed over, and where there is no other the place is anywhere', () => {
  assert.equal(format.placeOf(['en_US.UTF-8', '', '*', 'fr-FR'], 'UTC').locale, 'en-FR-u-hc-h23')
  assert.deepEqual(format.placeOf([], 'Asia/Tokyo'), { locale: format.anywhere.locale, timeZone: 'Asia/Tokyo' })
})

test('this machine has a place', () => {
  assert.match(format.here().locale, /^en\b/)
  assert.notEqual(format.timeOfDay(at), '')
})

test('a day begins at the reader’s midnight, also where clocks change', () => {
  const midnight = Date.UTC(2026, 10, 22, 23) / 1_000
  assert.equal(format.dayOf(midnight, vienna) - format.dayOf(midnight - 1, vienna), 1)
  assert.equal(format.dayOf(midnight, boston) - format.dayOf(midnight - 1, boston), 0)
  // 25 October 2026 has 25 hours in Vienna.
  const long = Date.UTC(2026, 9, 24, 22) / 1_000
  assert.equal(format.dayOf(long + 25 * 3_600 - 1, vienna) - format.dayOf(long, vienna), 0)
  assert.equal(format.dayOf(long + 25 * 3_600, vienna) - format.dayOf(long, vienna), 1)
  assert.equal(format.dayOf(0, format.anywhere), 0)
})

test('a day is called by what says it shortest', () => {
  const name = (days: number) => format.dayName(at - days * day, at, vienna)
  assert.deepEqual([0, 1, 2, 6, 7, 19].map(name), [
    'Today',
    'Yesterday',
    'Friday',
    'Monday',
    '15 November',
    '3 November',
  ])
  assert.equal(name(365), '22 November 2025')
  assert.equal(name(-1), 'Tomorrow')
  assert.equal(format.dayName(at - 365 * day, at, boston), 'November 22, 2025')
})

test('what is past is told in the largest whole unit, and nothing is in the future', () => {
  const told = (seconds: number) => format.ago(at - seconds, at, vienna)
  assert.deepEqual([59, 60, 3_599, 3_600, 2 * day, 8 * day, 40 * day, 800 * day].map(told), [
    'now',
    '1 minute ago',
    '59 minutes ago',
    '1 hour ago',
    '2 days ago',
    '1 week ago',
    '1 month ago',
    '2 years ago',
  ])
  assert.equal(told(-500), 'now')
})

test('numbers, counts and sizes', () => {
  const { anywhere } = format
  assert.equal(format.number(16_384, anywhere), '16,384')
  assert.deepEqual(
    [0, 999, 1_000].map(count => format.countUpTo(999, count, anywhere)),
    ['0', '999', '999+'],
  )
  assert.deepEqual(
    [0, 1, 999, 1_000, 16_384, 999_999, 1_048_576, 5e15].map(bytes => format.byteSize(bytes, anywhere)),
    ['0 bytes', '1 byte', '999 bytes', '1 kB', '16.4 kB', '1 MB', '1.05 MB', '5,000 TB'],
  )
  assert.deepEqual([format.seconds(1, anywhere), format.seconds(90, anywhere)], ['1 second', '90 seconds'])
})

test('a word takes the form of its number, with the number as the reader writes it', () => {
  const forms = { one: '# message', other: '# messages' }
  assert.deepEqual(
    [0, 1, 2, 1_000].map(count => format.counted(count, forms, format.anywhere)),
    ['0 messages', '1 message', '2 messages', '1,000 messages'],
  )
  const polish = { one: '# plik', few: '# pliki', many: '# plików', other: '# pliku' }
  const place = { locale: 'pl', timeZone: 'UTC' }
  assert.deepEqual(
    [1, 2, 5].map(count => format.counted(count, polish, place)),
    ['1 plik', '2 pliki', '5 plików'],
  )
})

test('lists end as the language ends them', () => {
  assert.equal(format.listAll(['alice', 'bob', 'carol'], format.anywhere), 'alice, bob and carol')
  assert.equal(format.listEither(['open', 'closed'], format.anywhere), 'open or closed')
})
