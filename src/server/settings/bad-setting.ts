import type { Sentence } from '../../protocol/texts/sentence.ts'

/** A setting that was refused, in a sentence that names the flag. */
export class BadSetting extends Error {
  constructor(message: Sentence) {
    super(message)
    this.name = 'BadSetting'
  }
}
