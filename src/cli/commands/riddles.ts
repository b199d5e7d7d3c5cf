// `hullo riddles`: the riddle server of labs/riddle-server.ts, with its options.
import { Command, InvalidArgumentError } from 'commander'
import type { RiddleServerOptions } from '../../../labs/riddle-server.ts'
import * as labHelpTexts from '../../protocol/texts/lab-help.ts'

export function riddlesCommand(): Command {
  return new Command('riddles')
    .description(labHelpTexts.riddles)
    .option('--host <address>', labHelpTexts.riddlesHost, '127.0.0.1')
    .option('--port <number>', labHelpTexts.riddlesPort, readPort, 5000)
    .option('--data <folder>', labHelpTexts.riddlesData, 'riddles-data')
    .option('--empty', labHelpTexts.riddlesEmpty, false)
    .action(async (options: RiddleServerOptions) => {
      const { riddleServer } = await import('../../../labs/riddle-server.ts')
      await riddleServer(options)
    })
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError(labHelpTexts.portRange)
  return port
}
