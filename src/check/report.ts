// The reports of checks, made into text: for a person, as JSON, and for a class as one table and CSV. Whatever came from
// a server has been made visible before; here it is only set out.
import type { InspectColor } from 'node:util'
import type { Report } from './check.ts'
import type { Finding } from './requirement.ts'
import { oneLine, visible } from './visible.ts'

/** Colours a text, or leaves it as it is where there are no colours. */
export type Paint = (format: InspectColor, text: string) => string

const colours = { pass: 'green', fail: 'red', advice: 'yellow', 'not run': 'gray' } as const
/** A trace of Python through a framework, or the last few clients. */
const consoleLinesMax = 12
const verdictWidth = 'not run  '.length

/** Everything about one server, for a person: a line a requirement, and below it what went wrong. */
export function textReport(report: Report, paint: Paint): string {
  const how = report.run === undefined ? '' : `, started with ${visible(report.run)}`
  const title = `${report.lab} at ${report.target}${how}`
  if (report.unreachable !== undefined) return `${title}\n\nNothing was checked: ${report.unreachable}\n`
  const judged = report.findings.filter(({ verdict }) => verdict !== 'not run')
  const lines = [...judged.flatMap(finding => findingLines(finding, paint)), ...notRunLine(report.findings, paint)]
  const more = report.beyondLeftOut && report.result === 'pass' ? ' With --beyond there is more to try.' : ''
  return `${title}\n\n${lines.join('\n')}\n${consoleText(report)}\n${paint(report.result === 'pass' ? 'green' : 'red', summary(report))}${more}\n`
}

/** The console of a program that failed: its own words often say why. */
function consoleText({ console }: Report): string {
  if (console === undefined || console.trim() === '') return ''
  const lines = console.trimEnd().split(/\r?\n/).slice(-consoleLinesMax)
  return `\nThe end of its console:\n${lines.map(line => `  | ${oneLine(line)}\n`).join('')}`
}

function findingLines(finding: Finding, paint: Paint): readonly string[] {
  const { verdict, says, failure, source } = finding
  const head = paint(colours[verdict], verdict.padEnd(verdictWidth))
  if (failure === undefined) return [`${head}${says}`]
  const { sent, came, expected, likely } = failure
  const indent = ' '.repeat(verdictWidth)
  const why = finding.level === 'required' ? 'asked by' : 'because'
  const rows = { sent, came, expected, [why]: source, likely }
  return [`${head}${says}`, ...Object.entries(rows).map(([name, text]) => `${indent}${name.padEnd(9)} ${text}`)]
}

/** One line for all that was not run, with their ids (--json has them one by one) and each reason once. */
function notRunLine(findings: readonly Finding[], paint: Paint): readonly string[] {
  const left = findings.filter(({ verdict }) => verdict === 'not run')
  if (left.length === 0) return []
  const reasons = [...new Set(left.map(({ because }) => because))].join('; ')
  const ids = left.map(({ id }) => id).join(', ')
  return [
    `${paint(colours['not run'], 'not run'.padEnd(verdictWidth))}${left.length} more (${ids}), because ${reasons}`,
  ]
}

export interface Counts {
  readonly required: number
  readonly pass: number
  readonly fail: number
  readonly notRun: number
  /** Required, but not to be seen from here: does not count. */
  readonly unseen: number
  readonly advice: number
}

export function countsOf({ findings }: Report): Counts {
  const required = findings.filter(({ level }) => level === 'required')
  return {
    required: required.length,
    pass: required.filter(({ verdict }) => verdict === 'pass').length,
    fail: required.filter(({ verdict }) => verdict === 'fail').length,
    notRun: required.filter(({ verdict, unseen }) => verdict === 'not run' && unseen === undefined).length,
    unseen: required.filter(({ unseen }) => unseen === true).length,
    advice: findings.filter(({ verdict }) => verdict === 'advice').length,
  }
}

function summary(report: Report): string {
  const { required, pass, fail, notRun, unseen, advice } = countsOf(report)
  const parts = [
    `${pass} of ${required} required pass`,
    ...(fail > 0 ? [`${fail} failed`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    ...(unseen > 0 ? [`${unseen} not seen`] : []),
    ...(advice > 0 ? [`advice: ${advice}`] : []),
  ]
  return `${report.result === 'pass' ? 'PASS' : 'FAIL'}: ${parts.join(', ')}.`
}

/** The shape of `--json`; docs/guides/check.md describes it. */
export function jsonReport(report: Report, name?: string): object {
  const { lab, target, run, result, unreachable, findings, console } = report
  return {
    ...(name !== undefined && { name }),
    lab,
    target,
    run,
    result,
    unreachable,
    counts: countsOf(report),
    findings,
    console,
  }
}

export interface NamedReport {
  readonly name: string
  readonly report: Report
}

/** A class: one line a server. */
export function classTable(reports: readonly NamedReport[], paint: Paint): string {
  const header = ['name', 'target', 'result', 'required', 'advice', 'what failed']
  const rows = reports.map(({ name, report }) => {
    const { required, pass, unseen, advice } = countsOf(report)
    const reached = report.unreachable === undefined
    const failed = reached ? failedIds(report).join(', ') : report.unreachable
    return [
      oneLine(name),
      report.target,
      report.result,
      reached ? `${pass} of ${required - unseen}` : '-',
      reached ? String(advice) : '-',
      failed,
    ]
  })
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)))
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const lines = rows.map((row, index) => paint(reports[index]?.report.result === 'pass' ? 'green' : 'red', lineOf(row)))
  return `${[lineOf(header), ...lines].join('\n')}\n`
}

const failedIds = ({ findings }: Report): readonly string[] =>
  findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)

/** The same class as CSV (RFC 4180): after the first columns one for each requirement, with its verdict. */
export function classCsv(reports: readonly NamedReport[]): string {
  const ids = [...new Set(reports.flatMap(({ report }) => report.findings.map(({ id }) => id)))]
  const header = ['name', 'lab', 'target', 'result', 'required', 'passed', 'failed', 'not run', 'advice', ...ids]
  const rows = reports.map(({ name, report }) => {
    const { required, pass, fail, notRun, unseen, advice } = countsOf(report)
    const verdicts = ids.map(id => report.findings.find(finding => finding.id === id)?.verdict ?? '')
    const numbers = [required - unseen, pass, fail, notRun, advice].map(String)
    return [name, report.lab, report.target, report.result, ...numbers, ...verdicts]
  })
  return [header, ...rows].map(row => `${row.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(raw: string): string {
  // A spreadsheet takes what begins like this for a formula.
  const text = /^[=+\-@\t\r]/.test(raw) ? `'${raw}` : raw
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
