/** Evidence + policy → a row each time that a rule looked at something. The only place that says yes to a policy. */
import { limits } from '../model/limits.ts'
import type { AiEvidence, PolicyEvidence } from '../model/policy-evidence.ts'
import { refusing, severities } from '../model/policy-report.ts'
import type { PolicyCheck, PolicyReport } from '../model/policy-report.ts'
import { policyInputOf } from '../model/policy-input.ts'
import type { PolicyInput } from '../model/policy-input.ts'
import type { OwnRule, Policy, PolicyLayer } from '../model/policy.ts'
import { aiRules } from './families/ai/index.ts'
import { policyRules } from './families/index.ts'
import { buildLevelBy } from './families/provenance/build-level.ts'
import type { PolicyRule, RuleResult } from './families/row.ts'
import { noteOf } from './checks.ts'
import { openWaivers } from './waivers.ts'

/** Evaluates rules that a policy wrote itself; handed in, because the language is loaded only where there are some. */
export type EvaluateOwn = (rules: readonly OwnRule[], input: PolicyInput) => readonly RuleResult[]

/** Every rule of every layer. At least one row: a policy that asks for nothing was refused when it was read. */
export function applyPolicy(policy: Policy, evidence: PolicyEvidence, evaluateOwn?: EvaluateOwn): PolicyReport {
  const input = evaluateOwn === undefined ? undefined : policyInputOf(evidence)
  const waivers = openWaivers(policy, evidence)
  const checks = policy.layers.flatMap((layer, index) => {
    const seen = { ...evidence, companions: evidence.companions[index] ?? new Map<string, never>() }
    const rows = policyRules.map((rule) => rowsOf(rule, layer, rule.check(layer.sections, seen)))
    return [...rows, ownRows(layer, input, evaluateOwn)].flatMap((it) => bounded(waivers.waive(index, it)))
  })
  const maps = policy.layers.flatMap(({ sections }) => (sections.levels === undefined ? [] : [sections.levels]))
  const buildLevel = buildLevelBy(maps, evidence.provenance)
  const setAside = waivers.setAside()
  return {
    ...frameOf(policy),
    ...(setAside.length === 0 ? {} : { waiversSetAside: [...setAside] }),
    ...(buildLevel === undefined ? {} : { buildLevel }),
    checks: [...expiryRows(policy, evidence.now), ...checks],
  }
}

/**
 * Rules about AI, and those of the policy's own, over a document that nobody signed: rows to hold against what somebody expects of them, and no
 * report, so that nothing takes them for a verdict.
 */
export function tryOnDocument(
  { layers }: Policy,
  { input, ai }: { readonly input: PolicyInput; readonly ai: AiEvidence },
  evaluateOwn?: EvaluateOwn,
): readonly PolicyCheck[] {
  return layers.flatMap((layer) => [
    ...aiRules.flatMap((rule) => rowsOf(rule, layer, rule.check(layer.sections, { ai }))),
    ...ownRows(layer, input, evaluateOwn),
  ])
}

const ownRule = { id: 'rules', hint: 'the rule is one of the policy itself: ask its author' }

function ownRows(layer: PolicyLayer, input: PolicyInput | undefined, evaluateOwn?: EvaluateOwn): PolicyCheck[] {
  const { rules } = layer.sections
  if (rules === undefined) return []
  // Nobody evaluates it: that is no "yes".
  return rowsOf(ownRule, layer, evaluateOwn === undefined || input === undefined ? [] : evaluateOwn(rules, input))
}

/** Where nothing was verified: no rule has anything to look at. */
export function notApplied(policy: Policy, now: string): PolicyReport {
  const skipped: PolicyCheck = {
    rule: 'identity/signers',
    severity: 'error',
    outcome: 'fail',
    code: 'evidence-missing',
    expected: 'a statement about the artifact, by a signer of the policy',
    found: 'none',
  }
  return { ...frameOf(policy), checks: [...expiryRows(policy, now), skipped] }
}

/** How far a report is from passing. */
export function refusals(report: PolicyReport): number {
  return refusing(report).length
}

/** What is said of the policy itself. */
export function frameOf({
  name,
  sha256,
  extends: farther,
  profile,
  expires,
  signer,
}: Policy): Omit<PolicyReport, 'checks'> {
  return {
    ...{ name, sha256 },
    ...(farther.length === 0 ? {} : { extends: [...farther] }),
    ...(profile === undefined ? {} : { profile }),
    ...(expires === undefined ? {} : { expires }),
    ...(signer === undefined ? {} : { signer }),
  }
}

/** A policy that nobody looked at for so long says nothing any more, and no severity makes a warning of that. */
export function expiryRows({ expires }: Policy, now: string): PolicyCheck[] {
  if (expires === undefined) return []
  const common = { rule: 'policy/expiry', severity: 'error' as const, expected: `a policy that is good at ${now}` }
  // Of what is no time nobody can say that it is before the end.
  return Date.parse(expires) > Date.parse(now)
    ? [{ ...common, outcome: 'pass', found: `until ${expires}` }]
    : [
        {
          ...common,
          outcome: 'fail',
          code: 'policy-expired',
          found: `it expired at ${expires}`,
          ...noteOf('policy-expired'),
        },
      ]
}

/** What becomes of one rule of a layer: at least one row where it asks for something. */
export function rowsOf(
  rule: Pick<PolicyRule, 'id' | 'hint'>,
  layer: PolicyLayer,
  results: readonly RuleResult[] | undefined,
): PolicyCheck[] {
  if (results === undefined) return []
  const rows = results.map((it) => rowOf(rule, layer, it))
  // A rule that says nothing has found nothing that it could say yes to.
  if (rows.length === 0) rows.push(rowOf(rule, layer, { outcome: 'fail', code: 'evidence-missing', found: 'nothing' }))
  return rows
}

/** What fails, what is waived, and the rest; of what is more, the number is told. */
export function bounded(rows: readonly PolicyCheck[]): PolicyCheck[] {
  const most = limits.policyRows
  const others = rows.filter((it) => it.outcome !== 'fail' && it.outcome !== 'waived')
  return [
    ...withNumber(
      // What refuses stands first: of rules of the policy's own some only warn, and a crowd of those would hide it.
      rows
        .filter((it) => it.outcome === 'fail')
        .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
      'more that fail',
    ),
    ...withNumber(
      rows.filter((it) => it.outcome === 'waived'),
      'more that are waived',
    ),
    ...others.slice(0, most),
  ]
}

function withNumber(rows: readonly PolicyCheck[], words: string): PolicyCheck[] {
  const most = limits.policyRows
  const last = rows[most]
  const kept = rows.slice(0, most)
  return last === undefined ? kept : [...kept, { ...last, found: `${rows.length - most} ${words}`, at: {} }]
}

function rowOf(
  { id, hint }: Pick<PolicyRule, 'id' | 'hint'>,
  { sections }: PolicyLayer,
  result: RuleResult,
): PolicyCheck {
  const rule = result.rule ?? id
  const severity = sections.severities?.[rule] ?? result.severity ?? 'error'
  const common = { ...result, rule, severity }
  return common.outcome === 'fail' ? { ...common, note: common.note ?? hint } : common
}
