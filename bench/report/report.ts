// The report, from a run's data and nothing else: what must be reached beside what was, then each scenario with its table,
// its plot and its checks.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMeasured } from '../data.ts'
import type { Figure, Line, Measured, Scenario, ThreadProfile } from '../contract.ts'
import { spreadOf, valuesOf } from '../stats.ts'
import { format } from './format.ts'
import { type Bar, barsSvg, type Curve, curvesSvg } from './svg.ts'

/** Writes `report.md` and `plots/*.svg` into the folder that has the data. */
export function writeReport(dir: string, scenarios: readonly Scenario[]): void {
  const run = readMeasured(dir, scenarios)
  const ran = scenarios.flatMap(scenario => {
    const measured = run.get(scenario.name)
    return measured === undefined ? [] : [{ scenario, measured }]
  })
  mkdirSync(join(dir, 'plots'), { recursive: true })
  const plotted = new Map<string, readonly string[]>()
  for (const one of ran) {
    const plots = plotsOf(one)
    for (const [file, svg] of plots) writeFileSync(join(dir, 'plots', file), svg)
    plotted.set(
      one.scenario.name,
      plots.map(([file]) => file),
    )
  }
  const sections = ran.map(one => sectionOf(one, plotted.get(one.scenario.name) ?? []))
  const absent = scenarios.filter(({ name }) => !run.has(name)).map(({ name }) => name)
  writeFileSync(join(dir, 'report.md'), [heading(ran, absent), targets(ran), shortOf(ran), ...sections].join('\n'))
}

interface Ran {
  readonly scenario: Scenario
  readonly measured: Measured
}

function heading(ran: readonly Ran[], absent: readonly string[]): string {
  const all = ran.map(({ measured }) => measured)
  const kinds = new Set(
    all.map(one => `${one.isQuick ? 'quick' : 'full'} run of ${one.at.slice(0, 10)}, commit ${one.machine.commit}`),
  )
  const [first] = all
  const isQuick = all.some(one => one.isQuick)
  const lines = [
    '# What Hullo costs, beside its peers',
    '',
    `Made by \`npm run bench\` from the data beside it: ${[...kinds].join('; ')}.`,
    ...(isQuick
      ? ['', '**A quick run: rounds of a fraction of a second, good for a look and for nothing else.**']
      : []),
    ...(absent.length > 0 ? ['', `Not run: ${absent.join(', ')}.`] : []),
    '',
    'Load generator and server share the machine, so only ratios mean something: both sides of each ran in the same',
    'minutes, in turns. All are median (minimum to maximum) of the rounds. [README.md](README.md) says how it is measured,',
    'and what makes a run void.',
    '',
  ]
  if (first === undefined) return lines.join('\n')
  const { cpu, cores, memoryBytes, system, disk, node, peers } = first.machine
  return [
    ...lines,
    '| machine | |',
    '|---|---|',
    `| processor | ${cpu}, ${cores} cores |`,
    `| memory | ${format(memoryBytes, 'bytes')} |`,
    `| system | ${system} |`,
    `| disk | ${disk} |`,
    `| Node | ${node} |`,
    ...Object.entries(peers).map(([name, version]) => `| ${name} | ${version} |`),
    '',
  ].join('\n')
}

/** The lines that have a bound, all together. */
function targets(ran: readonly Ran[]): string {
  const rows = ran.flatMap(({ scenario, measured }) =>
    scenario.lines.filter(({ must }) => must !== undefined).map(line => rowOf(line, measured)),
  )
  if (rows.length === 0) return ''
  return ['## Where it must arrive', '', ...head, ...rows, ''].join('\n')
}

/** What is not reached: why, as far as is known, with the profile that shows where the time goes. */
function shortOf(ran: readonly Ran[]): string {
  const parts = ran.flatMap(({ scenario, measured }) => {
    const lines = scenario.lines.filter(line => isReached(line, measured) === false)
    if (lines.length === 0) return []
    const said = lines.flatMap(({ says, tried }) => [`**${says}.** ${tried ?? ''}`.trim(), ''])
    return [...said, ...(measured.profile ?? []).flatMap(profileOf(scenario))]
  })
  return parts.length === 0 ? '' : ['## What is not reached, and why', '', ...parts].join('\n')
}

function profileOf({ title }: Scenario) {
  return ({ thread, busySeconds, idleSeconds, top }: ThreadProfile): string[] => [
    `| ${title}: ${thread} | ${format(busySeconds, 'seconds')} busy, ${format(idleSeconds, 'seconds')} idle |`,
    '|---|---:|',
    ...top.map(({ where, share }) => `| \`${where}\` | ${(100 * share).toFixed(1)} % |`),
    '',
  ]
}

/** Undefined where there is no bound, or nothing to compare with it. */
function isReached({ must, better, values }: Line, measured: Measured): boolean | undefined {
  const spread = spreadOf(values(measured.rounds))
  if (must === undefined || spread === undefined || measured.void !== undefined) return undefined
  return better === 'higher' ? spread.median >= must : spread.median <= must
}

const head = ['| what | must be | is | minimum | maximum | reached |', '|---|---|---|---|---|---|']

function rowOf(line: Line, measured: Measured): string {
  const { says, unit, must, better } = line
  const bound = must === undefined ? '' : `${better === 'higher' ? 'at least' : 'at most'} ${format(must, unit)}`
  const spread = spreadOf(line.values(measured.rounds))
  if (measured.void !== undefined) return `| ${says} | ${bound} | void | | | |`
  if (spread === undefined) return `| ${says} | ${bound} | not measured: ${whyNot(measured)} | | | |`
  const reached = isReached(line, measured)
  const verdict = reached === undefined ? '' : reached ? 'yes' : '**no**'
  const [is, min, max] = [spread.median, spread.min, spread.max].map(value => format(value, unit))
  return `| ${says} | ${bound} | ${is} | ${min} | ${max} | ${verdict} |`
}

function whyNot({ missing }: Measured): string {
  const names = Object.keys(missing)
  return names.length > 0 ? `${names.join(', ')} missing` : 'no data'
}

function sectionOf({ scenario, measured }: Ran, plots: readonly string[]): string {
  const { title, work, figures, lines } = scenario
  const rounds = Math.max(0, ...Object.values(measured.rounds).map(samples => samples.length))
  return [
    `## ${title}`,
    '',
    `${work} (\`${scenario.name}\`, ${rounds} rounds of ${format(measured.roundMs / 1_000, 'seconds')})`,
    '',
    ...(measured.void === undefined ? [] : [`**VOID: ${measured.void}**`, '']),
    ...tableOf(figures, measured),
    '',
    ...(lines.length > 0 ? [...head, ...lines.map(line => rowOf(line, measured)), ''] : []),
    ...plots.flatMap(file => [`![${title}](plots/${file})`, '']),
    ...Object.entries(measured.missing).map(([name, why]) => `- ${name}: missing, ${why}`),
    ...measured.checks.map(check => `- ${check}`),
    '',
  ].join('\n')
}

function tableOf(figures: readonly Figure[], { rounds }: Measured): string[] {
  const shown = figures.filter(({ key }) => Object.keys(rounds).some(name => valuesOf(rounds, name, key).length > 0))
  return [
    `| | ${shown.map(({ label }) => label).join(' | ')} |`,
    `|---|${shown.map(() => '---:|').join('')}`,
    ...Object.keys(rounds).map(
      name => `| ${name} | ${shown.map(figure => cellOf(figure, name, rounds)).join(' | ')} |`,
    ),
  ]
}

function cellOf({ key, unit }: Figure, name: string, rounds: Measured['rounds']): string {
  const spread = spreadOf(valuesOf(rounds, name, key))
  if (spread === undefined) return ''
  const { median, min, max } = spread
  return min === max ? format(median, unit) : `${format(median, unit)} (${format(min, unit)} to ${format(max, unit)})`
}

/** File names and SVG; bars a figure, curves all figures in one plot. */
function plotsOf({ scenario, measured }: Ran): (readonly [string, string])[] {
  const { plot, figures, title, name } = scenario
  if (plot === undefined) return []
  const drawn = figures.filter(({ key }) => plot.figures.includes(key))
  if (plot.kind === 'bars') {
    return drawn.flatMap(figure => {
      const bars = barsOf(figure, measured)
      const file = drawn.length === 1 ? `${name}.svg` : `${name}-${figure.key}.svg`
      return bars.length === 0 ? [] : [[file, barsSvg({ title: `${title}: ${figure.label}`, unit: figure.unit }, bars)]]
    })
  }
  const curves = drawn.map(figure => curveOf(figure, measured)).filter(({ points }) => points.length > 0)
  const unit = drawn[0]?.unit ?? 'count'
  return curves.length === 0 ? [] : [[`${name}.svg`, curvesSvg({ title, unit }, curves)]]
}

function barsOf({ key }: Figure, { rounds }: Measured): Bar[] {
  return Object.keys(rounds).flatMap(label => {
    const spread = spreadOf(valuesOf(rounds, label, key))
    return spread === undefined ? [] : [{ label, spread }]
  })
}

/** The contenders are named by their numbers, `10,000 messages` say. */
function curveOf({ key, label }: Figure, { rounds }: Measured): Curve {
  const points = Object.keys(rounds).flatMap(name => {
    const spread = spreadOf(valuesOf(rounds, name, key))
    const x = Number(/^[\d,]+/.exec(name)?.[0].replaceAll(',', ''))
    return spread === undefined || Number.isNaN(x) ? [] : [{ x, spread }]
  })
  return { label, points }
}
