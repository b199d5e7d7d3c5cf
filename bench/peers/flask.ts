// The lab as its course runs it: lab.py on Debian's Flask and SQLAlchemy, with Flask's development server. Its people and
// the messages that it begins with are put into its database beforehand: over its routes that would take minutes.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import type { Bench } from '../contract.ts'
import { freePort, type Running, startProcess } from '../process.ts'

export const flask = {
  name: 'Flask',
  package: 'python3-flask-sqlalchemy',
  path: '/usr/lib/python3/dist-packages/flask_sqlalchemy',
}

export interface FlaskContent {
  /** Person n has the id n + 1. */
  readonly names: readonly string[]
  /** Who sent what to whom, by index. */
  readonly messages?: readonly { readonly sender: number; readonly recipient: number; readonly text: string }[]
}

export async function startFlask(bench: Bench, content: FlaskContent): Promise<Running> {
  const dir = bench.folder()
  fill(join(dir, 'lab.sqlite'), content)
  const port = await freePort()
  const script = fileURLToPath(new URL('lab.py', import.meta.url))
  return startProcess(['/usr/bin/python3', script, String(port), dir], { port })
}

/** The tables as lab.py's models would make them. */
function fill(file: string, { names, messages = [] }: FlaskContent): void {
  const db = new Database(file)
  db.exec(`
    CREATE TABLE user (
      id INTEGER NOT NULL PRIMARY KEY, username VARCHAR NOT NULL UNIQUE, password VARCHAR NOT NULL);
    CREATE TABLE message (
      id INTEGER NOT NULL PRIMARY KEY, sender_id INTEGER NOT NULL REFERENCES user (id),
      recipient_id INTEGER NOT NULL REFERENCES user (id), text VARCHAR NOT NULL, timestamp FLOAT NOT NULL);
  `)
  const addUser = db.prepare('INSERT INTO user (username, password) VALUES (?, ?)')
  const addMessage = db.prepare('INSERT INTO message (sender_id, recipient_id, text, timestamp) VALUES (?, ?, ?, ?)')
  db.transaction(() => {
    for (const name of names) addUser.run(name, 'secret')
    for (const one of messages) addMessage.run(one.sender + 1, one.recipient + 1, one.text, 1_700_000_000.25)
  })()
  db.close()
}
