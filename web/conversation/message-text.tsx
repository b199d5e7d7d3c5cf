// The text of a message, as it was written, with its links; and what stands small behind it.
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Piece, piecesOf } from '../../src/protocol/links.ts'
import type { Line } from '../model/log.ts'
import { hrefInPage } from '../model/route.ts'

export function MessageText({ text }: { readonly text: string }) {
  const pieces = useMemo(() => piecesOf(text), [text])
  return <>{pieces.map((piece, index) => (piece.is === 'text' ? piece.text : <TextLink key={index} link={piece} />))}</>
}

const elsewhere = { target: '_blank', rel: 'noopener noreferrer nofollow' }

/** Into this server it moves in place; elsewhere it opens a tab. */
function TextLink({ link: { text, href, leadsTo } }: { readonly link: Extract<Piece, { is: 'link' }> }) {
  const here = hrefInPage(href)
  return (
    // An address is read from left to right, whatever stands around it and whatever overrides that.
    <a href={here ?? href} title={leadsTo} dir="ltr" {...(here === undefined && elsewhere)}>
      {text}
    </a>
  )
}

/** A few emoji alone are worth more than a line of text. */
const onlyEmoji = /^(?:\p{RGI_Emoji}\s?){1,3}$/v

export function textClass({ kind, text = '' }: Pick<Line, 'kind' | 'text'>): string {
  if (kind === 'erased') return 'bubble-text bubble-erased'
  return text.length <= 40 && onlyEmoji.test(text) ? 'bubble-text bubble-emoji' : 'bubble-text'
}

/** Stands on the side where the text's lines end; has no say in which side that is. */
export function Foot({ children }: { readonly children: ComponentChildren }) {
  return (
    <span class="bubble-foot">
      <bdi>{children}</bdi>
    </span>
  )
}
