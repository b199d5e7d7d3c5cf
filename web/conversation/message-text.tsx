// The text of a message: as it was written, with its links.
import { useMemo } from 'preact/hooks'
import { piecesOf } from './links.ts'

export function MessageText({ text }: { readonly text: string }) {
  const pieces = useMemo(() => piecesOf(text), [text])
  return (
    <>
      {pieces.map((piece, index) =>
        piece.is === 'text' ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </>
  )
}
