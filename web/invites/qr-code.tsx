// A QR code (ISO/IEC 18004) as one path of an SVG: dark on white in both themes, with the quiet zone of four modules that
// readers need.
import { generate } from 'lean-qr'
import { useMemo } from 'preact/hooks'

const quietModules = 4

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => drawn(text), [text])
  const whole = size + 2 * quietModules
  return (
    <svg class="qr-code" viewBox={`0 0 ${whole} ${whole}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  )
}

function drawn(text: string): { readonly size: number; readonly path: string } {
  const code = generate(text)
  const parts: string[] = []
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (code.get(x, y)) parts.push(`M${x + quietModules} ${y + quietModules}h1v1h-1z`)
    }
  }
  return { size: code.size, path: parts.join('') }
}
