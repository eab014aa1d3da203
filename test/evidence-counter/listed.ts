/** The comparison as a reader wants it: a row of the table, and the disagreements with a few places of each. */
import type { Answer, Compared } from './compare.ts'
import type { Counted } from './count.ts'

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`)

export function rowOf(
  name: string,
  since: string | undefined,
  counted: Counted,
  answer: Answer,
  compared: Compared,
): string {
  const { own, ids, lines } = counted
  const { ownFound, otherFound, otherOnly, idsFound, invented } = compared
  const gitLines = lines.reduce((sum, it) => sum + it.lines, 0)
  const cells = [
    `${name}${since === undefined ? '' : ` ${since}..`}`,
    counted.range.size,
    `${own.size} / ${ownFound} / ${percent(ownFound, own.size)}`,
    `${otherOnly} / ${otherFound}`,
    `${ids.size} / ${idsFound}`,
    `${invented.commits}, ${invented.ids}`,
    `${answer.sessions.reduce((sum, it) => sum + it.added, 0)} / ${gitLines}`,
    `${answer.seconds.toFixed(1)} (${answer.cpuSeconds.toFixed(1)}), ${answer.megabytes.toFixed(0)}`,
  ]
  return `| ${cells.join(' | ')} |`
}

export function listed(counted: Counted, answer: Answer, compared: Compared): string {
  const { squashes, checkpoints, wrongNotes, seconds } = counted
  const facts = [
    `commits: ours ${answer.commits.total}, claimed ${answer.commits.claimed}; counter ${counted.range.size} in ${seconds.toFixed(1)} s`,
    `squashes proved ${squashes.proved}, hinted and not ${squashes.unproved}; checkpoints ${checkpoints.named}, found ${checkpoints.found}`,
    `notes that do not count: ${JSON.stringify(Object.fromEntries(wrongNotes))}`,
    `ours: lines ${JSON.stringify(answer.lines)}, ids ${compared.productIds}, findings ${JSON.stringify(answer.findings)}`,
    ...answer.readers.map(({ reader, outcome, detail }) => `reader ${reader}: ${outcome} ${detail ?? ''}`),
    ...answer.notes.map((note) => `note: ${note}`),
  ]
  const rows = compared.differences.flatMap(({ what, form, places }) => [
    `${places.length} × ${what}: ${form}`,
    ...places.slice(0, 4).map(({ commit, line }) => `    ${commit.slice(0, 12)} ${line.slice(0, 160)}`),
  ])
  return [...facts, '', ...rows].join('\n')
}
