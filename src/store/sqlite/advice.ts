// What an operator reads where the data folder is not as it should be: what happened, then what to do. The page and the API
// have sentences of their own (protocol/texts/state.ts), since a reader there can do nothing about it.

const restore = 'Stop Hullo, keep a copy of the folder, and restore the database from a backup'
const salvage =
  'Without a backup, `sqlite3 hullo.sqlite .recover` reads what is left (https://sqlite.org/recovery.html)'

/** At the start: the database cannot be used as it is. */
export function damagedAtStart(file: string, finding: string): string {
  return `The database ${file} is damaged: ${finding}. Keep a copy of the folder, and restore the database from a backup. ${salvage}.`
}

export function damagedMeanwhile(file: string): string {
  return `The database ${file} is damaged: parts of it cannot be read, and requests that need them are refused. ${restore}. ${salvage}.`
}

export function movedMeanwhile(path: string): string {
  return (
    `${path} was moved, deleted or replaced while Hullo was running, so nothing more is stored and Hullo stops. ` +
    'Messages that were acknowledged before are in the files as they were then: put those back, or restore a backup, ' +
    'then start Hullo again.'
  )
}

export function notOurs(path: string, finding: string): string {
  return `${path} ${finding} choose another folder with --data DIR.`
}

export function lockRemoved(dir: string, who: string): string {
  return (
    `The lock file of the data folder ${dir} was removed or replaced, and ${who} has the database open, perhaps another ` +
    'Hullo. Stop that program, then start Hullo again.'
  )
}

export function lockDamaged(path: string): string {
  return `The lock file ${path} is damaged. Make sure that no other Hullo uses this folder, delete the file, then start Hullo again.`
}

export function databaseInUse(file: string, who: string): string {
  return `The database ${file} cannot be opened, since ${who} is using it. Close that program, then start Hullo again.`
}

export function notADatabase(file: string): string {
  return (
    `${file} is not an SQLite database, or its beginning was overwritten. If it was Hullo's, keep a copy and restore it from ` +
    'a backup; otherwise choose another folder with --data DIR.'
  )
}

export function emptied(file: string): string {
  return `The database ${file} is empty, although it was in use before. Restore it from a backup, or delete the file to begin with a new one.`
}

export function walAlone(file: string): string {
  return (
    `The database ${file} is missing or empty, although ${file}-wal holds messages that belong to it. Put the database ` +
    `back, or move ${file}-wal away to begin with a new one.`
  )
}

export function walDamaged(file: string): string {
  return (
    `The write-ahead log ${file}-wal is damaged, and the newest messages are in it. Keep a copy of the folder, and restore a ` +
    `backup; or move ${file}-wal away to start without what is in it.`
  )
}
