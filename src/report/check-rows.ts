/**
 * The checks of a verdict as rows of one shape, those of the question and those of the policy, so that every view shows the same
 * ones. What is skipped, waived or only warned of has rows like what fails.
 */
import { hintOf } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { PolicyCheck, PolicyPlace, PolicyReport, PolicyWaiver, Severity } from '../model/policy-report.ts'
import type { AttestationVerdict, Check, Verdict } from '../model/verdict.ts'
import { differenceWords } from './difference.ts'

/**
 * In the order in which a reader wants them. `warned`: it fails, and its severity is not `error`. `set-aside`: somebody signed that a rule
 * need not hold, and that counts for nothing here.
 */
export const rowOutcomes = ['failed', 'warned', 'waived', 'set-aside', 'skipped', 'passed'] as const
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
  readonly code?: ErrorCode
  readonly expected?: string
  readonly found?: string
  /** Words of ours that may name an option: where the two differ. */
  readonly differs?: string
  /** What a person can do. */
  readonly hint?: string
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
  return [...(policy?.checks ?? []).map(policyRow), ...(policy?.waiversSetAside ?? []).map(setAsideRow)]
}

export type RowCounts = { readonly [outcome in RowOutcome]: number }

export function countRows(rows: readonly Pick<CheckRow, 'outcome'>[]): RowCounts {
  const counts = { failed: 0, warned: 0, waived: 0, 'set-aside': 0, skipped: 0, passed: 0 }
  for (const { outcome } of rows) counts[outcome] += 1
  return counts
}

/** `3 passed, 1 failed, 0 warned, 1 waived, 2 skipped`, and where there is one `, 1 set aside`. */
export function countWords({ passed, failed, warned, waived, skipped, 'set-aside': setAside }: RowCounts): string {
  const words = `${passed} passed, ${failed} failed, ${warned} warned, ${waived} waived, ${skipped} skipped`
  return setAside === 0 ? words : `${words}, ${setAside} set aside`
}

/** In words, from the file outwards; empty for the release as a whole. */
export function placeWords({ path, commit, session }: PolicyPlace = {}): string {
  return [
    ...(path === undefined ? [] : [path]),
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    ...(session === undefined ? [] : [`session ${session}`]),
  ].join(', ')
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
      const { code, note, outcome } = check
      const failed = { ...common, code, ...defined({ hint: note }) }
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
