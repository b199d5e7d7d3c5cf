// The messaging lab, C.2 and C.3: a first web server. One address, two answers: GET and POST are different routes.
// Run it with `npx node labs/hello-server.ts` and ask it with `http :5000` and `http POST :5000`
// (with curl: `curl localhost:5000` and `curl -X POST localhost:5000`).
import fastify from 'fastify'

const app = fastify()

app.get('/', () => 'hello from get')

app.post('/', () => 'hello from post')

const address = await app.listen({ host: '127.0.0.1', port: Number(process.argv[2] ?? 5000) })
console.log(`Running on ${address} (Ctrl-C to stop)`)
