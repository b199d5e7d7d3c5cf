// The form of a sign-in or a registration, as a value: its fields, where one is, what went wrong. Pure. A password is in
// it as long as it is needed, and never in what is shown.
import * as says from '../../protocol/texts/terminal.ts'
import { printableLine } from '../../terminal/printable.ts'
import { composed } from './composer.ts'
import type { Stroke } from './keys.ts'
import * as line from './line.ts'
import type { Row } from './rows.ts'
import { fit, pad, wrap } from './widths.ts'

export type Field = keyof typeof says.signInFields

export interface Form {
  readonly isNew: boolean
  /** The server wants an invite. */
  readonly asksInvite: boolean
  readonly fields: Readonly<Record<Field, line.Line>>
  readonly focus: Field
  /** What went wrong: received text, perhaps. */
  readonly trouble: string | undefined
  readonly isBusy: boolean
}

export function formOf(server: string, name: string, trouble?: string): Form {
  const fields = {
    server: line.lineOf(server),
    name: line.lineOf(name),
    password: line.emptyLine,
    again: line.emptyLine,
    invite: line.emptyLine,
  }
  const focus = name === '' ? (server === '' ? 'server' : 'name') : 'password'
  return { isNew: false, asksInvite: false, fields, focus, trouble, isBusy: false }
}

/** The fields that are asked for, in their order. */
export function fieldsOf({ isNew, asksInvite }: Form): readonly Field[] {
  if (!isNew) return ['server', 'name', 'password']
  return asksInvite ? ['server', 'name', 'password', 'again', 'invite'] : ['server', 'name', 'password', 'again']
}

export function valueOf(form: Form, field: Field): string {
  return form.fields[field].text
}

const edits: Readonly<Record<string, (one: line.Line) => line.Line>> = {
  left: line.left,
  right: line.right,
  home: line.home,
  end: line.end,
  'ctrl-a': line.home,
  'ctrl-e': line.end,
  backspace: line.eraseBack,
  delete: line.eraseForward,
  'ctrl-u': line.cutToStart,
  'ctrl-k': line.cutToEnd,
  'ctrl-w': line.cutSpacedWordBack,
}

/** The form after a stroke; `submit` where it is complete and Enter was pressed in its last field. */
export function pressed(form: Form, stroke: Stroke): Form | 'submit' {
  // A password that is pasted from a manager often has a line end behind it.
  if (stroke.is === 'text') return edited(form, one => line.insert(one, stroke.text.replace(/[\r\n]+/g, '')))
  const { key } = stroke
  if (key === 'enter') return entered(form)
  if (key === 'tab' || key === 'down') return { ...form, focus: neighbour(form, 1) }
  if (key === 'shift-tab' || key === 'up') return { ...form, focus: neighbour(form, -1) }
  if (key === 'ctrl-n') return turned({ ...form, isNew: !form.isNew, trouble: undefined })
  const edit = edits[key]
  return edit === undefined ? form : edited(form, edit)
}

function edited(form: Form, by: (one: line.Line) => line.Line): Form {
  // What is cut out of a password must not be there to be pasted elsewhere.
  const after = { ...by(form.fields[form.focus]), cut: '' }
  return { ...form, fields: { ...form.fields, [form.focus]: after }, trouble: undefined }
}

function turned(form: Form): Form {
  return fieldsOf(form).includes(form.focus) ? form : { ...form, focus: 'password' }
}

function neighbour(form: Form, by: number): Field {
  const fields = fieldsOf(form)
  const at = fields.indexOf(form.focus)
  return fields[(at + by + fields.length) % fields.length] ?? 'name'
}

function entered(form: Form): Form | 'submit' {
  const fields = fieldsOf(form)
  if (form.focus !== fields.at(-1)) return { ...form, focus: neighbour(form, 1) }
  const empty = fields.find(field => valueOf(form, field).trim() === '')
  if (empty !== undefined) return { ...form, focus: empty, trouble: says.stillEmpty(says.signInFields[empty]) }
  if (form.isNew && valueOf(form, 'password') !== valueOf(form, 'again')) {
    return { ...form, focus: 'again', trouble: says.passwordsDiffer }
  }
  return 'submit'
}

export interface FormFrame {
  readonly rows: readonly Row[]
  readonly caret: { readonly x: number; readonly y: number }
}

/** Columns of the form, where there are as many. */
const formWidth = 60

/** Columns of the fields' names. */
const labelWidth = 12

/** The form in the middle of a screen. */
export function formFrame(form: Form, size: { readonly columns: number; readonly rows: number }): FormFrame {
  const width = Math.max(24, Math.min(formWidth, size.columns - 4))
  const left = Math.max(0, Math.floor((size.columns - width) / 2))
  const fields = fieldsOf(form)
  const rows: Row[] = [
    [
      { text: 'Hullo', tone: 'accent' },
      { text: `  ${form.isNew ? says.registerTitle : says.signInTitle}`, tone: 'strong' },
    ],
    [{ text: '─'.repeat(width), tone: 'dim' }],
    ...fields.map(field => fieldRow(form, field, width)),
    [{ text: '─'.repeat(width), tone: 'dim' }],
    ...troubleRows(form, width),
    ...(form.isNew ? says.registerKeys : says.signInKeys).map((text): Row => [{ text: fit(text, width), tone: 'dim' }]),
  ]
  const top = Math.max(0, Math.floor((size.rows - rows.length) / 3))
  const placed = [
    ...Array.from({ length: top }, (): Row => []),
    ...rows.map((row): Row => [{ text: ' '.repeat(left), tone: 'plain' }, ...row]),
  ]
  const shown = placed.slice(0, size.rows)
  const isHidden = isSecret(form.focus)
  const column = isHidden ? 0 : shownField(form, form.focus, width).caret.column
  const caret = { x: left + labelWidth + column, y: top + 2 + fields.indexOf(form.focus) }
  return { rows: [...shown, ...Array.from({ length: Math.max(0, size.rows - shown.length) }, (): Row => [])], caret }
}

function isSecret(field: Field): boolean {
  return field === 'password' || field === 'again'
}

function fieldRow(form: Form, field: Field, width: number): Row {
  const isHere = form.focus === field
  const label: Row[number] = { text: pad(says.signInFields[field], labelWidth), tone: isHere ? 'strong' : 'dim' }
  if (!isSecret(field)) return [label, { text: shownField(form, field, width).rows[0] ?? '', tone: 'plain' }]
  return [label, { text: valueOf(form, field) === '' ? '' : says.typedHidden, tone: 'dim' }]
}

function shownField(form: Form, field: Field, width: number) {
  return composed(form.fields[field], width - labelWidth, 1)
}

function troubleRows({ trouble, isBusy }: Form, width: number): readonly Row[] {
  if (isBusy) return [[{ text: `${says.oneMoment}…`, tone: 'dim' }], []]
  if (trouble === undefined) return []
  return [...wrap(printableLine(trouble), width).map((text): Row => [{ text, tone: 'bad' }]), []]
}
