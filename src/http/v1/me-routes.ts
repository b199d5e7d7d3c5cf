// One's own account.
import type { Account } from '../../store/store.ts'
import type { MeView } from '../../protocol/v1.ts'
import { answers, MeSchema } from './schemas.ts'
import type { V1Routes } from './v1.ts'

export function meOf({ id, name, isAdmin, createdAtMs }: Account): MeView {
  return { id, name, isAdmin, createdAt: createdAtMs / 1_000 }
}

export const meRoutes: V1Routes = async v1 => {
  v1.get(
    '/me',
    { schema: { summary: 'My account', tags: ['accounts'], response: answers({ 200: MeSchema }) } },
    async request => meOf(request.caller.account),
  )
}
