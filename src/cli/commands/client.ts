// `hullo client [ADDRESS]`: the messaging lab's client, which is labs/client.ts.
import { Command } from 'commander'
import * as labHelpTexts from '../../protocol/texts/lab-help.ts'

export function clientCommand(): Command {
  return new Command('client')
    .description(labHelpTexts.client)
    .argument('[address]', labHelpTexts.clientAddress)
    .action(async (address?: string) => {
      const { runClient } = await import('../../../labs/client.ts')
      await runClient(address)
    })
}
