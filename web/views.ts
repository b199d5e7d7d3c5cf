// The views beside the conversations, each loaded when it is opened first (`#/-NAME`). To add one: a folder with its view,
// and a line here.
import type { ComponentType } from 'preact'
import type { Conversation } from './model/conversations.ts'

export interface ViewProps {
  /** What stands in the address behind the view's name. */
  readonly rest: string
}

/** `#/-NAME/REST`: a view in the place of a conversation. */
export const views: Readonly<Record<string, () => Promise<ComponentType<ViewProps>>>> = {}

/** `#/ADDRESS/-NAME`: a panel beside a conversation; on a phone in its place. */
export const panels: Readonly<Record<string, () => Promise<ComponentType<{ readonly conversation: Conversation }>>>> =
  {}
