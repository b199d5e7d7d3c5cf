// The conformance suite: the contract of src/store/store.ts as tests over whatever engine `make` opens. Every engine
// runs all of it; what only one engine can show (locks, files, pragmas) stands in that engine's own tests.
import { describe } from 'node:test'
import { accountsConform } from './conformance/accounts.ts'
import { appendConforms } from './conformance/append.ts'
import { blocksConform } from './conformance/blocks.ts'
import { deletingConforms } from './conformance/deleting.ts'
import { directsConform } from './conformance/directs.ts'
import { editsConform } from './conformance/edits.ts'
import { epochsConform } from './conformance/epochs.ts'
import { listsConform } from './conformance/lists.ts'
import { onceConforms } from './conformance/once.ts'
import { readsConform } from './conformance/reads.ts'
import { roomModerationConforms } from './conformance/room-moderation.ts'
import { roomStaysConform } from './conformance/room-stays.ts'
import { roomsConform } from './conformance/rooms.ts'
import { roundTripConforms } from './conformance/round-trip.ts'
import { searchConforms } from './conformance/search.ts'
import { sessionsConform } from './conformance/sessions.ts'
import { whateverHolds } from './conformance/whatever.ts'
import type { Make } from './subject.ts'

/** Runs the suite; `make` gives a new, empty store each time, and each test disposes the one that it took. */
export function storeConformance(name: string, make: Make): void {
  describe(`a store on ${name}`, () => {
    describe('accounts', () => accountsConform(make))
    describe('sessions and invites', () => sessionsConform(make))
    describe('appending', () => appendConforms(make))
    describe('direct conversations', () => directsConform(make))
    describe('sends that are to be stored once', () => onceConforms(make))
    describe('edits, deletes and read markers', () => editsConform(make))
    describe('rooms', () => roomsConform(make))
    describe('coming to rooms and leaving them', () => roomStaysConform(make))
    describe('who may do what in a room', () => roomModerationConforms(make))
    describe('blocks', () => blocksConform(make))
    describe('closing an account', () => deletingConforms(make))
    describe('lists', () => listsConform(make))
    describe('whatever happens', () => whateverHolds(make))
    describe('epochs', () => epochsConform(make))
    describe('search', () => searchConforms(make))
    describe('reading', () => readsConform(make))
    describe('what comes back', () => roundTripConforms(make))
  })
}
