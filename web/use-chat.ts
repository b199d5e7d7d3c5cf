// How views reach the model: `useChat()` inside the frame, `useSession()` everywhere.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Chat } from './model/chat.ts'
import type { Session } from './model/session.ts'

export const InSession = createContext<Session | undefined>(undefined)
export const InChat = createContext<Chat | undefined>(undefined)

export function useSession(): Session {
  return present(useContext(InSession))
}

/** The signed-in session's model. */
export function useChat(): Chat {
  return present(useContext(InChat))
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A view stands outside of the part of the page that it belongs to.')
  return value
}
