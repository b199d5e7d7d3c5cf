// Arrive: the bytes of a body become a JSON value, of bounded depth.
import { jsonDepthMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

// One for all: a decoder that is not streaming keeps nothing between two texts.
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The value, or `malformed`. */
export function parseJson(body: Uint8Array): unknown {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(body))
  } catch {
    return new Refusal('malformed', requestTexts.notJsonInUtf8)
  }
  if (isDeeper(value, jsonDepthMax)) {
    return new Refusal('malformed', requestTexts.nestsDeep(jsonDepthMax))
  }
  return value
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(item => isDeeper(item, levels - 1))
}
