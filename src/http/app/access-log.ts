// One line a request in the operator's log. It holds the pattern of the route and never the address as typed, which may
// contain a query, a name or a password.
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'

export function addAccessLog(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'no route'
    const ms = Math.round(reply.elapsedTime)
    log.info({ method: request.method, route, status: reply.statusCode, ms }, 'answered')
    done()
  })
}
