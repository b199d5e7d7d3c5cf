// A process that holds the data folder it is given until its standard input ends or it is killed.
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'

const store = openSqlite(process.argv[2] ?? '')
process.stdout.write('held\n')
process.stdin.resume().once('end', () => void store[Symbol.asyncDispose]())
