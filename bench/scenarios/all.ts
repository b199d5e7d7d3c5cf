// Every scenario, in the order of the report.
import type { Scenario } from '../contract.ts'
import { conversations } from './conversations.ts'
import { labPost } from './lab-post.ts'
import { oneConnection } from './one-connection.ts'
import { pairsScenario } from './pairs.ts'
import { start } from './start.ts'
import { v1Send } from './v1-send.ts'

export const scenarios: readonly Scenario[] = [labPost, v1Send, pairsScenario, conversations, oneConnection, start]
