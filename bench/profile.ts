// What CPU profiles say, in a screen: of each thread of each server the functions that took most time themselves. For more
// the files open in Chrome's DevTools (Performance, Load profile), in VS Code, or in https://www.speedscope.app.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ThreadProfile } from './contract.ts'

const shownMax = 15

/** The parts of V8's format that are read. Times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** The profiles in a folder, the busiest thread first. Node names them by process, thread (the first is 0) and number. */
export function profilesIn(dir: string): readonly (ThreadProfile & { readonly file: string })[] {
  const files = readdirSync(dir).filter(file => file.endsWith('.cpuprofile'))
  return files
    .map(file => ({
      file: join(dir, file),
      thread: /\.0\.\d+\.cpuprofile$/.test(file) ? ('event loop' as const) : ('writer' as const),
      ...timesIn(readFileSync(join(dir, file), 'utf8')),
    }))
    .toSorted((a, b) => b.busySeconds - a.busySeconds)
}

export function profileSummary(dir: string): string {
  return profilesIn(dir)
    .map(({ file, busySeconds, idleSeconds, top }) =>
      [
        `${file}: busy ${busySeconds.toFixed(1)} s, idle ${idleSeconds.toFixed(1)} s; of the busy time`,
        ...top.map(({ where, share }) => `${(100 * share).toFixed(1).padStart(6)} %  ${where}`),
        '',
      ].join('\n'),
    )
    .join('\n')
}

function timesIn(json: string): Omit<ThreadProfile, 'thread'> {
  const { nodes, samples, timeDeltas } = JSON.parse(json) as CpuProfile
  const names = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const byName = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '?'
    byName.set(name, (byName.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const idleUs = byName.get('(idle)') ?? 0
  byName.delete('(idle)')
  const busyUs = [...byName.values()].reduce((all, one) => all + one, 0)
  const top = [...byName].toSorted(([, a], [, b]) => b - a).slice(0, shownMax)
  return {
    busySeconds: busyUs / 1e6,
    idleSeconds: idleUs / 1e6,
    top: top.map(([where, us]) => ({ where, share: us / busyUs })),
  }
}

function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  const file = url.split('/').slice(-3).join('/')
  return file === '' ? name : `${name}  ${file}:${lineNumber + 1}`
}
