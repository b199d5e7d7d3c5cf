// The programs of the sockets lab as commands: `hullo happy` is `node labs/happy-server.ts`, and so on. The programs
// themselves, and their options, are in labs/; only `talk` is at home here.
import { type Command, InvalidArgumentError } from 'commander'
import { shown, talk } from '../../tcp/tcp.ts'
import { clientTest } from '../../../labs/client-test.ts'
import { echoServer1 } from '../../../labs/echo-server1.ts'
import { echoServer2 } from '../../../labs/echo-server2.ts'
import { echoServer3 } from '../../../labs/echo-server3.ts'
import { happyServer } from '../../../labs/happy-server.ts'
import { clientCommand, limitedCommand, serverCommand } from '../../../labs/socket-command.ts'
import * as labHelpTexts from '../../protocol/texts/lab-help.ts'

export const happyCommand = (): Command => serverCommand('happy', labHelpTexts.happy, happyServer)

export const echo1Command = (): Command => serverCommand('echo1', labHelpTexts.echo1, echoServer1)

export const echo2Command = (): Command => serverCommand('echo2', labHelpTexts.echo2, echoServer2)

export const echo3Command = (): Command => limitedCommand('echo3', labHelpTexts.echo3, echoServer3)

export const clientTestCommand = (): Command => clientCommand('client-test', labHelpTexts.clientTest, clientTest)

/** `hullo talk Hello there`: one exchange over TCP; the answer goes to standard output as it came. */
export const talkCommand = (): Command =>
  clientCommand('talk', labHelpTexts.talk, async (options, words) => {
    const { host, port, waitMs } = options
    process.stdout.write(shown(await talk(host, port, words.join(' '), { waitMs })))
  }).argument('<message...>', labHelpTexts.talkMessage, notEmpty)

/** An empty message sends no byte: the server would wait for it, and this side for the answer. */
function notEmpty(word: string): string {
  if (word !== '') return word
  throw new InvalidArgumentError(labHelpTexts.emptyMessage)
}
