// The views beside the conversations, each loaded when it is opened first (`#/-NAME`). To add one: a folder with its view,
// and a line here.
import type { ComponentType } from 'preact'
import type { RoutedViewProps } from './ui/routed-view.ts'
import type { Conversation } from './model/conversations.ts'

/** `#/-NAME/REST`: a view in the place of a conversation. */
export const views: Readonly<Record<string, () => Promise<ComponentType<RoutedViewProps>>>> = {
  people: () => import('./people/people.tsx').then(({ People }) => People),
  rooms: () => import('./rooms/rooms.tsx').then(({ Rooms }) => Rooms),
  'new-room': () => import('./rooms/new-room.tsx').then(({ NewRoom }) => NewRoom),
  search: () => import('./search/search.tsx').then(({ Search }) => Search),
  settings: () => import('./settings/settings.tsx').then(({ Settings }) => Settings),
  invites: () => import('./invites/invites.tsx').then(({ Invites }) => Invites),
}

/** `#/ADDRESS/-NAME`: a panel beside a conversation; on a phone in its place. */
export const panels: Readonly<Record<string, () => Promise<ComponentType<{ readonly conversation: Conversation }>>>> = {
  members: () => import('./rooms/room-panel.tsx').then(({ RoomPanel }) => RoomPanel),
  person: () => import('./people/person-panel.tsx').then(({ PersonPanel }) => PersonPanel),
}
