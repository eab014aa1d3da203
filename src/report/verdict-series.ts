/** Verdicts for many artifacts of one question: a line for each that passes, what does not pass last and in full, and a count. */
import { CountersignError } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import type { AttestationSummary, Verdict } from '../model/verdict.ts'
import { failedChecks } from '../model/verdict.ts'
import { isClean } from '../model/source-tree.ts'
import { policyRows, countRows, policyIdentity } from './check-rows.ts'
import { fold } from './fold.ts'
import { policyFailedLines, policyLines } from './policy-lines.ts'
import { mostSaidOfAi, saidOfAiWords } from './sessions-said.ts'
import { sessionLines } from './sessions.ts'
import type { Style } from './style.ts'
import { cell } from './table.ts'
import { otherName, outcomeWord, questionLines, sessionsKey, verdictText } from './verdict.ts'
import type { ShownSessions } from './verdict.ts'

/** `quiet`: what does not pass, and nothing else. `verbose`: each in full, in the order given. */
export type Detail = 'brief' | 'quiet' | 'verbose'

export interface VerdictSeries {
  /** What is written now for the next verdict; may be empty. */
  readonly add: (verdict: Verdict) => string
  /** What is written when there are no more. */
  readonly end: () => string
}

/** Characters of verdicts that are held back for the end; beyond these one line each is written at once. */
const heldCharacters = 8 * 1024 * 1024

/** Tables of sessions that a brief report shows. */
const shownTables = 3

/** Reasons of which it is known that they were given before. */
const rememberedReasons = 1_000

/** Digits of a digest that tell files of a release apart; the verdict in full has all. */
const shownDigits = 12

/**
 * Writes verdicts one after the other; memory does not grow with those that pass.
 *
 * @example
 * ```ts
 * import { judgeAll } from 'countersign/verify'
 * import { newVerdictSeries, plainStyle } from 'countersign/report'
 *
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * const series = newVerdictSeries('brief', plainStyle)
 * for await (const verdict of judgeAll(['dist/app.tgz', 'README'], { trust, question: { repo: 'acme/widget' } })) {
 *   process.stdout.write(series.add(verdict))
 * }
 * process.stdout.write(series.end())
 * ```
 */
export function newVerdictSeries(detail: Detail, style: Style): VerdictSeries {
  const counts = { pass: 0, fail: 0, undecided: 0 }
  const shown: ShownSessions = new Map()
  const tables = newTables(shown)
  const held: string[] = []
  const reasons = new Map<string, string>()
  let room = heldCharacters
  let header: Header | undefined
  const policies = new Map<string, string>()
  const finished = (lines: readonly string[]): string => {
    const text = lines.map((it) => `${it}\n`).join('')
    return style.width === undefined ? text : fold(text, style.width)
  }
  const refused = (verdict: Verdict): string => {
    const again = repeatedReason(verdict, reasons)
    const text = again === undefined ? verdictText(verdict, style, shown) : `${headLine(verdict, style)}  ${again}\n`
    if (detail === 'quiet') return finished([text.trimEnd()])
    room -= text.length
    if (room < 0) return finished([`${headLine(verdict, style)}  ${reasonLine(verdict)}`])
    held.push(text.trimEnd())
    return ''
  }
  return {
    add(verdict) {
      counts[verdict.outcome] += 1
      if (detail === 'verbose') return finished([verdictText(verdict, style, shown).trimEnd()])
      if (verdict.outcome !== 'pass') return refused(verdict)
      if (detail === 'quiet') return ''
      const isFirst = header === undefined
      header ??= headerOf(verdict)
      tables.take(verdict)
      return finished([
        ...(isFirst ? [...questionLines(verdict, style), ''] : []),
        passLine(verdict, header, style),
        ...passedPolicyLines(verdict, policies, style),
      ])
    },
    end() {
      if (detail === 'quiet') return ''
      const words = [`${counts.pass} pass`, `${counts.fail} FAIL`, `${counts.undecided} undecided`]
      const marked = words.map((it) => (/^0 | pass$/.test(it) ? it : style.bad(it)))
      const parts = [header === undefined ? [] : tables.lines(), held].filter((it) => it.length > 0)
      const apart = header === undefined ? parts.flat() : parts.flatMap((it) => ['', ...it])
      return finished([...apart, ...(apart.length === 0 ? [] : ['']), marked.join(', ')])
    },
  }
}

function headLine({ outcome, artifact }: Verdict, style: Style): string {
  return `${outcomeWord(outcome, style)}  ${style.strong(cell(artifact.name))}`
}

/** What stands above the first pass, and is said of another one only where it differs. */
interface Header {
  readonly trust: string
  readonly policy: string
}

function headerOf({ trust, policy }: Verdict): Header {
  return { trust, policy: policy === undefined ? '' : policyIdentity(policy) }
}

/** What else there is to know of a pass stands behind it, so that nothing that matters is only in the long form. */
function passLine(verdict: Verdict, header: Header, style: Style): string {
  const own = headerOf(verdict)
  const [digest] = Object.entries(verdict.artifact.digest)
  const passing = verdict.attestations.filter((it) => it.outcome === 'pass')
  const summaries = passing.flatMap(({ summary }) => (summary === undefined ? [] : [summary]))
  const names = new Set(
    summaries.flatMap((it) => otherName(verdict.artifact.name, it)).map(([label, name]) => `${label} ${name}`),
  )
  return [
    headLine(verdict, style),
    ...(digest === undefined ? [] : [`${digest[0]}:${digest[1].slice(0, shownDigits)}…`]),
    [
      saidOfAiWords(mostSaidOfAi(summaries)),
      ...(passing.length > 1 ? [`${passing.length} attestations`] : []),
      ...names,
      ...(summaries.some(({ tree }) => tree !== undefined && !isClean(tree)) ? [style.bad('work tree not clean')] : []),
      ...verdict.findings.map((it) => style.bad(it.code)),
      ...(own.trust === header.trust ? [] : [`trust ${cell(own.trust)}`]),
      ...(own.policy === header.policy ? [] : [own.policy === '' ? 'no policy' : `policy ${cell(own.policy)}`]),
    ].join('; '),
  ].join('  ')
}

/** What a policy did not simply pass, in full; of the second artifact of which it says the same, with which it stands. */
function passedPolicyLines({ artifact, policy }: Verdict, shown: Map<string, string>, style: Style): string[] {
  if (policy === undefined) return []
  const { failed, warned, waived, skipped, 'set-aside': setAside } = countRows(policyRows(policy))
  if (failed + warned + waived + skipped + setAside === 0) return []
  const key = sha256Hex(JSON.stringify(policy))
  const before = shown.get(key)
  if (before !== undefined) {
    const more = setAside === 0 ? '' : `, ${setAside} set aside`
    return [`  policy  ${warned} warned, ${waived} waived, ${skipped} skipped${more}, as ${before}`]
  }
  if (shown.size < rememberedReasons) shown.set(key, cell(artifact.name))
  return [...policyFailedLines(policy, style), ...policyLines(policy, style)]
}

/** Of a reason that several have word for word, such as a bundle that is not there: with which it stands in full. */
function repeatedReason(verdict: Verdict, reasons: Map<string, string>): string | undefined {
  if (verdict.outcome !== 'undecided') return undefined
  const { code, message } = verdict.failure
  const key = `${code} ${message}`
  const before = reasons.get(key)
  if (before === undefined) {
    if (reasons.size < rememberedReasons) reasons.set(key, cell(verdict.artifact.name))
    return undefined
  }
  return `as ${before} (${code})`
}

function reasonLine(verdict: Verdict): string {
  if (verdict.outcome === 'pass') throw new CountersignError('internal', 'a pass has no reason')
  const { failure, attestations } = verdict
  if (failure !== undefined) return `${cell(failure.message)} (${failure.code})`
  const failed = failedChecks(attestations[0]?.checks ?? [])
  return failed.map((it) => `${it.rule} (${it.code})`).join(', ')
}

interface Tables {
  readonly take: (verdict: Verdict) => void
  readonly lines: () => string[]
}

/** What is said of AI sessions, once for all artifacts of which it is said, and not where a refusal shows it in full. */
function newTables(shown: ShownSessions): Tables {
  const first = new Map<string, { readonly summary: AttestationSummary; readonly name: string; count: number }>()
  const others = new Set<string>()
  return {
    take({ artifact, attestations }) {
      const keys = new Set<string>()
      for (const { outcome, summary } of attestations) {
        if (outcome !== 'pass' || summary.sessions === undefined || summary.sessions.length === 0) continue
        const key = sessionsKey(summary)
        if (keys.has(key)) continue
        keys.add(key)
        const known = first.get(key)
        if (known !== undefined) known.count += 1
        else if (first.size < shownTables && !shown.has(key)) {
          first.set(key, { summary, name: cell(artifact.name), count: 1 })
          shown.set(key, cell(artifact.name))
        } else if (!shown.has(key)) others.add(key)
      }
    },
    lines() {
      const lines = [...first.values()].flatMap(({ summary: { sessions = [], attribution }, name, count }) => [
        `AI sessions of ${name}${count === 1 ? '' : ` and ${count - 1} more`}`,
        ...sessionLines(sessions, attribution, '  '),
      ])
      const more = others.size === 0 ? [] : [`AI sessions of ${others.size} more statements are not shown here`]
      return [...lines, ...more]
    },
  }
}
