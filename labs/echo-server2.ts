// Exercise 2 of the sockets lab: the echo server counts its connections, and prints where each client is.
// `hullo echo2`, or `npx node labs/echo-server2.ts`
import { green, type ListenOptions, listen, tuple } from 'hullo/tcp'
import { serverCommand } from './socket-command.ts'

export async function echoServer2(options: ListenOptions): Promise<void> {
  await using server = await listen(options)
  console.log('The server is configured!')
  let connections = 0

  console.log('Waiting for Clients to connect')
  for await (const client of server) {
    // The port is one that the client's system chose for this connection: another one each time
    connections += 1
    console.log(`CONNECTION ${connections}. Client IP,PORT: ${tuple(client.address)}`)

    const message = await client.receive()
    if (client.left === undefined) {
      console.log(`Message received: ${green(message)}`)
      await client.send(`ECHO: ${message}\n`)
    } else {
      console.log(client.left.message)
    }
    client.close()
    if (server.listening) console.log('Waiting for Clients to connect')
  }
  console.log('Server stopped by the user')
}

if (import.meta.main) {
  await serverCommand('echo-server2', 'echoes, counts the connections and prints where from', echoServer2).parseAsync()
}
