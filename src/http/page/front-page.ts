// `/`: the web client for browsers, which ask for text/html by name; the lab's greeting for everybody else.
import type { FastifyInstance } from 'fastify'
import type { TrustedProxies } from '../../net/address.ts'
import { addPageFiles, type PageFile, pageSender } from './page.ts'

export function addFrontPage(
  app: FastifyInstance,
  page: readonly PageFile[],
  trusted: TrustedProxies | undefined,
): void {
  addPageFiles(app, page, trusted)
  const sendPage = pageSender(page, trusted)
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: async (request, reply) => {
      if (sendPage !== undefined && wantsHtml(request.headers.accept)) return sendPage(request, reply)
      return reply.header('Vary', 'Accept').type('text/plain; charset=utf-8').send('hello')
    },
  })
}

/** Browsers name it; curl, HTTPie and programs take anything. */
function wantsHtml(accept = ''): boolean {
  return /(^|,)\s*text\/html\s*(;(?!\s*q=0(\.0*)?\s*(,|$))|,|$)/i.test(accept)
}
