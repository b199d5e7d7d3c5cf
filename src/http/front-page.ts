// The lab's first route. (A browser, which asks for text/html, will get the web client here.)
import type { FastifyInstance } from 'fastify'

export function addFrontPage(app: FastifyInstance): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: async (_request, reply) => reply.type('text/plain; charset=utf-8').send('hello'),
  })
}
