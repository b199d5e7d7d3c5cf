// A link for somebody else: to be read, copied, or taken over by the camera of a phone.
import * as say from '../../src/protocol/texts/page-invites.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { QrCode } from './qr-code.tsx'

export function ToPassOn({ text, label }: { readonly text: string; readonly label: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    toast(say.copied)
  }
  return (
    <div class="pass-on">
      <QrCode text={text} label={label} />
      <div class="pass-on-text">
        {/* A link, so that it can be copied with the pointer too, also where a page may not write to the clipboard. */}
        <a class="pass-on-link" href={text} dir="ltr">
          {text}
        </a>
        {isSecureContext && <Button onClick={() => void copy()}>{say.copy}</Button>}
      </div>
    </div>
  )
}
