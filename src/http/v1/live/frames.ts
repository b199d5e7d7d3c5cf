// Depart: what a live reader gets, as frames. The same JSON goes out over SSE and WebSocket; entries come as JSON that
// was made once for all readers and are only put together here.
import type { Live } from '../../../core/live/follower.ts'
import type { Cursors } from '../../../core/log/cursors.ts'
import type { ServerFrame } from '../../../protocol/v1.ts'

/** A frame, ready to be written; `cursor` stands behind it, where it moves the reader on. */
export interface Frame {
  readonly type: ServerFrame['type']
  readonly json: string
  readonly cursor?: string
}

export function frameOf(live: Live, cursors: Pick<Cursors, 'at'>): Frame {
  if (live.kind === 'soft') return plain({ type: 'soft', events: live.events })
  if (live.kind === 'end') return plain({ type: 'end', reason: live.reason })
  const cursor = cursors.at(live.last, live.storedAtMs)
  if (live.kind === 'beat') return plain({ type: 'beat', cursor })
  return { type: 'entries', json: `{"type":"entries","cursor":"${cursor}","entries":[${live.json.join(',')}]}`, cursor }
}

/** A frame of its own; `hello` and `beat` move the reader on. */
export function plain(frame: ServerFrame): Frame {
  const json = JSON.stringify(frame)
  return 'cursor' in frame ? { type: frame.type, json, cursor: frame.cursor } : { type: frame.type, json }
}
