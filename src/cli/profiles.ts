// The three profiles: what is safe by default for this machine alone, for a room full of people, and for the world.
import type { Registration } from '../core/accounts.ts'
import type { Rate } from '../core/limits.ts'
import type { LabMode } from '../http/lab-routes.ts'

export const profileNames = ['local', 'classroom', 'public'] as const
export type ProfileName = (typeof profileNames)[number]

export interface Profile {
  readonly host: string
  readonly registration: Registration
  /** Characters of the shortest password. */
  readonly passwordMin: number
  readonly lab: LabMode | 'off'
  /** Requests by address. */
  readonly requests: Rate
  /** Registrations and sign-ins that cost a hash, by address. */
  readonly attempts: Rate
}

const unlimited: Rate = { burst: Infinity, perSecond: Infinity }

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  local: {
    host: '127.0.0.1',
    registration: 'open',
    passwordMin: 1,
    lab: 'guarded',
    requests: unlimited,
    attempts: unlimited,
  },
  classroom: {
    host: '0.0.0.0',
    registration: 'open',
    passwordMin: 1,
    lab: 'guarded',
    // Forty people behind one address who each try ten things a second, and who all register in the same minute.
    requests: { burst: 4_000, perSecond: 400 },
    attempts: { burst: 200, perSecond: 4 },
  },
  public: {
    host: '0.0.0.0',
    registration: 'invite',
    passwordMin: 8,
    lab: 'off',
    // A household: bursts of a person at work, and a guess of a password every five seconds.
    requests: { burst: 120, perSecond: 10 },
    attempts: { burst: 10, perSecond: 0.2 },
  },
}
