// The server without fsync, for the one test that must see it fail: `hullo serve` has no such switch.
import { Command } from 'commander'
import { serve } from '../../src/cli/commands/serve.ts'
import { addSettings, readSettings } from '../../src/server/settings/settings.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'

const command = addSettings(new Command('serve-unsafe'))
command.action(() =>
  serve(readSettings(command), (dir, notices) => openSqlite(dir, { ...notices, synchronous: 'OFF' })),
)
await command.parseAsync()
