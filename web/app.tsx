// The page as a whole: who is signed in sees the chat, who is not the door.
import { Frame } from './frame/frame.tsx'
import type { Session } from './model/session.ts'
import { SignIn } from './sign-in/sign-in.tsx'
import { Confirmations } from './ui/confirm.tsx'
import { Toasts } from './ui/toast.tsx'
import { InChat, InSession } from './use-chat.ts'

export function App({ session }: { readonly session: Session }) {
  const signed = session.signed.value
  return (
    <InSession.Provider value={session}>
      {signed.is === 'out' && <SignIn why={signed.why} name={signed.name} />}
      {signed.is === 'in' && (
        <InChat.Provider value={signed.chat}>
          <Frame />
        </InChat.Provider>
      )}
      <Confirmations />
      <Toasts />
    </InSession.Provider>
  )
}
