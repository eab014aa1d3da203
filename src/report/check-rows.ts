/**
 * The checks of a verdict as rows of one shape, those of the question and those of the policy, so that every view shows the same
 * ones. What is skipped, waived or only warned of has rows like what fails.
 */
import { hintOf } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { isPersonHash } from '../model/person.ts'
import type {
  PolicyCheck,
  PolicyPlace,
  PolicyReport,
  PolicyWaiver,
  Severity,
  UnseenReader,
} from '../model/policy-report.ts'
import type { AttestationVerdict, Check, Verdict } from '../model/verdict.ts'
import { differenceWords } from './difference.ts'

/**
 * In the order in which a reader wants them. `warned`: it fails, and its severity is not `error`. `set-aside`: somebody signed that a rule
 * need not hold, and that counts for nothing here. `overridden`: a rule passes, because somebody who may says why a change names no session.
 */
export const rowOutcomes = ['failed', 'warned', 'waived', 'set-aside', 'overridden', 'skipped', 'passed'] as const
export type RowOutcome = (typeof rowOutcomes)[number]

/** All text in it comes from outside, but for `rule` of the question, `code` and what stands in backticks. */
export interface CheckRow {
  readonly of: 'question' | 'policy'
  readonly outcome: RowOutcome
  readonly severity: Severity
  readonly rule: string
  /** What the rule looked at: a bundle, or a part of the release; without it, the release as a whole. */
  readonly bundle?: string
  readonly at?: PolicyPlace
  /** Further places of which the rule says the very same. */
  readonly more?: readonly PolicyPlace[]
  readonly code?: ErrorCode
  readonly expected?: string
  readonly found?: string
  /** Words of ours that may name an option: where the two differ. */
  readonly differs?: string
  /** What a person can do. */
  readonly hint?: string
  /** Other ways out, each for itself. */
  readonly alternatives?: readonly string[]
  /** What nobody looked at, and with which the rule might pass. */
  readonly unseen?: readonly UnseenReader[]
  /** Of what was skipped, or set aside: why. */
  readonly why?: string
  readonly waiver?: PolicyWaiver
}

/** Of a check that an earlier failure kept from being made: no weakening, and so not worth a row where room is short. */
export const notReached = 'not reached'

/** All attestations that pass, or the nearest: what decided. */
export function decisive({ attestations }: Verdict): readonly AttestationVerdict[] {
  const passing = attestations.filter((it) => it.outcome === 'pass')
  return passing.length > 0 ? passing : attestations.slice(0, 1)
}

/** Of what decided, and of the policy, in that order. */
export function checkRows(verdict: Verdict): CheckRow[] {
  return [...decisive(verdict).flatMap(attestationRows), ...policyRows(verdict.policy)]
}

export function attestationRows({ bundle, checks }: Pick<AttestationVerdict, 'bundle' | 'checks'>): CheckRow[] {
  return checks.map((it) => ({ ...questionRow(it), bundle }))
}

export function policyRows(policy: PolicyReport | undefined): CheckRow[] {
  return [...merged((policy?.checks ?? []).flatMap(rowsOf)), ...(policy?.waiversSetAside ?? []).map(setAsideRow)]
}

/**
 * What a rule says of several changes or sessions in the same words is one row with several places, where the first of them stood. A file keeps a
 * row of its own, because forges show it beside that file.
 */
function merged(rows: readonly CheckRow[]): CheckRow[] {
  const byWords = Map.groupBy(rows, (row) => {
    const { at, ...words } = row
    const isOwn = at === undefined || at.path !== undefined || (row.outcome !== 'failed' && row.outcome !== 'warned')
    // A change and a session are no places of one row.
    return isOwn ? row : JSON.stringify([words, at.commit === undefined, at.session === undefined])
  })
  return [...byWords.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const more = others.flatMap(({ at }) => at ?? [])
    return [more.length === 0 ? first : { ...first, more }]
  })
}

/** The same by rules: each counts once, for the worst that it says. */
export function countRules(rows: readonly Pick<CheckRow, 'outcome' | 'rule'>[]): RowCounts {
  const byRule = Map.groupBy(rows, ({ rule }) => rule)
  return countRows(
    [...byRule.values()].map((own) => ({
      outcome: rowOutcomes.find((outcome) => own.some((it) => it.outcome === outcome)) ?? 'failed',
    })),
  )
}

export type RowCounts = { readonly [outcome in RowOutcome]: number }

export function countRows(rows: readonly Pick<CheckRow, 'outcome'>[]): RowCounts {
  const counts = { failed: 0, warned: 0, waived: 0, 'set-aside': 0, overridden: 0, skipped: 0, passed: 0 }
  for (const { outcome } of rows) counts[outcome] += 1
  return counts
}

/** `3 passed, 1 failed, 0 warned, 1 waived, 2 skipped`, and where there is one `, 1 set aside`, `, 1 overridden`. */
export function countWords({
  passed,
  failed,
  warned,
  waived,
  skipped,
  overridden,
  'set-aside': setAside,
}: RowCounts): string {
  return [
    ...[`${passed} passed`, `${failed} failed`, `${warned} warned`, `${waived} waived`, `${skipped} skipped`],
    ...(setAside === 0 ? [] : [`${setAside} set aside`]),
    ...(overridden === 0 ? [] : [`${overridden} overridden`]),
  ].join(', ')
}

/** Places of a row that are shown one by one. */
const shownPlaces = 3

/** In words, from the file outwards; empty for the release as a whole. */
export function placeWords(at: PolicyPlace = {}, more: readonly PolicyPlace[] = []): string {
  const rest = more.length + 1 - shownPlaces
  const shown = [at, ...more.slice(0, shownPlaces - 1)].map(oneplace)
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more places` : ''}`
}

function oneplace({ path, commit, session, subject, files = [], moreFiles }: PolicyPlace): string {
  const added = moreFiles === undefined ? '' : ` and ${moreFiles} more files`
  return [
    ...(path === undefined ? [] : [path]),
    ...(commit === undefined ? [] : [`commit ${commit}${subject === undefined ? '' : ` "${subject}"`}`]),
    ...(session === undefined ? [] : [`session ${session}`]),
    ...(files.length === 0 ? [] : [`in ${files.join(', ')}${added}`]),
  ].join(', ')
}

/** What nobody looked at, in words; empty for nothing. */
export function unseenRowWords(unseen: readonly UnseenReader[] | undefined): string {
  const byOutcome = Map.groupBy((unseen ?? []).slice(0, shownUnseen), ({ outcome }) => outcome)
  const rest = (unseen ?? []).length - shownUnseen
  const words = [...byOutcome].map(([outcome, some]) => `${some.map(({ reader }) => reader).join(', ')} (${outcome})`)
  return `${words.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

const shownUnseen = 30

/** All ways out of it in one text, for a view that has one cell for them. */
export function hintWords({ hint, alternatives = [] }: Pick<CheckRow, 'hint' | 'alternatives'>): string | undefined {
  const all = [...(hint === undefined ? [] : [hint]), ...alternatives]
  return all.length === 0 ? undefined : all.join('; or: ').replaceAll('; or: or ', '; or: ')
}

/** Which policy it was: name, profile, digest. */
export function policyIdentity({ name, profile, sha256 }: PolicyReport): string {
  return [name, ...(profile === undefined ? [] : [`profile ${profile}`]), `sha256:${sha256}`].join(', ')
}

function questionRow(check: Check): CheckRow {
  const common = { of: 'question', severity: 'error', rule: check.rule } as const
  switch (check.outcome) {
    case 'pass': {
      const { expected, found } = check
      return { ...common, outcome: 'passed', ...defined({ expected, found }) }
    }
    case 'fail': {
      const { code, expected, found, differs, note } = check
      const words = differenceWords(differs)
      return { ...common, outcome: 'failed', code, ...defined({ expected, found, differs: words, hint: note }) }
    }
    case 'skipped':
      return { ...common, outcome: 'skipped', why: check.note }
  }
}

/** The row of a check, and one for each change that passes because somebody answers for it. */
function rowsOf(check: PolicyCheck): CheckRow[] {
  const row = policyRow(check)
  if (check.outcome !== 'pass' || check.overrides === undefined) return [row]
  const { rule, severity, overrides, moreOverrides = 0 } = check
  const common = { of: 'policy', outcome: 'overridden', rule, severity } as const
  const rest =
    moreOverrides === 0
      ? []
      : [{ ...common, why: `and ${moreOverrides} more changes name no session for a proved reason` }]
  return [
    row,
    ...overrides.map(({ commit, subject, proof, by, name, reason }): CheckRow => {
      const at = { commit, ...(subject === undefined ? {} : { subject }) }
      const said = reason === undefined ? 'a reason' : `the reason "${reason}"`
      return { ...common, at, why: `names no session, for ${said}, ${proof} by ${whoWords(by, name)}` }
    }),
    ...rest,
  ]
}

/** A hash tells a reader nothing. */
function whoWords(by: string, name: string | undefined): string {
  const called = name ?? (isPersonHash(by) ? undefined : by)
  return called === undefined ? 'somebody whom the policy names by a hash alone' : `${called}, whom the policy names`
}

function policyRow(check: PolicyCheck): CheckRow {
  const { rule, severity, at, expected, found } = check
  const common = { of: 'policy', rule, severity, ...defined({ at, expected, found }) } as const
  switch (check.outcome) {
    case 'pass':
      return { ...common, outcome: 'passed' }
    case 'skipped':
      return { ...common, outcome: 'skipped', why: check.note }
    case 'fail':
    case 'waived': {
      const { code, note, outcome, alternatives, unseen } = check
      const failed = { ...common, code, ...defined({ hint: note, alternatives, unseen }) }
      if (outcome === 'waived') return { ...failed, outcome, waiver: check.waiver }
      return { ...failed, outcome: severity === 'error' ? 'failed' : 'warned' }
    }
  }
}

/** Fails nothing by itself: what it would have waived fails in a row of its own. */
function setAsideRow({ code, sha256 }: NonNullable<PolicyReport['waiversSetAside']>[number]): CheckRow {
  return {
    ...{
      of: 'policy',
      outcome: 'set-aside',
      severity: 'info',
      rule: 'policy/waivers',
      code,
      found: `sha256:${sha256}`,
    },
    ...defined({ hint: hintOf(code) }),
    why: 'a waiver that counts for nothing here',
  }
}

/** Without what is undefined. */
function defined<T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
