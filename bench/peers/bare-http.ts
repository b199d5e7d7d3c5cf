// HTTP handlers that parse the lab's message and store nothing: what Node and fastify leave for everything else. Run as
// a process of its own: `bare-http.ts node|fastify`; it prints the port it took.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'

const isMessage = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'

async function startFastify(): Promise<number> {
  const app = fastify()
  app.post('/', async (request, reply) => {
    reply.type('text/plain')
    return isMessage(request.body) ? '1' : '0'
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

function startNode(): Promise<number> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const answer = parts.length > 0 && isMessage(JSON.parse(Buffer.concat(parts).toString())) ? '1' : '0'
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': '1' })
      response.end(answer)
    })
  })
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const port = await (process.argv[2] === 'fastify' ? startFastify() : startNode())
process.stdout.write(`listening on ${port}\n`)
