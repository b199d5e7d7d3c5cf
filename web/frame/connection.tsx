// How the connection is, without alarm: nothing while it is there or only blinks; then a quiet line.
import { useEffect, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { useChat } from '../use-chat.ts'

/** A connection that is back within this time was never worth a word. */
const patienceMs = 2_500

export function Connection() {
  const { connection, isCutOff } = useChat()
  const isLive = connection.value.is === 'live'
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    setLate(false)
    if (isLive) return undefined
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [isLive])
  const sentence = isCutOff.value || connection.value.is === 'waiting' ? say.waitingForNetwork : say.connecting
  return (
    <p class="connection" role="status">
      {isCutOff.value || (isLate && !isLive) ? <span>{sentence}</span> : ''}
    </p>
  )
}
