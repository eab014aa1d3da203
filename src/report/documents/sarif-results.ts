/**
 * What of a verdict is a result in SARIF: each check that fails, was waived or was skipped, each waiver that was set aside, and a verdict
 * that no check explains.
 */
import { hintOf } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import type { PolicyPlace, PolicyWaiver } from '../../model/policy-report.ts'
import type { Verdict } from '../../model/verdict.ts'
import { hintWords, placeWords, unseenRowWords } from '../check-rows.ts'
import type { CheckRow } from '../check-rows.ts'

/** SARIF §3.27.10. */
export type SarifLevel = 'error' | 'warning' | 'note' | 'none'

export interface SarifResult {
  readonly rule: string
  /** SARIF §3.27.9; all but `fail` have the level `none`. */
  readonly kind: 'fail' | 'notApplicable' | 'informational' | 'open'
  readonly level: SarifLevel
  readonly message: string
  readonly at?: PolicyPlace
  /** Further places of the same. */
  readonly more?: readonly PolicyPlace[]
  /** What a person can do, of any result of the rule. */
  readonly help?: string
  /** By which a later run knows it again: of rule, artifact and place, and nothing that another build changes. */
  readonly fingerprint: string
  readonly waiver?: PolicyWaiver
  /** Values as they are. */
  readonly properties: object
}

const kinds = {
  failed: 'fail',
  warned: 'fail',
  waived: 'fail',
  'set-aside': 'informational',
  overridden: 'informational',
  skipped: 'notApplicable',
  // Those that pass are no results.
  passed: 'notApplicable',
} as const satisfies { readonly [outcome in CheckRow['outcome']]: SarifResult['kind'] }

const levels = { error: 'error', warn: 'warning', info: 'note' } as const

export function sarifResults(verdict: Verdict, rows: readonly CheckRow[]): SarifResult[] {
  const { outcome, artifact, findings } = verdict
  const fingerprint = (rule: string, ...place: readonly string[]): string =>
    sha256Hex(JSON.stringify([rule, artifact.name, ...place]))
  const checks = rows.filter((it) => it.outcome !== 'passed').map((it) => checkResult(it, artifact.name, fingerprint))
  const failure = outcome === 'pass' ? undefined : verdict.failure
  // A policy that refuses says so by its rows.
  const isExplained = outcome === 'fail' && rows.some((it) => it.outcome === 'failed')
  return [
    ...(failure === undefined || isExplained ? [] : [failureResult(verdict, failure, fingerprint)]),
    ...findings.map(({ code, message, bundles }): SarifResult => {
      const rule = `finding/${code}`
      return {
        ...{ rule, kind: 'fail', level: 'warning', fingerprint: fingerprint(rule) },
        message: `${artifact.name}: ${message}`,
        properties: { bundles },
      }
    }),
    ...checks,
  ]
}

type Fingerprint = (rule: string, ...place: readonly string[]) => string

function failureResult(
  { outcome, artifact }: Verdict,
  {
    code,
    message,
    hint,
  }: { readonly code: Parameters<typeof hintOf>[0]; readonly message: string; readonly hint?: string | undefined },
  fingerprint: Fingerprint,
): SarifResult {
  const rule = `verdict/${code}`
  const help = hint ?? hintOf(code)
  return {
    ...{ rule, fingerprint: fingerprint(rule), properties: { code } },
    ...(outcome === 'undecided' ? { kind: 'open', level: 'none' } : { kind: 'fail', level: 'error' }),
    message: `${artifact.name}: ${outcome}: ${message} (${code})`,
    ...(help === undefined ? {} : { help }),
  }
}

function checkResult(row: CheckRow, artifact: string, fingerprint: Fingerprint): SarifResult {
  const { of, outcome, severity, rule, bundle, at = {}, more = [], code, expected, found, differs, why, waiver } = row
  const hint = hintWords(row)
  const unseen = unseenRowWords(row.unseen)
  const kind = kinds[outcome]
  const help = hint ?? (code === undefined ? undefined : hintOf(code))
  const place = placeWords(at, more) || (bundle ?? '')
  const parts = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(found === undefined ? [] : [`found ${found}`]),
    ...(unseen === '' ? [] : [`not seen: ${unseen}`]),
    ...[differs, hint, why].filter((it) => it !== undefined),
  ]
  const verb = {
    notApplicable: 'was skipped',
    informational: outcome === 'overridden' ? 'is overridden' : `set one aside (${code ?? outcome})`,
  }
  const words = kind === 'fail' ? `fails (${code ?? outcome})` : verb[kind]
  // Waivers that are set aside have no place, but each is another statement.
  const statement = outcome === 'set-aside' ? [found ?? ''] : []
  return {
    rule,
    ...{ kind, level: kind === 'fail' ? levels[severity] : 'none' },
    message: `${artifact}: ${rule} ${words}${place === '' ? '' : ` at ${place}`}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`,
    at,
    more,
    ...(help === undefined ? {} : { help }),
    fingerprint: fingerprint(rule, at.path ?? '', at.commit ?? '', at.session ?? '', bundle ?? '', ...statement),
    ...(waiver === undefined ? {} : { waiver }),
    properties: { artifact, of, outcome, severity, code, bundle, expected, found, unseen: row.unseen, why },
  }
}
