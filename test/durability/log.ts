// The log as it is in the file, read past Hullo's own code, and what must hold of it after whatever happened.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** The texts of the log in order, of a server that has ended; the file must be sound and the log without a gap. */
export function textsOfLog(dir: string): string[] {
  const db = new Database(join(dir, 'hullo.sqlite'))
  try {
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
    const rows = db.prepare<[], { seq: number; text: string }>('SELECT seq, text FROM messages ORDER BY seq').all()
    assert.deepEqual(
      rows.map(row => row.seq),
      rows.map((_, index) => index + 1),
    )
    return rows.map(row => row.text)
  } finally {
    db.close()
  }
}

/** Each of `wanted` is among `texts` exactly once. */
export function assertOnceEach(texts: readonly string[], wanted: Iterable<string>): void {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  const wrong = [...wanted].filter(text => counts.get(text) !== 1)
  assert.deepEqual(wrong, [], 'acknowledged, and not there exactly once')
}
