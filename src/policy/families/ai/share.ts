/** How much of the added lines AI may have written. What nobody attributes counts as AI's unless the policy says otherwise. */
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { PolicyPlace } from '../../../model/policy-report.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { countedFiles, countedLines, leftOutWords, sumOfCounted } from './counted-lines.ts'
import type { CountedLines } from './counted-lines.ts'
import { changesOf, sessionsMissing } from './looked.ts'
import { pathWords } from './touched.ts'

type Asked = NonNullable<AiSection['share']>[number]

export const share: AiRule = {
  id: 'ai/share',
  hint: 'have less of it written by AI; or have a tool record who wrote which lines (git-ai), because lines that nobody attributes, and generated ones, count as AI unless the policy says otherwise',
  check({ ai: asked }, { ai }) {
    return asked?.share?.flatMap((it) => (it.of === 'range' ? ofRange(it, ai) : ofParts(it, ai)))
  },
}

/** From the sums of the range, and from its changes: all that is told of it must hold. */
function ofRange(asked: Asked, ai: AiEvidence): RuleResult[] {
  const expected = wordsOf(asked)
  const missing = sessionsMissing(ai)
  if (missing !== undefined) return [unseen(expected, missing)]
  const told = changesOf(ai)
  const counted = 'missing' in told ? [undefined] : told.all.map((it) => countedLines(it, asked))
  const ofChanges = counted.every((it) => it !== undefined) ? sumOfCounted(counted) : undefined
  const said = asked.paths === undefined ? saidOfRange(ai, ofChanges) : undefined
  const sums = [said, ofChanges].filter((it) => it !== undefined)
  const why = 'missing' in told ? told.missing : 'lines were not counted'
  if (sums.length === 0) return [unseen(expected, why)]
  const failing = sums.flatMap((it) => exceeding(it, asked, undefined))
  return failing.length > 0 ? failing.slice(0, 1) : [{ outcome: 'pass', expected, found: linesWords(sums[0]) }]
}

/** The sums that the provenance has: which of the generated lines are whose, its changes tell; where they do not, all are AI's if there is a session. */
function saidOfRange({ attribution, sessions }: AiEvidence, told: CountedLines | undefined): CountedLines | undefined {
  const lines = attribution?.lines
  if (lines?.unknown === undefined) return undefined
  const generated = lines.generated ?? 0
  const leftOut = Math.min(generated, told?.leftOut ?? 0)
  const kept = generated - leftOut
  const byClaim = Math.min(kept, told?.byClaim ?? ((sessions ?? []).length > 0 ? kept : 0))
  const [ai, unknown] = [lines.ai + byClaim, lines.unknown + kept - byClaim]
  return { ai, human: lines.human, unknown, byClaim, leftOut }
}

function ofParts(asked: Asked, ai: AiEvidence): RuleResult[] {
  const expected = wordsOf(asked)
  const told = changesOf(ai)
  if ('missing' in told) return [unseen(expected, told.missing)]
  const parts = told.all.map((it): readonly Part[] | undefined => {
    if (asked.of === 'file') return countedFiles(it, asked)
    const lines = countedLines(it, asked)
    return lines === undefined ? undefined : [{ lines, at: { commit: it.commit } }]
  })
  const failing = parts.flatMap((it, index) =>
    it === undefined
      ? [{ ...unseen(expected, 'lines were not counted file by file'), at: { commit: told.all[index]?.commit } }]
      : it.flatMap(({ lines, at }) => exceeding(lines, asked, at)),
  )
  if (failing.length > 0) return failing
  const all = parts.flatMap((it) => (it ?? []).map(({ lines }) => lines))
  const count = all.filter((it) => linesOf(it) > 0).length
  const found = count === 0 ? 'no change matches' : `${count} were looked at`
  return [{ outcome: 'pass', expected, found: `${found}${leftOutWords(sumOfCounted(all))}` }]
}

interface Part {
  readonly lines: CountedLines
  readonly at: PolicyPlace
}

function exceeding(lines: CountedLines, asked: Asked, at: PolicyPlace | undefined): RuleResult[] {
  const ai = lines.ai + (asked.unknownAs === 'human' ? 0 : lines.unknown)
  const all = linesOf(lines)
  if (all === 0 || ai / all <= asked.atMost) return []
  const place = at === undefined ? {} : { at }
  return [{ outcome: 'fail', code: 'share-exceeded', ...place, expected: wordsOf(asked), found: linesWords(lines) }]
}

function linesOf({ ai, human, unknown }: CountedLines): number {
  return ai + human + unknown
}

function linesWords(lines = sumOfCounted([])): string {
  const { ai, human, unknown, byClaim } = lines
  const generated = byClaim === 0 ? '' : ` (${byClaim} of them generated)`
  return `added lines: ${ai} by AI${generated}, ${human} by persons, ${unknown} by nobody knows whom${leftOutWords(lines)}`
}

function wordsOf({ of, atMost, paths, unknownAs }: Asked): string {
  const unknown = unknownAs === 'human' ? ', unknown lines as those of persons' : ''
  return `at most ${atMost} of each ${of} by AI${pathWords(paths)}${unknown}`
}
