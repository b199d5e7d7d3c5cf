// Eight people write to eight others as fast as it goes: durable before delivered, beside servers that store nothing.
import type { Bench, Scenario } from '../contract.ts'
import type { Saturate } from '../load/pairs.ts'
import { ejabberd } from '../peers/ejabberd.ts'
import { inspircd } from '../peers/inspircd.ts'
import { ngircd } from '../peers/ngircd.ts'
import { prosody } from '../peers/prosody.ts'
import { ratio } from '../stats.ts'
import { hulloLive, liveFigures, type LiveRound, pairs, peerLive } from '../subjects/live.ts'
import { rawFile } from '../subjects/plain.ts'

/** Of one sender on the way: enough that nobody waits for the loopback. */
const window = 500

/** As the committer's largest batch. */
const rawBatch = 1_000

function saturate({ roundMs }: Bench): LiveRound {
  const asks: Saturate = { kind: 'saturate', ms: roundMs, window }
  return load => load.ask('saturate', asks)
}

export const pairsScenario: Scenario = {
  name: 'pairs',
  title: 'Live messages, 8 pairs',
  work:
    '8 senders, each with a receiver of its own and up to 500 messages of 47 bytes on the way; what arrived counts. ' +
    "Hullo's are acknowledged and durable before they are delivered; the others forward and store nothing.",
  contenders: bench => [
    hulloLive('Hullo', pairs(8), saturate(bench)),
    peerLive(inspircd, 'irc', pairs(8), saturate(bench)),
    peerLive(ngircd, 'irc', pairs(8), saturate(bench)),
    peerLive(ejabberd, 'xmpp', pairs(8), saturate(bench)),
    peerLive(prosody, 'xmpp', pairs(8), saturate(bench)),
    rawFile(rawBatch),
  ],
  figures: liveFigures,
  lines: [
    {
      id: 'pairs/inspircd',
      says: "WebSocket, durable before delivered, 8 pairs, beside InspIRCd's forwarding",
      unit: 'times',
      better: 'higher',
      must: 1.5,
      tried:
        'InspIRCd hands bytes from socket to socket in C++ and stores nothing: 1 to 2 us of a processor a ' +
        'message. Here a message is parsed, checked, put into a transaction with its client id, synced, ' +
        "turned into JSON, handed to its receiver and back to its sender's devices, and acknowledged: 12 to 18 " +
        'us, about half of them in either thread. Tried without gain: several rows an insert (faster over 8 ' +
        'conversations, a tenth to a quarter slower over 1,000), rows handed over as one JSON text or as raw ' +
        'bytes, buffers shared between the threads, larger checkpoints, a larger young generation, waiting ' +
        'for more to store together.',
      values: ratio('perSecond', 'Hullo', 'InspIRCd'),
    },
    {
      id: 'pairs/ngircd',
      says: "The same beside ngircd's forwarding (the target beyond)",
      unit: 'times',
      better: 'higher',
      must: 1,
      tried: 'As beside InspIRCd; ngircd does still less.',
      values: ratio('perSecond', 'Hullo', 'ngircd'),
    },
    {
      id: 'pairs/ejabberd',
      says: "The same beside ejabberd's live delivery",
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'ejabberd'),
    },
    {
      id: 'pairs/prosody',
      says: "The same beside Prosody's live delivery",
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'Prosody'),
    },
    {
      id: 'pairs/raw',
      says: 'The same beside writing the texts to a file, one fdatasync for 1,000',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'raw file'),
    },
  ],
  profiled: 'Hullo',
  plot: { kind: 'bars', figures: ['perSecond'] },
}
