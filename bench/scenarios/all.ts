// Every scenario, in the order of the report.
import type { Scenario } from '../contract.ts'
import { conversations } from './conversations.ts'
import { halfLoadScenario } from './half-load.ts'
import { idleScenario } from './idle.ts'
import { labInbox } from './lab-inbox.ts'
import { labPost } from './lab-post.ts'
import { oneConnection } from './one-connection.ts'
import { pairsScenario } from './pairs.ts'
import { durable } from './durable.ts'
import { signIns } from './sign-ins.ts'
import { slowCommit } from './slow-commit.ts'
import { writes } from './writes.ts'
import { disk } from './disk.ts'
import { wrkScenario } from './wrk.ts'
import { start } from './start.ts'
import { storedScenario } from './stored.ts'
import { v1Send } from './v1-send.ts'

export const scenarios: readonly Scenario[] = [
  labPost,
  wrkScenario,
  labInbox,
  v1Send,
  pairsScenario,
  halfLoadScenario,
  conversations,
  oneConnection,
  writes,
  durable,
  slowCommit,
  signIns,
  storedScenario,
  idleScenario,
  start,
  disk,
]
