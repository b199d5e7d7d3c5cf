// Times, days, numbers, sizes and lists as people write them, all by Intl: no sentence of the catalogue spells a date or
// joins a list by itself. Times are seconds since 1970, as on the wire; "now" is an argument, so that tests need no clock.

/** How the reader writes (a BCP 47 tag) and where the reader's day begins (an IANA time zone). */
export interface Place {
  readonly locale: string
  readonly timeZone: string
}

/** The language of this catalogue. */
const language = 'en'

/** For sentences that are written before it is known who reads them, as the server's are: the same on every machine. */
export const anywhere: Place = { locale: 'en-GB', timeZone: 'UTC' }

/**
 * The place of a reader who asked for these languages, the best first (`navigator.languages`): words in the catalogue's
 * language, dates and numbers as at home. Somebody in Vienna reads "22 November, 15:30". A tag that is none is passed over.
 */
export function placeOf(wanted: readonly string[], timeZone: string): Place {
  for (const tag of wanted) {
    const locale = homely(tag)
    if (locale !== undefined) return { locale, timeZone }
  }
  return { ...anywhere, timeZone }
}

let found: Place | undefined

/** The place that this machine or browser is set to. */
export function here(): Place {
  if (found !== undefined) return found
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  found = placeOf([locale], timeZone)
  return found
}

/** `de-AT` to `en-AT` with Austria's 24 hours; undefined for what is no tag. */
function homely(tag: string): string | undefined {
  try {
    const { hourCycle } = new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions()
    const { region } = new Intl.Locale(tag).maximize()
    const own = { ...(region === undefined ? {} : { region }), ...(hourCycle === undefined ? {} : { hourCycle }) }
    return new Intl.Locale(language, own).toString()
  } catch {
    return undefined
  }
}

// ── Times ──

/** `15:30`, or `3:30 pm` where people write it so. */
export function timeOfDay(atSeconds: number, place = here()): string {
  return dates('time', place, { hour: 'numeric', minute: '2-digit' }).format(atSeconds * 1_000)
}

/** Day and time in a line of a list: `22 Nov 2026, 15:30`. */
export function dayAndTime(atSeconds: number, place = here()): string {
  return dates('medium', place, { dateStyle: 'medium', timeStyle: 'short' }).format(atSeconds * 1_000)
}

/** Day and time in full, for what is shown on request: `Sunday, 22 November 2026 at 15:30:12`. */
export function dateAndTime(atSeconds: number, place = here()): string {
  return dates('full', place, { dateStyle: 'full', timeStyle: 'medium' }).format(atSeconds * 1_000)
}

/** Number of the reader's day, counted from 1970: a separator goes between two messages where it differs. */
export function dayOf(atSeconds: number, { timeZone }: Place = here()): number {
  const gregorian = { locale: 'en-US-u-ca-gregory-nu-latn', timeZone }
  const parts = dates('day', gregorian, { year: 'numeric', month: 'numeric', day: 'numeric' })
  const [month, day, year] = parts
    .formatToParts(atSeconds * 1_000)
    .filter(({ type }) => type !== 'literal')
    .map(({ value }) => Number(value))
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1) / 86_400_000
}

/** What stands above the messages of a day: Today, Yesterday, a weekday of this week, `3 November`, `3 November 2025`. */
export function dayName(atSeconds: number, nowSeconds: number, place = here()): string {
  const days = dayOf(nowSeconds, place) - dayOf(atSeconds, place)
  if (days <= 1 && days >= -1) return capital(relative('auto', place).format(-days, 'day'), place)
  const date = atSeconds * 1_000
  if (days > 1 && days < 7) return dates('weekday', place, { weekday: 'long' }).format(date)
  const year = dates('year', place, { year: 'numeric' })
  const thisYear = year.format(date) === year.format(nowSeconds * 1_000)
  if (thisYear) return dates('date', place, { day: 'numeric', month: 'long' }).format(date)
  return dates('dated', place, { dateStyle: 'long' }).format(date)
}

const elapsed = [
  ['year', 31_556_952],
  ['month', 2_629_746],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `5 minutes ago`, `2 days ago`; within a minute, or later than now (clocks differ), `now`. */
export function ago(atSeconds: number, nowSeconds: number, place = here()): string {
  const passed = nowSeconds - atSeconds
  const [unit, length] = elapsed.find(([, least]) => passed >= least) ?? []
  if (unit === undefined) return relative('auto', place).format(0, 'second')
  return relative('always', place).format(-Math.floor(passed / length), unit)
}

/** `1 second`, `90 seconds`. */
export function seconds(count: number, place = here()): string {
  return numbers('seconds', place, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(count)
}

// ── Numbers ──

/** `16,384` */
export function number(value: number, place = here()): string {
  return numbers('plain', place, {}).format(value)
}

/** A count of which only so much is told: `7`, and `999+` from 1000 on where `most` is 999. */
export function countUpTo(most: number, count: number, place = here()): string {
  return count > most ? `${number(most, place)}+` : number(count, place)
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A size to three digits, in thousands: `512 bytes`, `16.4 kB`, `1.05 MB`. */
export function byteSize(bytes: number, place = here()): string {
  let size = Number(bytes.toPrecision(3))
  let unit = 0
  while (size >= 1_000 && unit < sizes.length - 1) {
    size /= 1_000
    unit += 1
  }
  const unitDisplay = unit === 0 ? 'long' : 'short'
  const name = sizes[unit] ?? 'byte'
  return numbers(name, place, { style: 'unit', unit: name, unitDisplay, maximumSignificantDigits: 3 }).format(size)
}

/** Forms of a word by number; `#` is where the number goes. A language has those that Intl.PluralRules names in it. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

/** `counted(3, { one: '# message', other: '# messages' })` is `3 messages`. */
export function counted(count: number, forms: Forms, place = here()): string {
  const rules = memo(`plural ${place.locale}`, () => new Intl.PluralRules(place.locale))
  const form = forms[rules.select(count)] ?? forms.other
  return form.replaceAll('#', () => number(count, place))
}

// ── Lists ──

/** `alice, bob and carol` */
export function listAll(items: readonly string[], place?: Place): string {
  return listed('conjunction', items, place)
}

/** `open, invite or closed` */
export function listEither(items: readonly string[], place?: Place): string {
  return listed('disjunction', items, place)
}

/** One alone is no list, and every server that starts says where it listens: Intl is not loaded for that. */
function listed(type: 'conjunction' | 'disjunction', items: readonly string[], place: Place | undefined): string {
  const [only] = items
  return items.length === 1 && only !== undefined ? only : lists(type, place ?? here()).format(items)
}

/** A name as somebody gave it, in quotes, with what cannot be printed made visible. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

// ── Intl's own objects cost more than what they do: each is made once a place ──

const made = new Map<string, unknown>()

function memo<T>(key: string, make: () => T): T {
  const known = made.get(key) as T | undefined
  if (known !== undefined) return known
  const fresh = make()
  made.set(key, fresh)
  return fresh
}

function dates(kind: string, { locale, timeZone }: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return memo(`${kind} ${locale} ${timeZone}`, () => new Intl.DateTimeFormat(locale, { ...options, timeZone }))
}

function numbers(kind: string, { locale }: Place, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return memo(`number ${kind} ${locale}`, () => new Intl.NumberFormat(locale, options))
}

function relative(numeric: 'auto' | 'always', { locale }: Place): Intl.RelativeTimeFormat {
  return memo(`relative ${numeric} ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric }))
}

function lists(type: 'conjunction' | 'disjunction', { locale }: Place): Intl.ListFormat {
  return memo(`list ${type} ${locale}`, () => new Intl.ListFormat(locale, { type }))
}

function capital(text: string, { locale }: Place): string {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase(locale) + rest.join('')
}
