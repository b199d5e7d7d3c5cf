// Epochs: the lives of the log. The first is made with the store; here another begins, where a rollback was noticed.
import type { BeginEpoch, Epoch, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import type { Log } from './log.ts'

export function epochWrites(db: Connection, log: Log) {
  const inForce = prepare<[], Pick<Epoch, 'epoch' | 'firstSeq'>>(
    db,
    'SELECT epoch, first_seq AS firstSeq FROM log_meta ORDER BY first_seq DESC LIMIT 1',
  )
  const insert = prepare<[string, Seq, string]>(
    db,
    'INSERT INTO log_meta (epoch, first_seq, shared_seq, cursor_key) VALUES (?, ?, 0, ?)',
  )
  return {
    beginEpoch: ({ epoch, cursorKey, instead }: BeginEpoch): Written => {
      const last = inForce.get()
      if (last?.epoch !== instead) return { kind: 'unchanged' }
      // Firsts rise, and so say which epoch is in force: in a log that was rolled back to nothing behind the entry.
      insert.run(epoch, Math.max(log.head + 1, last.firstSeq + 1), cursorKey)
      return log.add({ conversation: 0, sender: 0, kind: 'epoch' })
    },
  }
}
