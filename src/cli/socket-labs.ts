// The programs of the sockets lab as commands: `hullo happy` is `node labs/happy-server.ts`, and so on. The programs
// themselves, and their options, are in labs/; only `talk` is at home here.
import { type Command, InvalidArgumentError } from 'commander'
import { shown, talk } from '../tcp/tcp.ts'
import { clientTest } from '../../labs/client-test.ts'
import { echoServer1 } from '../../labs/echo-server1.ts'
import { echoServer2 } from '../../labs/echo-server2.ts'
import { echoServer3 } from '../../labs/echo-server3.ts'
import { happyServer } from '../../labs/happy-server.ts'
import { clientCommand, limitedCommand, serverCommand } from '../../labs/socket-command.ts'

export const happyCommand = (): Command =>
  serverCommand('happy', 'sockets lab: answers every client with the same happy line', happyServer)

export const echo1Command = (): Command =>
  serverCommand('echo1', 'sockets lab, Exercise 1: sends back what each client says', echoServer1)

export const echo2Command = (): Command =>
  serverCommand('echo2', 'sockets lab, Exercise 2: echoes, counts the connections, says where from', echoServer2)

export const echo3Command = (): Command =>
  limitedCommand('echo3', 'sockets lab, Exercise 3: echoes to five clients, lists them and finishes', echoServer3)

export const clientTestCommand = (): Command =>
  clientCommand('client-test', 'sockets lab, Exercise 4: sends five messages, prints the answers', clientTest)

/** `hullo talk Hello there`: one exchange over TCP; the answer goes to standard output as it came. */
export const talkCommand = (): Command =>
  clientCommand('talk', 'sockets lab: sends one message over TCP and prints the answer', async (options, words) => {
    const { host, port, waitMs } = options
    process.stdout.write(shown(await talk(host, port, words.join(' '), { waitMs })))
  }).argument('<message...>', 'what to say; its words are joined by spaces', notEmpty)

/** An empty message sends no byte: the server would wait for it, and this side for the answer. */
function notEmpty(word: string): string {
  if (word !== '') return word
  throw new InvalidArgumentError('An empty message sends nothing, and gets no answer.')
}
