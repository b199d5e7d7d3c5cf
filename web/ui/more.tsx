// Below a list that comes page by page: the way to more of it, and what went wrong.
import { more as showMore } from '../../src/protocol/texts/page-people.ts'
import * as say from '../../src/protocol/texts/page.ts'
import { Button } from './button.tsx'
import type { Pages } from '../behaviour/use-pages.ts'
import { Wrong } from './view.tsx'

export function More<T>({ pages }: { readonly pages: Pages<T> }) {
  return (
    <div class="items-more">
      <Wrong sentence={pages.wrong} />
      {pages.wrong !== undefined && <Button onClick={pages.again}>{say.tryAgain}</Button>}
      {pages.more !== undefined && <Button onClick={pages.more}>{showMore}</Button>}
    </div>
  )
}
