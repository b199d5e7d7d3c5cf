// `hullo riddles`: the riddle server of labs/riddle-server.ts, with its options.
import { Command, InvalidArgumentError } from 'commander'
import type { RiddleServerOptions } from '../../labs/riddle-server.ts'

export function riddlesCommand(): Command {
  return new Command('riddles')
    .description('the riddle server that the messaging lab looks back on, over HTTP')
    .option('--host <address>', 'the address to listen at', '127.0.0.1')
    .option('--port <number>', 'the port; 0 takes a free one and prints it', readPort, 5000)
    .option('--data <folder>', 'where the riddles are kept', 'riddles-data')
    .action(async (options: RiddleServerOptions) => {
      const { riddleServer } = await import('../../labs/riddle-server.ts')
      await riddleServer(options)
    })
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}
