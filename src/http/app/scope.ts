// What the application must know of a scope of routes: how it refuses, and whether pages of other origins may use it. The
// scope hands it in, so that nothing here imports a scope.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../../protocol/refusals.ts'
import type { Front } from './browsers.ts'
import { sendRefusal } from './refusals.ts'

/** A part of the addresses that refuses in a way of its own, and that pages of named origins may use. */
export interface Scope {
  readonly owns: (target: string) => boolean
  readonly refuse: (reply: FastifyReply, refusal: Refusal) => FastifyReply
  /** Lets a page of an origin that the operator has named read the answer. */
  readonly allowReading: (request: FastifyRequest, reply: FastifyReply, front: Front) => void
  /** Answers the question whether such a page may send a request; false where the request is no such question. */
  readonly answerPreflight: (request: FastifyRequest, reply: FastifyReply, methods: readonly string[]) => boolean
}

export type Refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => FastifyReply

/** Refuses as the scope of the address does; outside of it with the lab's JSON. */
export function refuserOf(scope: Scope): Refuse {
  return (request, reply, refusal) =>
    scope.owns(request.url) ? scope.refuse(reply, refusal) : sendRefusal(reply, refusal)
}
