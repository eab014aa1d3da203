/** How much of the added lines AI may have written. What nobody attributes counts as AI's unless the policy says otherwise. */
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { Change, ChangeLines } from '../../../model/predicate.ts'
import type { PolicyPlace } from '../../../model/policy-report.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { changesOf, sessionsMissing } from './looked.ts'
import { filesOf, linesUnder, pathWords, sumOf, underPaths } from './touched.ts'

type Asked = NonNullable<AiSection['share']>[number]
type Lines = Pick<ChangeLines, 'ai' | 'human' | 'unknown'>

export const share: AiRule = {
  id: 'ai/share',
  hint: 'find who wrote the lines that nobody attributes; they count as written by AI unless the policy says otherwise',
  check({ ai: asked }, { ai }) {
    return asked?.share?.flatMap((it) => (it.of === 'range' ? ofRange(it, ai) : ofParts(it, ai)))
  },
}

/** From the sums of the range, and from its changes: all that is told of it must hold. */
function ofRange(asked: Asked, ai: AiEvidence): RuleResult[] {
  const expected = wordsOf(asked)
  const missing = sessionsMissing(ai)
  if (missing !== undefined) return [unseen(expected, missing)]
  const said = asked.paths === undefined ? ai.attribution?.lines : undefined
  const sums: Lines[] = said?.unknown === undefined ? [] : [{ ...said, unknown: said.unknown }]
  const told = changesOf(ai)
  let why = 'lines were not counted'
  if ('missing' in told) why = told.missing
  else {
    const counted = told.all.map((it) => linesUnder(it, asked.paths))
    if (counted.every((it) => it !== undefined)) sums.push(sumOf(counted))
  }
  if (sums.length === 0) return [unseen(expected, why)]
  const failing = sums.flatMap((it) => exceeding(it, asked, undefined))
  return failing.length > 0 ? failing.slice(0, 1) : [{ outcome: 'pass', expected, found: linesWords(sums[0]) }]
}

function ofParts(asked: Asked, ai: AiEvidence): RuleResult[] {
  const expected = wordsOf(asked)
  const told = changesOf(ai)
  if ('missing' in told) return [unseen(expected, told.missing)]
  const parts = told.all.map((it) => (asked.of === 'file' ? filesIn(it, asked) : changeIn(it, asked)))
  const failing = parts.flatMap((it, index) =>
    it === undefined
      ? [{ ...unseen(expected, 'lines were not counted file by file'), at: { commit: told.all[index]?.commit } }]
      : it.flatMap(({ lines, at }) => exceeding(lines, asked, at)),
  )
  if (failing.length > 0) return failing
  const count = parts.flatMap((it) => it ?? []).filter(({ lines }) => linesOf(lines) > 0).length
  return [{ outcome: 'pass', expected, found: count === 0 ? 'no change matches' : `${count} were looked at` }]
}

interface Part {
  readonly lines: Lines
  readonly at: PolicyPlace
}

function changeIn(change: Change, { paths }: Asked): Part[] | undefined {
  const lines = linesUnder(change, paths)
  return lines === undefined ? undefined : [{ lines, at: { commit: change.commit } }]
}

function filesIn(change: Change, { paths }: Asked): Part[] | undefined {
  const { commit } = change
  const files = filesOf(change)
  const own = paths === undefined ? files : files?.filter(underPaths(paths))
  return own?.map((it) => ({ lines: it, at: { commit, path: it.path } }))
}

function exceeding(lines: Lines, asked: Asked, at: PolicyPlace | undefined): RuleResult[] {
  const ai = lines.ai + (asked.unknownAs === 'human' ? 0 : lines.unknown)
  const all = linesOf(lines)
  if (all === 0 || ai / all <= asked.atMost) return []
  const place = at === undefined ? {} : { at }
  return [{ outcome: 'fail', code: 'share-exceeded', ...place, expected: wordsOf(asked), found: linesWords(lines) }]
}

function linesOf({ ai, human, unknown }: Lines): number {
  return ai + human + unknown
}

function linesWords(lines: Lines | undefined): string {
  const { ai, human, unknown } = lines ?? { ai: 0, human: 0, unknown: 0 }
  return `added lines: ${ai} by AI, ${human} by persons, ${unknown} by nobody knows whom`
}

function wordsOf({ of, atMost, paths, unknownAs }: Asked): string {
  const unknown = unknownAs === 'human' ? ', unknown lines as those of persons' : ''
  return `at most ${atMost} of each ${of} by AI${pathWords(paths)}${unknown}`
}
