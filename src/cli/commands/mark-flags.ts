/** The flags that say what the forge is told of a change, and what a person is told of that. */
import type { Command } from 'commander'
import type { GateReport, MarksRequest } from '../../gate.ts'

type Marks = Omit<MarksRequest, 'world'>

/** The flags as commander gives them. */
export interface MarkFlags {
  readonly setLabels?: true
  readonly checkRun?: true
  readonly forgeApi?: string
}

/** Adds them. */
export function withMarkOptions(command: Command): Command {
  return command
    .option(
      '--set-labels',
      'give the request the labels that the report names, and take away those of ours that it does not',
    )
    .option(
      '--check-run',
      'set a check run (GitHub), a commit status (GitLab) or a report (Bitbucket) for the last commit',
    )
}

/** Undefined where none is asked for. */
export function marksRequest({ setLabels, checkRun, forgeApi }: MarkFlags): Marks | undefined {
  const marks = [
    ...(setLabels === undefined ? [] : (['labels'] as const)),
    ...(checkRun === undefined ? [] : (['check-run'] as const)),
  ]
  if (marks.length === 0) return undefined
  return { marks, ...(forgeApi === undefined ? {} : { forgeApi }) }
}

export async function marked(
  report: GateReport,
  marks: Marks | undefined,
  world: MarksRequest['world'] & object,
): Promise<GateReport> {
  if (marks === undefined) return report
  const { setMarks } = await import('../../gate.ts')
  return setMarks(report, { ...marks, world })
}

/** Lines for a person: they are no part of the answer, and one reason is told once. `words` names options as the command line does. */
export function notSetLines({ marks = [] }: GateReport, words: (text: string) => string): readonly string[] {
  const byReason = Map.groupBy(
    marks.filter(({ code }) => code !== undefined),
    ({ code, detail, hint }) => JSON.stringify([code, detail, hint]),
  )
  return [...byReason.values()].flatMap((some) => {
    const [{ code, detail, hint } = { code: undefined, detail: undefined, hint: undefined }] = some
    const flags = some.map(({ mark }) => (mark === 'labels' ? '--set-labels' : '--check-run')).join(', ')
    return [
      `warning: ${flags}: not set, ${words(detail ?? '')} (${code ?? ''})`,
      ...(hint === undefined ? [] : [`hint: ${words(hint)}`]),
    ]
  })
}
