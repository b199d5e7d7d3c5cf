// Offers notifications where the browser has them and has not been asked yet: it asks only when somebody wants it to.
import { useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { IconButton } from '../ui/button.tsx'

export function NotificationBell() {
  // Without a secure context there are none (or they are always refused).
  const canAsk = isSecureContext && 'Notification' in window && Notification.permission === 'default'
  const [isOffered, setOffered] = useState(canAsk)
  if (!isOffered) return null
  const ask = async () => {
    await Notification.requestPermission()
    setOffered(Notification.permission === 'default')
  }
  return <IconButton icon="bell" label={say.notify} onClick={() => void ask()} />
}
