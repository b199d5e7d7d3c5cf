// Exercise 1 of the sockets lab: the happy server, turned into one that sends back what it was told.
// `hullo echo1`, or `npx node labs/echo-server1.ts`, and then from another terminal: echo "Test" | nc 127.0.0.1 8080
import { green, type ListenOptions, listen } from 'hullo/tcp'
import { serverCommand } from './socket-command.ts'

export async function echoServer1(options: ListenOptions): Promise<void> {
  // Steps 1 to 3: create the socket, bind it to its address, configure it for listening
  await using server = await listen(options)
  console.log('The server is configured!')

  console.log('Waiting for Clients to connect')
  for await (const client of server) {
    console.log('A client has connected to the server!')

    // The message is printed as it came, in green; if it ends in a newline, an empty line follows
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
  await serverCommand('echo-server1', 'sends back what each client says', echoServer1).parseAsync()
}
