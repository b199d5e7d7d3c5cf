// A link for somebody else: to be read, copied, or taken over by the camera of a phone.
import * as say from '../../src/protocol/texts/page-invites.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy.ts'
import { QrCode } from './qr-code.tsx'

export function ToPassOn({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div class="pass-on">
      <QrCode text={text} label={label} />
      <div class="pass-on-text">
        {/* A link, so that it can be copied with the pointer too. */}
        <a class="pass-on-link" href={text} dir="ltr">
          {text}
        </a>
        <Button onClick={() => void copyText(text)}>{say.copy}</Button>
      </div>
    </div>
  )
}
