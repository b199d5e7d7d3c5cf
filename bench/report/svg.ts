// Plots as SVG text, drawn from a run's data: bars with the range of the rounds, and curves over a logarithmic axis.
// They stand on light and dark pages alike, and say in their title and description what they show.
import type { Unit } from '../contract.ts'
import type { Spread } from '../stats.ts'
import { format } from './format.ts'

export interface Bar {
  readonly label: string
  readonly spread: Spread
}

export interface Curve {
  readonly label: string
  /** Ascending in x; all above 0. */
  readonly points: readonly { readonly x: number; readonly spread: Spread }[]
}

export interface Titles {
  readonly title: string
  readonly unit: Unit
}

const width = 720
const colours = ['#2f6fb0', '#c2571a', '#3c8d40', '#8a4fa3', '#8a6d1a', '#b03060']
const grey = '#808080'

/** Horizontal bars of the medians, with a line from minimum to maximum. */
export function barsSvg({ title, unit }: Titles, bars: readonly Bar[]): string {
  const left = 150
  const right = 110
  const rowHeight = 34
  const most = Math.max(...bars.map(({ spread }) => spread.max))
  const x = (value: number) => left + (value / most) * (width - left - right)
  const rows = bars.map(({ label, spread }, index) => {
    const y = 44 + index * rowHeight
    const middle = y + 10
    return [
      text(left - 8, middle + 4, label, 'end'),
      `<rect x="${left}" y="${y}" width="${near(x(spread.median) - left)}" height="20" fill="${colourOf(index)}"/>`,
      `<path d="M${near(x(spread.min))} ${middle}H${near(x(spread.max))}" stroke="${grey}" stroke-width="3"/>`,
      text(x(spread.max) + 8, middle + 4, format(spread.median, unit), 'start'),
    ].join('\n')
  })
  const described = bars.map(({ label, spread }) => `${label} ${format(spread.median, unit)}`).join(', ')
  return page(title, described, 56 + bars.length * rowHeight, rows.join('\n'))
}

/** Curves of the medians over x, which grows by tens; the axis of y begins at 0. */
export function curvesSvg({ title, unit }: Titles, curves: readonly Curve[]): string {
  const [left, right, top, bottom] = [90, 150, 50, 290]
  const points = curves.flatMap(curve => curve.points)
  const [least, greatest] = [Math.min(...points.map(one => one.x)), Math.max(...points.map(one => one.x))]
  const most = Math.max(...points.map(({ spread }) => spread.max))
  const span = Math.log10(greatest) - Math.log10(least) || 1
  const x = (value: number) => left + ((Math.log10(value) - Math.log10(least)) / span) * (width - left - right)
  const y = (value: number) => bottom - (value / most) * (bottom - top)
  const xs = [...new Set(points.map(one => one.x))]
  const axis = [
    ...xs.map(value => text(x(value), bottom + 20, value.toLocaleString('en-US'), 'middle')),
    ...[0, 0.5, 1].map(
      share =>
        `<path d="M${left} ${near(y(share * most))}H${width - right}" stroke="${grey}" stroke-width="0.5"/>\n` +
        text(left - 8, y(share * most) + 4, format(share * most, unit), 'end'),
    ),
  ]
  const lines = curves.map((curve, index) => curveOf(curve, colourOf(index), x, y))
  const labels = apart(curves.map(({ points: own }) => y(own.at(-1)?.spread.median ?? 0)))
  const legend = curves.map(({ label }, index) =>
    text(width - right + 10, (labels[index] ?? 0) + 4, label, 'start', colourOf(index)),
  )
  const described = curves
    .map(
      ({ label, points: own }) =>
        `${label}: ${own.map(point => `${point.x} ${format(point.spread.median, unit)}`).join(', ')}`,
    )
    .join('; ')
  return page(title, described, bottom + 40, [...axis, ...lines, ...legend].join('\n'))
}

function curveOf(
  { points }: Curve,
  colour: string,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const way = points.map(point => `${near(x(point.x))} ${near(y(point.spread.median))}`).join('L')
  const ranges = points.map(
    ({ x: at, spread }) =>
      `<path d="M${near(x(at))} ${near(y(spread.min))}V${near(y(spread.max))}" stroke="${colour}" stroke-width="2" opacity="0.5"/>`,
  )
  return [`<path d="M${way}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...ranges].join('\n')
}

/** Heights of labels, moved so that none lies on another. */
function apart(heights: readonly number[]): readonly number[] {
  const placed: number[] = [...heights]
  const order = heights.map((_, index) => index).toSorted((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0))
  for (const [place, index] of order.entries()) {
    const above = placed[order[place - 1] ?? -1]
    if (above !== undefined) placed[index] = Math.max(placed[index] ?? 0, above + 16)
  }
  return placed
}

function page(title: string, description: string, height: number, inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13">
<title id="t">${escape(title)}</title>
<desc id="d">${escape(description)}</desc>
<style>text { fill: #24292f } @media (prefers-color-scheme: dark) { text { fill: #d0d7de } }</style>
<text x="12" y="24" font-size="15" font-weight="600">${escape(title)}</text>
${inside}
</svg>
`
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', fill?: string): string {
  const style = fill === undefined ? '' : ` style="fill: ${fill}"`
  return `<text x="${near(x)}" y="${near(y)}" text-anchor="${anchor}"${style}>${escape(content)}</text>`
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? grey
}

function near(value: number): string {
  return value.toFixed(1)
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
