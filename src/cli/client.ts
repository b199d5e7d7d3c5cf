// `hullo client [ADDRESS]`: the messaging lab's client, which is labs/client.ts.
import { Command } from 'commander'

export function clientCommand(): Command {
  return new Command('client')
    .description("the messaging lab's client: register, send and get messages, by number")
    .argument('[address]', 'the server, as 192.168.1.20:5000; asked for if it is not given')
    .action(async (address?: string) => {
      const { runClient } = await import('../../labs/client.ts')
      await runClient(address)
    })
}
