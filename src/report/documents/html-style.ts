/** How the HTML document looks: on paper like on a screen, and with its words alone as without its colours. */

/** Text on its ground: at least 4.5 : 1 each (WCAG 2.2, 1.4.3), which the browser's tests hold. */
const light = {
  ground: '#ffffff',
  raised: '#f6f8fa',
  text: '#1b1f24',
  faint: '#57606a',
  line: '#d5dbe1',
  pass: '#116329',
  'pass-ground': '#dcf5e3',
  fail: '#a40e26',
  'fail-ground': '#ffe9e7',
  warn: '#744500',
  'warn-ground': '#fff3c9',
  waive: '#5b32a8',
  'waive-ground': '#f3eafe',
  skip: '#4c5661',
  'skip-ground': '#e9edf1',
}

const dark: typeof light = {
  ground: '#0f1318',
  raised: '#171c23',
  text: '#e4e9ee',
  faint: '#9aa4af',
  line: '#323a44',
  pass: '#6fdc8c',
  'pass-ground': '#12301c',
  fail: '#ff9d9a',
  'fail-ground': '#43151a',
  warn: '#ecc15c',
  'warn-ground': '#3a2c08',
  waive: '#cfb2ff',
  'waive-ground': '#2c1e4a',
  skip: '#aab4be',
  'skip-ground': '#252c35',
}

/** What the name of a variable begins with. */
const mark = '-'.repeat(2)

function variables(colours: typeof light): string {
  return Object.entries(colours)
    .map(([name, value]) => `${mark}${name}: ${value}`)
    .join('; ')
}

const kinds = ['pass', 'fail', 'warn', 'waive', 'skip']

/** `$name` stands for a variable. */
const rules = [
  `:root { color-scheme: light dark; ${variables(light)} }`,
  `@media screen and (prefers-color-scheme: dark) { :root { ${variables(dark)} } }`,
  '* { box-sizing: border-box } html { font-size: 15px }',
  'body { overflow-wrap: anywhere; margin: 0 auto; max-width: 76rem; padding: 1.25rem clamp(.75rem, 3vw, 2rem) 3rem; background: $ground; color: $text; font: 1rem/1.5 system-ui, sans-serif; -webkit-text-size-adjust: 100% }',
  'h1, h2, h3, h4, p, dl, dd { margin: 0 }',
  'h2 { font-size: 1.25rem; line-height: 1.3; display: flex; flex-wrap: wrap; gap: .3rem .6rem; align-items: baseline }',
  'h3 { font-size: 1rem; margin: 1.75rem 0 .4rem }',
  'h4 { font-size: .9rem; margin: 1rem 0 .3rem; color: $faint }',
  // Letters that are written from the right do not move what stands beside them.
  'code { font: .92em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; unicode-bidi: isolate }',
  '.banner { border-inline-start: .5rem solid; border-radius: .3rem; padding: 1rem 1.25rem; margin-bottom: 1.5rem }',
  '.banner h1 { font-size: 1.6rem; line-height: 1.25; display: flex; flex-wrap: wrap; gap: .1rem .75rem; align-items: baseline }',
  '.banner h1 code { font-weight: 600; font-size: .85em; color: $text }',
  '.banner p { color: $text; margin-top: .35rem; max-width: 60rem }',
  '.outcome { white-space: nowrap; letter-spacing: .02em }',
  '.chip { display: inline-block; white-space: nowrap; border-radius: .25rem; padding: 0 .45rem; font-size: .85rem; font-weight: 600; line-height: 1.6 }',
  ...kinds.map((it) => `.${it} { color: $${it}; background: $${it}-ground }`),
  '.faint { color: $faint }',
  'article { border-top: 2px solid $line; padding-top: 1.25rem; margin-top: 2rem }',
  'header + article { border-top: 0; margin-top: 0; padding-top: 0 } header + article > .reason { display: none }',
  'dl { display: grid; grid-template-columns: minmax(6.5rem, max-content) minmax(0, 1fr); gap: .15rem 1rem; margin-top: .5rem }',
  'dt { color: $faint } dd { overflow-wrap: anywhere }',
  'table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin-top: .25rem }',
  'caption { text-align: start; color: $faint; padding-bottom: .25rem }',
  'th, td { border-bottom: 1px solid $line; padding: .35rem 1rem .35rem 0; text-align: start; vertical-align: top; overflow-wrap: anywhere; font-weight: inherit }',
  'th:last-child, td:last-child { padding-inline-end: 0 }',
  'thead th { color: $faint; font-size: .85rem; font-weight: 600; border-bottom-color: $faint; overflow-wrap: normal }',
  '.checks { table-layout: fixed } .checks .c0 { width: 6.5rem } .artifacts .c0 { width: 8.5rem } .checks th .small { display: block } .checks .c1 { width: 24% } .checks .c3 { width: 26% }',
  '.number { text-align: end }',
  '.seen { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); gap: 0 .5rem }',
  '.seen > :nth-child(odd), .small { color: $faint; font-size: .87rem }',
  '.more { color: $faint; margin-top: .4rem }',
  'footer { border-top: 1px solid $line; margin-top: 2.5rem; padding-top: .75rem; color: $faint; font-size: .87rem }',
  // A row is a card, its cells with their names: nothing has to be pushed aside to be read.
  '@media screen and (max-width: 44rem) {',
  '.banner { padding: .85rem 1rem } .banner h1 { font-size: 1.35rem }',
  'dl { grid-template-columns: minmax(0, 1fr); gap: 0 } dd + dt { margin-top: .35rem } dt { font-size: .87rem }',
  'thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%) }',
  'table, tbody, tr, td, tbody th { display: block } table { table-layout: auto }',
  'tr { border: 1px solid $line; border-radius: .3rem; padding: .5rem .75rem; margin-top: .5rem; background: $raised }',
  'td, tbody th { border: 0; padding: .1rem 0 } .number { text-align: start }',
  'td[data-name]::before, th[data-name]::before { content: attr(data-name); color: $faint; font-size: .87rem; display: inline-block; min-width: 5rem; padding-inline-end: .5rem }',
  '.checks .c0, .checks .c1, .checks .c2, .checks .c3 { width: auto } .checks .c0::before, .checks .c1::before, .checks .c2:has(.seen)::before { content: none !important } td:empty { display: none }',
  '}',
  '@page { size: A4; margin: 14mm }',
  '@media print {',
  'html { font-size: 9.5pt } body { max-width: none; padding: 0; line-height: 1.4 }',
  '.banner, .chip { print-color-adjust: exact; -webkit-print-color-adjust: exact }',
  'h1, h2, h3, h4, caption, thead { break-after: avoid } tr, .banner, dt, dd { break-inside: avoid }',
  'h3 { margin-top: 1.1rem } a { color: inherit; text-decoration: none }',
  '}',
  'a { color: inherit }',
]

export const css = rules.join('\n').replace(/\$([a-z-]+)/g, `var(${mark}$1)`)
