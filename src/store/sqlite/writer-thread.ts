// The entry of the writer's thread.
import { serveWriter } from './writer.ts'

serveWriter()
