/** Verdicts as one HTML file: no script, nothing that it loads, and a policy that forbids both. It prints as it stands. */
import { htmlHead } from '../html-head.ts'
import type { Verdict } from '../../model/verdict.ts'
import { checkRows, countRows, countWords } from '../check-rows.ts'
import type { Style } from '../style.ts'
import { newHeldParts } from './document.ts'
import type { VerdictDocument } from './document.ts'
import { chip, html, kindOf, outcomeText, outside, table } from './html-parts.ts'
import type { Html } from './html-parts.ts'
import { css } from './html-style.ts'
import { reasonHtml, verdictHtml } from './html-verdict.ts'

/** Whoever gets a style or a script in all the same gets nothing by it: the one style is known by its digest. */
/** What does not pass comes first. */
const order = { fail: 0, undecided: 1, pass: 2 } as const

export function newHtml(style: Style, version: string): VerdictDocument {
  const parts = newHeldParts('rows', 'verdicts')
  const counts = { pass: 0, fail: 0, undecided: 0 }
  let only: Verdict | undefined
  return {
    add(verdict) {
      counts[verdict.outcome] += 1
      const total = counts.pass + counts.fail + counts.undecided
      only = total === 1 ? verdict : undefined
      const id = `verdict-${total}`
      const row = [
        chip(verdict.outcome),
        `<a href="#${id}">${outside(verdict.artifact.name)}</a>`,
        reasonHtml(verdict),
        html(countWords(countRows(checkRows(verdict)))),
      ]
      parts.add('rows', JSON.stringify([order[verdict.outcome], row]))
      parts.add('verdicts', verdictHtml(verdict, id, style))
    },
    end() {
      const { verdicts, ...held } = parts.all()
      const rows = held.rows
        .map((it) => JSON.parse(it) as readonly [number, Html[]])
        .toSorted(([a], [b]) => a - b)
        .map(([, row]) => row)
      const outcome = outcomeOf(counts)
      const words = `${counts.pass} pass, ${counts.fail} fail, ${counts.undecided} undecided`
      const title = `${outcome.toUpperCase()} ${only?.artifact.name ?? words}`
      const reason = only === undefined ? '' : reasonHtml(only)
      return [
        ...htmlHead(html(title), css),
        '<body>',
        '<main>',
        `<header class="banner ${kindOf(outcome)}">`,
        `<h1><span class="outcome">${outcomeText(outcome)}</span> ${only === undefined ? html(words) : outside(only.artifact.name)}</h1>`,
        ...(reason === '' ? [] : [`<p>${reason}</p>`]),
        '</header>',
        ...(only === undefined && rows.length > 0
          ? [
              '<h2>Artifacts</h2>',
              table(['Outcome', 'Artifact', 'Why', 'Checks'], rows, {
                header: 1,
                kind: 'checks artifacts',
                noun: 'artifacts',
              }),
            ]
          : []),
        ...verdicts,
        '</main>',
        `<footer>Countersign ${html(version)}. This file shows one or more verdicts, loads nothing and runs nothing.</footer>`,
        '</body>',
        '</html>',
        '',
      ].join('\n')
    },
  }
}

/** The worst of them, as the exit code has it; none at all is no pass. */
function outcomeOf({
  pass,
  fail,
  undecided,
}: { readonly [outcome in Verdict['outcome']]: number }): Verdict['outcome'] {
  if (fail > 0) return 'fail'
  if (undecided > 0) return 'undecided'
  return pass > 0 ? 'pass' : 'fail'
}
