/**
 * The rules of a policy that look at nothing but AI, before anything is built: the very same ones that a release meets. Whatever needs an
 * artifact, a signer or a builder is a row that says so, so that nobody takes it for a pass.
 */
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { AiEvidence } from '../model/policy-evidence.ts'
import { aiInputOf } from '../model/policy-input.ts'
import type { PolicyInput } from '../model/policy-input.ts'
import type { PolicyCheck, PolicyReport } from '../model/policy-report.ts'
import type { OwnRule, Policy, PolicyLayer, PolicySections } from '../model/policy.ts'
import { bounded, expiryRows, frameOf, rowsOf } from './apply-policy.ts'
import { aiRules } from './families/ai/index.ts'
import type { RuleResult } from './families/row.ts'
import { changesWithoutRevoked, revocationsOf } from './not-revoked.ts'

/** Rules that a policy wrote itself; handed in, because the language is loaded only where there are some. */
export interface OwnRules {
  readonly evaluate: (rules: readonly OwnRule[], input: Partial<PolicyInput>) => readonly RuleResult[]
  /** Names that an expression looks up in the evidence. */
  readonly namesIn: (rule: OwnRule) => ReadonlySet<string>
}

/** `now`: RFC 3339, UTC. Error: `policy-empty` (it has no rule that can be asked before a build). */
export function applyAiRules(policy: Policy, evidence: AiEvidence, now: string, own?: OwnRules): PolicyReport {
  const { changes } = evidence
  const ai: AiEvidence = {
    ...evidence,
    changes: changes === undefined ? undefined : changesWithoutRevoked(changes, revocationsOf(policy)),
  }
  const rows = policy.layers.map((layer) => ({
    asked: [
      ...aiRules.flatMap((rule) => bounded(rowsOf(rule, layer, rule.check(layer.sections, { ai })))),
      ...ownRows(layer, ai, now, own),
    ],
    later: laterRows(layer.sections, own),
  }))
  const asked = rows.flatMap((it) => it.asked)
  if (asked.length === 0) {
    throw new CountersignError('policy-empty', `${policy.name} has no rule that can be asked before a build`, {
      option: 'policy',
      hint: 'add rules about AI to it (docs/policy/ai.md), or leave the gate out',
    })
  }
  return { ...frameOf(policy), checks: [...expiryRows(policy, now), ...asked, ...rows.flatMap((it) => it.later)] }
}

function ownRows(layer: PolicyLayer, ai: AiEvidence, now: string, own: OwnRules | undefined): PolicyCheck[] {
  const rules = (layer.sections.rules ?? []).filter((it) => isBeforeBuild(it, own))
  if (rules.length === 0) return []
  const hint = 'the rule is one of the policy itself: ask its author'
  return bounded(rowsOf({ id: 'rules', hint }, layer, own?.evaluate(rules, { now, ai: aiInputOf(ai) }) ?? []))
}

/** What a rule of a policy's own finds in the evidence of a release alone. */
const ofRelease: readonly (keyof PolicyInput)[] = ['type', 'artifact', 'provenance', 'attestations', 'companions']

/** Where nobody can tell what it looks at, it is asked, and fails. */
function isBeforeBuild(rule: OwnRule, own: OwnRules | undefined): boolean {
  const names = own?.namesIn(rule)
  return !ofRelease.some((it) => names?.has(it) === true)
}

/** Every rule that the release will meet, and nobody before. */
function laterRows({ revoked = [], identity, provenance, rules = [] }: PolicySections, own?: OwnRules): PolicyCheck[] {
  const kinds = [...new Set(revoked.map(({ kind }) => kind))]
  const members = Object.entries(provenance ?? {}).filter(([, it]) => it !== undefined)
  const ids = [
    ...kinds.map((it) => `revoked/${it}`),
    ...(identity === undefined ? [] : ['identity/signers']),
    ...members.map(([name]) => ruleOf(name)),
    ...rules.filter((it) => !isBeforeBuild(it, own)).map(({ id }) => `rules/${id}`),
  ]
  return [...new Set(ids)].slice(0, limits.policyRows).map((rule) => ({
    ...{ rule, severity: 'error', outcome: 'skipped' },
    note: 'not asked before a build: it looks at what was signed',
  }))
}

/** Of a member: `buildLevel` → `provenance/build-level`. What is a part of the question is answered with who signed. */
function ruleOf(member: string): string {
  if (member === 'cleanTree' || member === 'strict') return 'identity/signers'
  const name = member === 'maxAgeDays' ? 'age' : member.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`)
  return `provenance/${name}`
}
