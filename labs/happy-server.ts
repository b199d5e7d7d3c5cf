// The happy server of the sockets lab: whatever a client says, the answer is the same. `hullo happy`, or
// `npx node labs/happy-server.ts --port 9000`, and then from another terminal: printf "Test" | nc 127.0.0.1 8080
import { type ListenOptions, listen, shown } from 'hullo/tcp'
import { serverCommand } from './socket-command.ts'

export async function happyServer(options: ListenOptions): Promise<void> {
  // Steps 1 to 3: create the socket, bind it to its address, configure it for listening
  await using server = await listen(options)
  console.log('The server is configured!')

  // Steps 5 and 6: wait for a client to connect; it comes with a socket of its own
  console.log('Waiting for Clients to connect')
  for await (const client of server) {
    console.log('A client has connected to the server!')

    // Step 7: read the client's message
    const message = await client.receive()
    if (client.left === undefined) {
      console.log(`Message received: ${shown(message)}`)

      // Step 8: send the answer
      await client.send('HELLO. I am the Happy Server :-)\n')
    } else {
      // It left without a word, or fell silent: the next client is not to suffer for it
      console.log(client.left.message)
    }
    client.close()
    if (server.listening) console.log('Waiting for Clients to connect')
  }

  // The loop ends when the server was stopped, by Ctrl-C
  console.log('Server stopped by the user')
}

if (import.meta.main) {
  await serverCommand('happy-server', 'answers every client with the same happy line', happyServer).parseAsync()
}
