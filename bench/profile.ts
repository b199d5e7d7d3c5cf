// What CPU profiles say, in a screen: of each thread of each server the functions that took most time themselves. For more
// the files open in Chrome's DevTools (Performance, Load profile), in VS Code, or in https://www.speedscope.app.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

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

export function profileSummary(dir: string): string {
  const files = readdirSync(dir).filter(file => file.endsWith('.cpuprofile'))
  return files
    .toSorted()
    .map(file => summaryOf(join(dir, file)))
    .join('\n')
}

function summaryOf(file: string): string {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
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
  const rows = top.map(([name, us]) => `${((100 * us) / busyUs).toFixed(1).padStart(6)} %  ${name}`)
  return [
    `${file}: busy ${(busyUs / 1e6).toFixed(1)} s, idle ${(idleUs / 1e6).toFixed(1)} s; of the busy time`,
    ...rows,
    '',
  ].join('\n')
}

function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  const file = url.split('/').slice(-3).join('/')
  return file === '' ? name : `${name}  ${file}:${lineNumber + 1}`
}
