// An account as its own devices see it.
import type { MeView } from '../../protocol/v1.ts'
import type { Account } from '../../store/store.ts'

export function meOf({ id, name, isAdmin, createdAtMs }: Account): MeView {
  return { id, name, isAdmin, createdAt: createdAtMs / 1_000 }
}
