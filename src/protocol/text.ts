// What a message's text may be.
import { textBytesMax } from './limits.ts'
import { Refusal, refuseField } from './refusals.ts'
import * as fieldTexts from './texts/fields.ts'

/**
 * Well-formed Unicode without NUL, as every string that is stored must be: SQLite's text ends at a NUL for some of its
 * tools, PostgreSQL refuses it, and a lone surrogate has no UTF-8. Refuses with `field-invalid`.
 */
export function checkUnicode(raw: string, field: string): Refusal | undefined {
  if (!raw.isWellFormed()) return refuseField('field-invalid', field, fieldTexts.halfCharacter)
  if (raw.includes('\0')) return refuseField('field-invalid', field, fieldTexts.nulCharacter)
  return undefined
}

/** The text of a message: at most 16,384 bytes of UTF-8 (else `too-large`), well-formed, without NUL (`field-invalid`). */
export function checkText(raw: string, field: string): Refusal | undefined {
  // A UTF-16 unit is at most three bytes of UTF-8: short texts need no count.
  if (raw.length * 3 > textBytesMax) {
    const bytes = new TextEncoder().encode(raw).length
    if (bytes > textBytesMax) {
      return new Refusal('too-large', fieldTexts.textLong(bytes)(field), { field })
    }
  }
  return checkUnicode(raw, field)
}

/** What people send of what they wrote: without blank lines at either end and without space at the end. Indentation is kept. */
export function sentText(written: string): string {
  return written.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd()
}

/** How many code points a string has: what people take for characters, nearly, and the same in every language. */
export function codePointsOf(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
