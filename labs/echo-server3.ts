// Exercise 3 of the sockets lab: the echo server remembers its clients, and after five it lists them and finishes.
// `hullo echo3`, or `npx node labs/echo-server3.ts --limit 3`; client-test.ts is its client.
import { type Address, green, listen, tuple } from 'hullo/tcp'
import { limitedCommand, type ServerOptions } from './socket-command.ts'

export async function echoServer3({ limit, ...options }: ServerOptions): Promise<void> {
  await using server = await listen(options)
  console.log('The server is configured!')
  const clients: Address[] = []

  console.log('Waiting for Clients to connect')
  for await (const client of server) {
    clients.push(client.address)
    console.log(`CONNECTION ${clients.length}. Client IP,PORT: ${tuple(client.address)}`)

    const message = await client.receive()
    if (client.left === undefined) {
      console.log(`Message received: ${green(message)}`)
      await client.send(`ECHO: ${message}\n`)
    } else {
      console.log(client.left.message)
    }
    client.close()
    if (clients.length === limit) break
    if (server.listening) console.log('Waiting for Clients to connect')
  }

  if (clients.length < limit) {
    console.log('Server stopped by the user')
    return
  }
  console.log('The following clients has connected to the server: ')
  for (const [i, address] of clients.entries()) console.log(`Client ${i}: ${tuple(address)}`)
}

if (import.meta.main) {
  await limitedCommand('echo-server3', 'echoes to five clients, lists them and finishes', echoServer3).parseAsync()
}
