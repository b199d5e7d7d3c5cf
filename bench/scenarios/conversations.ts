// Many conversations at once: the same load, dealt over more and more of them. Each touches its own place in the store's
// indexes, which is what a commit pays for.
import type { Bench, Contender, Scenario } from '../contract.ts'
import type { Saturate } from '../load/pairs.ts'
import { ejabberd } from '../peers/ejabberd.ts'
import { ratio } from '../stats.ts'
import { circle, hulloLive, liveFigures, type LiveRound, pairs, peerLive, type Targets } from '../subjects/live.ts'

/** On the way over all senders together: as many as the 8 pairs have. */
const onTheWay = 4_000

function saturate({ roundMs }: Bench, targets: Targets): LiveRound {
  const senders = targets.filter(own => own.length > 0).length
  const asks: Saturate = { kind: 'saturate', ms: roundMs, window: Math.ceil(onTheWay / senders) }
  return load => load.ask('saturate', asks)
}

function hullo(bench: Bench, name: string, targets: Targets): Contender {
  return hulloLive(name, targets, saturate(bench, targets))
}

const thousand = circle(1_000)

export const conversations: Scenario = {
  name: 'conversations',
  title: 'Live messages, many conversations',
  work:
    'As the 8 pairs, with 4,000 messages on the way in all; but everybody writes to everybody else, in turns: 46 people ' +
    'have 1,000 conversations, 448 have 100,000. ejabberd delivers between the same 46 people and archives nothing.',
  contenders: bench => [
    hullo(bench, '8', pairs(8)),
    hullo(bench, '1,000', thousand),
    peerLive(ejabberd, 'xmpp', thousand, saturate(bench, thousand)),
    hullo(bench, '100,000', circle(100_000)),
  ],
  figures: liveFigures,
  lines: [
    {
      id: 'conversations/ejabberd',
      says: "WebSocket over 1,000 conversations, beside ejabberd's live delivery without archive",
      unit: 'times',
      better: 'higher',
      must: 2,
      tried:
        'A commit writes a page of the index (conversation, seq) for every conversation in it, whatever the ' +
        'number of messages. Writing that index behind the log, sorted, would save most of it; it is not ' +
        'done, because every read by conversation would have two places to look, and who starts would have to ' +
        'find the end again.',
      values: ratio('perSecond', '1,000', 'ejabberd'),
    },
    {
      id: 'conversations/1000',
      says: '1,000 conversations beside 8',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', '1,000', '8'),
    },
    {
      id: 'conversations/100000',
      says: '100,000 conversations beside 8',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', '100,000', '8'),
    },
  ],
  profiled: '1,000',
  plot: { kind: 'bars', figures: ['perSecond'] },
}
