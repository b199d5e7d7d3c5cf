// Rows of spans as Ink's elements. `h` stands for JSX: Node strips types but transforms nothing, so elements are made by
// calls. Nothing is decided here.
import { Box, Text, type TextProps } from 'ink'
import { createElement as h, memo, type ReactNode } from 'react'
import type { Row, Tone } from '../model/rows.ts'

/** How each tone looks. The sixteen colours of the terminal's own palette: legible on its background, light or dark. */
export type Theme = Readonly<Record<Tone, Omit<TextProps, 'children'>>>

const plainTheme: Theme = {
  plain: {},
  strong: { bold: true },
  dim: { dimColor: true },
  accent: { bold: true },
  good: {},
  bad: { bold: true },
  new: { bold: true },
  chosen: { inverse: true },
  name0: { bold: true },
  name1: { bold: true },
  name2: { bold: true },
  name3: { bold: true },
  name4: { bold: true },
  name5: { bold: true },
}

const colourTheme: Theme = {
  ...plainTheme,
  accent: { color: 'cyan', bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  new: { color: 'yellow', bold: true },
  name0: { color: 'cyan', bold: true },
  name1: { color: 'green', bold: true },
  name2: { color: 'magenta', bold: true },
  name3: { color: 'yellow', bold: true },
  name4: { color: 'blue', bold: true },
  name5: { color: 'red', bold: true },
}

export function themeFor(hasColours: boolean): Theme {
  return hasColours ? colourTheme : plainTheme
}

interface RowsProps {
  readonly rows: readonly Row[]
  readonly width: number
  readonly theme: Theme
}

/** Rows of one part of the screen, one below the other. */
export function Rows({ rows, width, theme }: RowsProps): ReactNode {
  return h(
    Box,
    { flexDirection: 'column', width, flexShrink: 0, height: rows.length, overflow: 'hidden' },
    rows.map((row, index) => h(RowView, { key: index, row, theme })),
  )
}

// A row that did not change is the same value: most of the screen is not drawn again.
const RowView = memo(function RowView({ row, theme }: { readonly row: Row; readonly theme: Theme }): ReactNode {
  const spans = row.map(({ text, tone }, index) => h(Text, { key: index, ...theme[tone] }, text))
  return h(Box, { height: 1, flexShrink: 0 }, h(Text, { wrap: 'truncate-end' }, spans.length === 0 ? ' ' : spans))
})
