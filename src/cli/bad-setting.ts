/** A setting that was refused, in a sentence that names the flag. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting'
}
