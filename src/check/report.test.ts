import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Report } from './check.ts'
import { classCsv, classTable, countsOf, textReport } from './report.ts'
import type { Finding } from './requirement.ts'

const failure = { sent: 'a', came: 'b', expected: 'c', likely: 'd' }
const base = { says: 'it works', source: 'the lab', level: 'required' } as const
const findings: readonly Finding[] = [
  { ...base, id: 'one', verdict: 'pass' },
  { ...base, id: 'two', verdict: 'fail', failure },
  { ...base, id: 'three', verdict: 'not run', because: 'two failed' },
  { ...base, id: 'four', verdict: 'not run', because: 'it is not seen', unseen: true },
  { ...base, id: 'five', level: 'advice', verdict: 'advice', failure },
  { ...base, id: 'six', level: 'advice', verdict: 'not run', because: 'two failed' },
]
const report: Report = { lab: 'echo1', target: 'host:1', result: 'fail', findings, beyondLeftOut: true }
const plain = (_: unknown, text: string): string => text

test('only what is required is counted as required, and what was not seen for itself', () => {
  assert.deepEqual(countsOf(report), { required: 4, pass: 1, fail: 1, notRun: 1, unseen: 1, advice: 1 })
  assert.match(textReport(report, plain), /^FAIL: 1 of 4 required pass, 1 failed, 1 not run, 1 not seen, advice: 1\.$/m)
})

test('a failure is told in full', () => {
  const rows = [
    'fail     it works',
    '  sent      a',
    '  came      b',
    '  expected  c',
    '  asked by  the lab',
    '  likely    d',
  ]
  for (const row of rows) assert.ok(textReport(report, plain).includes(row), row)
})

test('a name from the file can neither break the table nor become a formula in the CSV', () => {
  const csv = classCsv([{ name: '=HYPERLINK("x"),\n', report }])
  assert.equal(
    csv.split('\r\n')[1],
    `"'=HYPERLINK(""x""),\n",echo1,host:1,fail,3,1,1,1,1,pass,fail,not run,not run,advice,not run`,
  )
  const table = classTable([{ name: 'a\n\u001B[2J', report }], plain)
  assert.equal(table.split('\n').length, 3)
  assert.match(table, /a\\n\\x1b\[2J/)
})

test('in a class each requirement of any server has its column', () => {
  const other: Report = {
    lab: 'echo1',
    target: 'host:2',
    result: 'nothing checked',
    unreachable: 'no way',
    findings: [],
    beyondLeftOut: false,
  }
  const [header, first, second] = classCsv([
    { name: 'b', report: other },
    { name: 'a', report },
  ]).split('\r\n')
  assert.match(header ?? '', /,one,two,three,four,five,six$/)
  assert.match(first ?? '', /^b,echo1,host:2,nothing checked,0,0,0,0,0,,,,,,$/)
  assert.match(second ?? '', /^a,/)
})
