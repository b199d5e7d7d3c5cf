// Exercise 4 of the sockets lab: a client that tests the echo server. It connects five times, with a new Client0 and a
// new message each time. `hullo client-test`, or `npx node labs/client-test.ts`, while echo-server3.ts runs.
import { Client0 } from 'hullo/tcp'
import { type CallOptions, clientCommand } from './socket-command.ts'

export async function clientTest({ host, port, waitMs }: CallOptions): Promise<void> {
  for (let i = 0; i < 5; i += 1) {
    const client = new Client0(host, port, { waitMs })
    await client.debugTalk(`Message ${i}`)
  }
}

if (import.meta.main) {
  await clientCommand(
    'client-test',
    'sends five messages to an echo server and prints the answers',
    clientTest,
  ).parseAsync()
}
