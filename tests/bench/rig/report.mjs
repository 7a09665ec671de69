// Tables in Markdown, a bar chart in SVG, and their place in docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs'

export const number = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value >= 10 ? value.toFixed(1) : value.toFixed(2)

export const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell)).join(' | ')} |`)
    .join('\n')

const isMeasured = (bar) => bar.value !== undefined

/** Horizontal bars, one group a row: [{ name, bars: [{ label, value }] }]; a bar without a value is left out. */
export function chart(title, measured) {
  const groups = measured.map((group) => ({ ...group, bars: group.bars.map((bar, i) => ({ ...bar, colour: i })).filter(isMeasured) }))
  const legend = measured[0].bars
  const most = Math.max(...groups.flatMap((group) => group.bars.map((bar) => bar.value)))
  const colours = ['#1f5f8b', '#5a9bd4', '#b5d3ec']
  const [left, width, barHeight] = [210, 460, 14]
  let y = 40
  const parts = []
  for (const group of groups) {
    parts.push(`<text x="${left - 8}" y="${y + (group.bars.length * barHeight) / 2 + 4}" text-anchor="end">${group.name}</text>`)
    group.bars.forEach((bar) => {
      const length = Math.max(1, (bar.value / most) * width)
      parts.push(`<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 2}" fill="${colours[bar.colour % 3]}"/>`)
      parts.push(`<text x="${(left + length + 4).toFixed(1)}" y="${y + 10}" class="value">${number(bar.value)}</text>`)
      y += barHeight
    })
    y += 10
  }
  const labels = legend.map((bar, i) =>
    `<rect x="${left + i * 150}" y="${y + 4}" width="10" height="10" fill="${colours[i % 3]}"/>` +
    `<text x="${left + i * 150 + 15}" y="${y + 13}">${bar.label}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${y + 28}" role="img" aria-label="${title}">
<style>text{font:12px sans-serif;fill:#222}.value{font-size:10px}.title{font-weight:bold;font-size:13px}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="22" class="title">${title}</text>
${parts.join('\n')}
${labels.join('\n')}
</svg>
`
}

const begin = '<!-- measured: begin (written by tests/bench/run) -->'
const end = '<!-- measured: end -->'

/** What stands before, between and behind the markers of a document. */
function partsOf(file) {
  const document = readFileSync(file, 'utf8')
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} has no markers`)
  return [document.slice(0, from + begin.length), document.slice(from + begin.length, to), document.slice(to)]
}

const titleOf = (chapter) => chapter.slice(0, chapter.indexOf('\n'))

/** Puts a chapter between the markers of a document, in the order of `titles`; its others stay as they are. */
export function replaceMeasured(file, head, titles, chapter) {
  const [before, measured, behind] = partsOf(file)
  const kept = measured.split(/^(?=### )/m).slice(1).map((text) => text.trim())
  const all = new Map([...kept, chapter].map((text) => [titleOf(text), text]))
  const inOrder = titles.map((title) => all.get(`### ${title}`)).filter(Boolean)
  writeFileSync(file, [before, head, ...inOrder, behind].join('\n\n'))
}
