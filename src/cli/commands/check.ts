// `hullo check LAB TARGET`: checks a server of one's own, in whatever language, against one of the two labs. Exit code 0:
// all that is required holds; 1: something does not; 2: nothing was checked (usage, target not reachable); 130: stopped.
import { readFile, stat, writeFile } from 'node:fs/promises'
import { styleText } from 'node:util'
import { Command } from 'commander'
import { type CheckOptions, checkServer, type Report } from '../../check/check.ts'
import { classCsv, classTable, jsonReport, type NamedReport, type Paint, textReport } from '../../check/report.ts'
import {
  type Lab,
  labs,
  type NamedTarget,
  parseLab,
  parseTarget,
  parseTargets,
  UsageError,
} from '../../check/target.ts'
import * as checkTexts from '../../protocol/texts/check.ts'
import { endIfStalled } from '../../terminal/stalled-output.ts'

interface Flags {
  readonly run?: string
  readonly beyond?: true
  readonly json?: true
  readonly targets?: string
  readonly csv?: string
  readonly timeout: string
}

/** More at once would disturb a class's network, and this machine's own sense of time. */
const atOnceMax = 4
/** 1,000 targets with long names. */
const targetsFileBytesMax = 256 * 1024

const exitCodes = { pass: 0, fail: 1, 'nothing checked': 2 } as const
const stoppedExitCode = 130

export function checkCommand(): Command {
  const command = new Command('check')
    .description(checkTexts.check)
    .argument('<lab>', labs.join(', '))
    .argument('[target]', checkTexts.target)
    .option('--run <command>', checkTexts.run)
    .option('--beyond', checkTexts.beyond)
    .option('--json', checkTexts.json)
    .option('--targets <file>', checkTexts.targets)
    .option('--csv <file>', checkTexts.csv)
    .option('--timeout <seconds>', checkTexts.timeout, '5')
    .addHelpText('after', `\n${checkTexts.exitCodes}`)
    .action(check)
  // A mistake in the call is not a failed check.
  const error = command.error.bind(command)
  command.error = (message, options) => error(message, { ...options, exitCode: exitCodes['nothing checked'] })
  return command
}

async function check(labName: string, rawTarget: string | undefined, flags: Flags): Promise<void> {
  using stop = onStop()
  try {
    const lab = parseLab(labName)
    const options = { ...checkOptions(flags), signal: stop.signal }
    if (flags.targets !== undefined) process.exitCode = await checkClass(lab, rawTarget, flags, options)
    else process.exitCode = await checkOne(lab, rawTarget, flags, options)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`hullo check: ${error.message}\n`)
    process.exitCode = exitCodes['nothing checked']
  }
  if (stop.signal.aborted) process.exitCode = stoppedExitCode
}

/** Ctrl-C and a polite end: what was seen so far is told, and a program that was started is stopped. */
function onStop() {
  const controller = new AbortController()
  const abort = () => controller.abort(checkTexts.stopped)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  // Also a second time, which a Ctrl-C may bring: the program that was started must not be left behind.
  for (const signal of signals) process.on(signal, abort)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      // The same Ctrl-C may arrive again while the command ends: without a listener it would end it by the signal.
      if (!controller.signal.aborted) for (const signal of signals) process.off(signal, abort)
      else endIfStalled()
    },
  }
}

function checkOptions(flags: Flags): CheckOptions {
  const seconds = Number(flags.timeout)
  if (!(seconds >= 0.1 && seconds <= 60)) throw new UsageError(checkTexts.timeoutRange(flags.timeout))
  return { timeoutMs: seconds * 1000, beyond: flags.beyond ?? false, run: flags.run }
}

async function checkOne(lab: Lab, raw: string | undefined, flags: Flags, options: CheckOptions): Promise<number> {
  if (raw === undefined) throw new UsageError(checkTexts.whichServer)
  if (flags.csv !== undefined) throw new UsageError(checkTexts.csvAlone)
  const report = await checkServer(parseTarget(lab, raw), options)
  process.stdout.write(flags.json ? toJson(jsonReport(report)) : textReport(report, paint))
  return exitCodes[report.result]
}

async function checkClass(lab: Lab, raw: string | undefined, flags: Flags, options: CheckOptions): Promise<number> {
  if (raw !== undefined) throw new UsageError(checkTexts.notBoth)
  if (flags.run !== undefined) throw new UsageError(checkTexts.runOfClass)
  const targets = parseTargets(lab, await readTargets(flags.targets ?? ''))
  const reports = await checkAll(targets, options)
  if (flags.json) process.stdout.write(toJson(reports.map(({ name, report }) => jsonReport(report, name))))
  else process.stdout.write(classTable(reports, paint))
  if (flags.csv !== undefined) await writeFile(flags.csv, classCsv(reports))
  else if (!flags.json) process.stdout.write(`\n${classCsv(reports)}`)
  return classExitCode(reports.map(({ report }) => report))
}

async function readTargets(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > targetsFileBytesMax) throw new UsageError(checkTexts.fileLong(path, size, targetsFileBytesMax))
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(checkTexts.fileUnreadable(path, (error as Error).message))
  }
}

/** A few at a time, in the order of the file. */
async function checkAll(targets: readonly NamedTarget[], options: CheckOptions): Promise<readonly NamedReport[]> {
  const reports: NamedReport[] = []
  const waiting = targets.entries()
  async function work(): Promise<void> {
    for (const [index, { name, target }] of waiting) {
      reports[index] = { name, report: await checkServer(target, options) }
      if (process.stderr.isTTY) process.stderr.write(`${name}: ${reports[index].report.result}\n`)
    }
  }
  await Promise.all(Array.from({ length: atOnceMax }, work))
  return reports
}

function classExitCode(reports: readonly Report[]): number {
  const worst = (['fail', 'nothing checked', 'pass'] as const).find(each =>
    reports.some(({ result }) => result === each),
  )
  return exitCodes[worst ?? 'nothing checked']
}

const paint: Paint = (format, text) => styleText(format, text, { stream: process.stdout })
const toJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
