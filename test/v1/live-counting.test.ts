// What a connection sends counts as requests of its account do: who waits for each answer is counted each time, and who
// sends a lot at once is counted once for all that is on the way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SentFrame } from '../../src/protocol/v1.ts'
import { talkLive } from './listening.ts'
import { startV1 } from './support.ts'

/** More than the profile allows at once and in the time that this takes. */
const manyMax = 2_000

/** More requests than the profile allows at once, and fewer frames. */
const atOnce = 400

const isRefused = ({ results }: SentFrame): boolean => results.some(one => 'error' in one && one.error === 'too-many')

test('sends over a connection count as requests: one by one they are refused in the end, all at once they are not', async () => {
  await using server = await startV1(['--profile', 'public', '--registration', 'open', '--insecure-http'])
  const [patient, hasty] = [await server.person(), await server.person()]
  await using one = await talkLive(server.url, patient.token)
  let refused: SentFrame | undefined
  for (let ref = 1; refused === undefined && ref <= manyMax; ref += 1) {
    one.say({ type: 'send', ref, messages: [{ to: `@${patient.name}`, text: `m${ref}` }] })
    const sent = await one.frame('sent', frame => frame.ref === ref)
    if (isRefused(sent)) refused = sent
  }
  assert.ok(refused !== undefined && refused.ref > 100, 'refused, but not at once')
  const [result] = refused.results
  assert.ok(result !== undefined && 'error' in result)
  assert.match(result.message, /requests of this account/)

  await using many = await talkLive(server.url, hasty.token)
  await many.frame('hello')
  for (let ref = 1; ref <= atOnce; ref += 1) {
    many.say({ type: 'send', ref, messages: [{ to: `@${hasty.name}`, text: `m${ref}` }] })
  }
  await many.frame('sent', frame => frame.ref === atOnce)
  assert.equal(many.frames.filter(frame => frame.type === 'sent').filter(isRefused).length, 0)
})
