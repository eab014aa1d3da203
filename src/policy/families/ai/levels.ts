/** How far the claim of each session must have been checked; the lowest of those that are concerned decides. */
import { option } from '../../../errors.ts'
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { Change } from '../../../model/predicate.ts'
import { levels as levelOrder } from '../../../model/session.ts'
import type { Level } from '../../../model/session.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { placeOf } from './change-words.ts'
import { changesOf, sessionsMissing } from './looked.ts'
import { globs } from './names.ts'
import { isBelow, namedSessions, sessionWords, unknownTool } from './named-sessions.ts'
import type { NamedSession } from './named-sessions.ts'
import { touches } from './touched.ts'

type Asked = NonNullable<AiSection['levels']>[number]

export const levels: AiRule = {
  id: 'ai/levels',
  hint: `the levels, from the lowest: ${levelOrder.join(' < ')}; docs/evidence.md says what raises one`,
  check({ ai: asked }, { ai }) {
    return asked?.levels?.flatMap((it) => resultsOf(it, ai))
  },
}

function resultsOf(asked: Asked, ai: AiEvidence): RuleResult[] {
  const expected = wordsOf(asked)
  const missing = sessionsMissing(ai)
  if (missing !== undefined) return [unseen(expected, missing)]
  const byTool = namedSessions(ai).filter(toolFilter(asked.tools))
  const hasPlaces = asked.paths !== undefined || asked.branches !== undefined
  const told = hasPlaces ? changesOf(ai) : undefined
  if (told !== undefined && 'missing' in told) return [unseen(expected, told.missing)]
  const concerned = told === undefined ? byTool : byTool.filter(placeFilter(asked, told.all, ai))
  const failing = concerned
    .filter(({ level }) => isBelow(level, asked.atLeast))
    .map((it): RuleResult => {
      const [commit] = it.said?.commits ?? []
      const change = told?.all.find((one) => one.commit === commit)
      const place = change === undefined ? { commit } : placeOf(change, asked.paths)
      const at = { session: it.uri, ...(commit === undefined ? {} : place) }
      const found = `${it.level}: ${meanings[it.level]}`
      return {
        outcome: 'fail',
        code: 'level-too-low',
        at,
        expected: `${expected} (${asked.atLeast}: ${meanings[asked.atLeast]})`,
        found,
        ...stepsTo(asked.atLeast),
      }
    })
  if (failing.length > 0) return failing
  return [
    { outcome: 'pass', expected, found: concerned.length === 0 ? noneWords(told) : sessionWords(concerned.length) },
  ]
}

/** The cheapest that passes, and others that would too. */
const meanings: { readonly [level in Level]: string } = {
  claimed: 'somebody wrote that it took part, as in a commit message, and nothing of it was checked',
  recorded: 'its record was found',
  signed: 'its record is signed by who ran it, or by its platform',
  vouched: 'somebody whom the policy trusts saw it',
}

const noSuchStep =
  'author: if no such session took part, take the line that names it out of the commit message (git commit --amend), and force-push'

function stepsTo(least: Level): { readonly note: string; readonly alternatives?: string[] } {
  const record = `who ran the session: record it where it ran and push the record (countersign sessions record, with ${option('transcripts')} and ${option('push')}); the job looks for records with ${option('fetch')}`
  const sign = `who ran the session: record it where it ran, signed with your key, and push the record (countersign sessions record, with ${option('transcripts')} and ${option('push')}); the job looks for records with ${option('fetch')}`
  const vouch =
    'give a receipt of somebody whom the policy trusts that they saw the session (`receipts`, `receiptIssuers`), and run it again'
  if (least === 'vouched') return { note: vouch, alternatives: [noSuchStep] }
  return {
    note: least === 'signed' ? sign : record,
    alternatives: [...(least === 'signed' ? [vouch] : []), noSuchStep],
  }
}

function noneWords(told: object | undefined): string {
  return told === undefined ? sessionWords(0) : 'no change matches'
}

function toolFilter(tools: Asked['tools']): (session: NamedSession) => boolean {
  if (tools === undefined) return () => true
  const matches = globs(tools)
  // One that nobody named may be any.
  return ({ tool }) => tool.toLowerCase() === unknownTool || matches(tool)
}

/** Sessions of a change that may be one of these; and those that no change names, for nobody can tell where they were. */
function placeFilter(
  { paths, branches }: Asked,
  changes: readonly Change[],
  ai: AiEvidence,
): (session: NamedSession) => boolean {
  const onBranch = branches === undefined ? undefined : globs(branches)
  const isConcerned = (change: Change): boolean =>
    touches(change, paths) && (onBranch === undefined || mayBeOn(change, ai, onBranch))
  const [named, concerned] = [new Set<string>(), new Set<string>()]
  const commits = new Map<string, boolean>()
  for (const change of changes) {
    const isIn = isConcerned(change)
    commits.set(change.commit, isIn)
    for (const { uri } of change.sessions ?? []) {
      named.add(uri)
      if (isIn) concerned.add(uri)
    }
  }
  return ({ uri, said }) => {
    const own = (said?.commits ?? []).flatMap((it) => commits.get(it) ?? [])
    const isNamed = named.has(uri) || own.length > 0
    return !isNamed || concerned.has(uri) || own.includes(true)
  }
}

/** The branch that its request went to, or that the release comes from. What is not known may be any. */
function mayBeOn({ context }: Change, { branch }: AiEvidence, matches: (name: string) => boolean): boolean {
  return [context.request?.target ?? undefined, branch?.name].some((it) => it === undefined || matches(it))
}

function wordsOf({ atLeast, tools, paths, branches }: Asked): string {
  const filters = [
    ...(tools === undefined ? [] : [`of ${tools.join(', ')}`]),
    ...(paths === undefined ? [] : [`under ${paths.join(', ')}`]),
    ...(branches === undefined ? [] : [`on ${branches.join(', ')}`]),
  ]
  return [`level ${atLeast} or higher`, ...filters].join(' ')
}
