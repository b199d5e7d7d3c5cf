// What an account may be called. Names are compared by their key, shown as registered, and never change hands.
import { nameCodePointsMax } from './limits.ts'
import { Refusal, refuseField } from './refusals.ts'
import { codePointsOf } from './text.ts'
import * as fieldTexts from './texts/fields.ts'

/** A checked name: as it is shown (NFKC), and the key under which there is at most one account. */
export interface Name {
  readonly shown: string
  readonly key: string
}

// Letters, marks and digits of any script, the four signs, single inner spaces. The class leaves out what is invisible
// or turns the direction of writing (Cf, Zl, Zp, Cc, default-ignorable marks), since two names must never differ only in what
// nobody sees. (Letters of two scripts can look alike all the same: names are no proof of who somebody is.)
const shape = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}_.'-]| (?! ))*$/u
const invisible = /[\p{Cf}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u

/**
 * The name under its rule: 1 to 32 code points after NFKC; letters, marks, digits, `_ - . '` and single inner spaces,
 * beginning with a letter or digit. Refuses with `field-invalid` on `field`, in a sentence that says which rule.
 */
export function parseName(raw: string, field: string): Name | Refusal {
  const shown = raw.normalize('NFKC')
  const codePoints = codePointsOf(shown)
  if (codePoints === 0) return refuseField('field-invalid', field, fieldTexts.nameEmpty)
  if (codePoints > nameCodePointsMax) {
    return refuseField('field-invalid', field, fieldTexts.nameLong(codePoints))
  }
  if (invisible.test(shown)) return refuseField('field-invalid', field, fieldTexts.nameInvisible)
  if (!shape.test(shown) || shown.endsWith(' ')) {
    return refuseField('field-invalid', field, fieldTexts.nameShape)
  }
  return { shown, key: nameKey(shown) }
}

/** The name of a room: as an account's, without spaces, so that `#name` stands in a sentence. */
export function parseRoomName(raw: string, field: string): Name | Refusal {
  const name = parseName(raw, field)
  if (name instanceof Refusal || !name.shown.includes(' ')) return name
  return refuseField('field-invalid', field, fieldTexts.roomNameSpaces)
}

/** The form under which names are compared: two that differ only in case or in compatibility forms are one account. */
export function nameKey(raw: string): string {
  return raw.normalize('NFKC').toLowerCase().normalize('NFKC')
}
