// Whether the browser may show notifications; where it cannot, why not.
import { useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-settings.ts'
import { Button } from '../ui/button.tsx'

type Leave = NotificationPermission | 'insecure' | 'absent'

const sentences: Readonly<Record<Leave, string>> = {
  granted: say.allowed,
  denied: say.denied,
  default: say.notAsked,
  insecure: say.needHttps,
  absent: say.notHere,
}

export function Notifications() {
  const [leave, setLeave] = useState(leaveNow)
  const ask = async () => {
    await Notification.requestPermission()
    setLeave(leaveNow())
  }
  return (
    <>
      <p class="view-note" role="status">
        {sentences[leave]}
      </p>
      {leave === 'default' && (
        <p>
          <Button onClick={() => void ask()}>{say.allow}</Button>
        </p>
      )}
    </>
  )
}

function leaveNow(): Leave {
  if (!isSecureContext) return 'insecure'
  return 'Notification' in window ? Notification.permission : 'absent'
}
