// The values of flags as an operator types them: read once, in one form, or refused with a sentence that commander shows
// with the flag's name.
import { InvalidArgumentError } from 'commander'
import * as settingTexts from '../../protocol/texts/settings.ts'
import { messageOf } from '../../terminal/reason.ts'

/** A parser whose error's sentence commander shows with the flag's name. */
export function checked<T>(parse: (text: string) => T): (text: string) => T {
  return text => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error))
    }
  }
}

/** Bounds included; digits only, as one types them. */
export function whole(least: number, most: number): (text: string) => number {
  return checked(text => {
    const value = Number(text)
    if (!/^\d{1,9}$/.test(text) || value < least || value > most) {
      throw new Error(settingTexts.wholeNumber(least, most))
    }
    return value
  })
}

/** How a bound is switched off. */
export const unlimited = 'unlimited'

/** The same, or `unlimited`, which is Infinity. */
export function wholeOrUnlimited(least: number, most: number): (text: string) => number {
  return checked(text => {
    if (text === unlimited) return Infinity
    if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) {
      throw new Error(settingTexts.wholeNumberOr(least, most, unlimited))
    }
    return Number(text)
  })
}

/** Throws an Error for what does not begin with http:// or https://. */
export function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new Error(settingTexts.notUrl)
  return url
}

/**
 * Where people reach a server: a host, and perhaps the path below which a proxy has it, which then ends in a slash. Throws
 * an Error for what would not be a place in a link: a query, a fragment, a name and password.
 */
export function parsePublicUrl(text: string): URL {
  const url = parseAddress(text)
  if (/[?#]/.test(text) || url.username + url.password !== '') throw new Error(settingTexts.notPlace)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}
