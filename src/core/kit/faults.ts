// What a caller is told where something broke below the core: the cause is the operator's to read, in the log.
import { Refusal } from '../../protocol/refusals.ts'
import * as stateTexts from '../../protocol/texts/state.ts'
import { Damaged } from '../../store/store.ts'

const failed = new Refusal('unavailable', stateTexts.failed)
const damaged = new Refusal('unavailable', stateTexts.damaged)

/** The refusal for an error that nothing expected. A damaged database has a sentence of its own: to try again is no use. */
export function refusalOfFault(error: unknown): Refusal {
  return error instanceof Damaged ? damaged : failed
}
