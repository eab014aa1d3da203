/**
 * What a policy could ask of a release, the strictest first: of each group, the first that the rules themselves let pass is taken. A rule
 * that has nothing to look at passes nothing, so nothing is asked that the next release could not answer either.
 */
import { isStartKnown, levels, rangeReasons } from '../../model/session.ts'
import type { PolicyEvidence } from '../../model/policy-evidence.ts'
import type { PolicySections } from '../../model/policy.ts'
import { policyRules } from '../families/index.ts'
import { modelsOf } from '../families/ai/models.ts'
import { namedSessions } from '../families/ai/named-sessions.ts'
import type { Seen } from '../families/row.ts'
import type { DraftMember } from './yaml-lines.ts'

type Provenance = NonNullable<PolicySections['provenance']>
type Ai = NonNullable<PolicySections['ai']>
/** Of one member: the strictest first. */
type Group<T> = { readonly [name in keyof T]?: readonly T[name][] }
/** What is said of a member: of each of its values, or of the one that was taken. */
type Words<T> = { readonly [name in keyof T]?: string | ((value: NonNullable<T[name]>) => string) }

export interface Drafted {
  readonly provenance: readonly DraftMember[]
  readonly ai: readonly DraftMember[]
}

export function draftedRules(evidence: PolicyEvidence): Drafted {
  const seen: Seen = { ...evidence, companions: new Map() }
  const pick = <T extends object>(section: 'provenance' | 'ai', group: Group<T>, says: Words<T>): DraftMember[] =>
    Object.entries(group).flatMap(([name, values]) => {
      const value = (values as readonly unknown[]).find((it) => passes({ [section]: { [name]: it } }, seen))
      if (value === undefined) return []
      const said = says[name as keyof T] as string | ((value: unknown) => string) | undefined
      const words = typeof said === 'function' ? said(value) : said
      return [{ name, value, ...(words === undefined ? {} : { says: words }) }]
    })
  return {
    provenance: pick<Provenance>('provenance', provenanceGroups(evidence), provenanceWords),
    ai: pick<Ai>('ai', aiGroups(evidence), aiWords),
  }
}

/** By each rule that is asked, and by one at least. What is skipped was said by a long name. */
function passes(sections: PolicySections, seen: Seen): boolean {
  const rows = policyRules.flatMap((it) => it.check(sections, seen) ?? [])
  return rows.length > 0 && rows.every(({ outcome }) => outcome !== 'fail')
}

const provenanceWords: Words<Provenance> = {
  buildTypes: 'How everything else in the provenance is to be read.',
  parameters: 'Whoever starts a build chooses its parameters: no others than these.',
  inputs: 'What a person may type who starts it: no others than these.',
  logEntries: 'Who saw the signature beside its maker.',
  range: rangeWords,
}

function rangeWords({ reasons, withoutPrevious }: NonNullable<Provenance['range']>): string {
  const what = 'Why the released range begins where it does.'
  if (!reasons.every(isStartKnown)) {
    return `${what} WEAK: the job had no tags, or did not look. Fetch them there, attest again, and take this policy anew.`
  }
  if (withoutPrevious === undefined) return `${what} With the next release the bundle of the one before it is given.`
  return `${what} WEAK: \`withoutPrevious\`, because nobody held it against the release before.`
}

const versionReasons = ['version-before', 'last-version'] as const

function provenanceGroups({ provenance: { predicate, statement, signed } }: PolicyEvidence): Group<Provenance> {
  const build = predicate.kind === 'build-provenance' ? predicate : undefined
  const parameters = Object.keys(build?.externalParameters ?? {})
  const declared = build?.externalParameters['inputs']
  const inputs = typeof declared === 'object' && declared !== null ? Object.keys(declared) : []
  const reason = rangeReasons.find((it) => it === build?.attribution?.range.reason)
  // There is one first release. Each after it begins at the version before, whether or not its own commit has a tag.
  const isVersion = versionReasons.some((it) => it === reason)
  const reasons =
    reason === undefined
      ? []
      : [...(isVersion ? [] : [reason]), ...(isVersion || reason === 'adopted' ? versionReasons : [])]
  return {
    predicateTypes: [[statement.predicateType]],
    buildTypes: build === undefined || build.buildType.includes('*') ? [] : [[build.buildType]],
    parameters: parameters.length === 0 ? [] : [{ allow: parameters }],
    inputs: inputs.length === 0 ? [] : [{ allow: inputs }],
    logEntries: signed.logs.length === 0 ? [] : [{ atLeast: signed.logs.length }],
    timestamps: signed.authorities.length === 0 ? [] : [{ atLeast: signed.authorities.length }],
    range:
      reasons.length === 0
        ? []
        : [{ reasons: [...reasons] }, { reasons: [...reasons], withoutPrevious: 'allow' as const }],
  }
}

const aiWords: Words<Ai> = {
  tools: 'AI tools and models that took part: no others than these.',
  mcpServers: 'What may have steered the agents.',
  configurations: 'The digest of the AI configuration: it changes whenever one of its files does.',
  levels: 'The lowest level among its sessions: claimed < recorded < signed < vouched.',
  share: 'Part of the added lines; what nobody attributes counts as written by AI.',
  humanReview: 'Changes by AI were approved by others, after the last change by AI.',
  iterations: 'Answers of a model in one session, and agents that one session started.',
  claims: 'Findings about claims that are refused: the release has none of them.',
  readers: 'Where AI sessions were looked for: what a reader did not see is not known.',
  disclosure: 'A change with more added lines names a session.',
}

const steps = [0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000]
const claimKinds = ['dangling', 'orphaned', 'conflicting', 'contradicting'] as const

function aiGroups(evidence: PolicyEvidence): Group<Ai> {
  const { ai } = evidence
  const seen: Seen = { ...evidence, companions: new Map() }
  const sessions = namedSessions(ai)
  const models = unique(sessions.flatMap((it) => modelsOf(it).flatMap(({ model }) => model ?? [])))
  const servers = unique((ai.configuration?.mcpServers ?? []).map(({ name }) => name))
  const looked = unique((ai.readers ?? []).map(({ reader }) => reader)).filter((it) =>
    passes({ ai: { readers: { mustLook: [it] } } }, seen),
  )
  const refuse = claimKinds.filter((it) => passes({ ai: { claims: { refuse: [it] } } }, seen))
  const counts = sessions.flatMap(({ said }) => said?.iterations ?? [])
  return {
    tools: listed(unique(sessions.map(({ tool }) => tool))).map((allow) => ({ allow })),
    models: [
      ...listed(models).map((allow) => ({ allow })),
      ...listed(models).map((allow) => ({ allow, unknown: 'allow' as const })),
      ...(sessions.length === 0 ? [] : [{ unknown: 'allow' as const }]),
    ],
    mcpServers: listed(servers).map((allow) => ({ allow })),
    configurations: ai.configuration === undefined ? [] : [[ai.configuration.digest.sha256]],
    levels: sessions.length === 0 ? [] : levels.toReversed().map((atLeast) => [{ atLeast }]),
    receiptIssuers: listed(
      unique(
        sessions.flatMap(({ said }) =>
          [said?.receipt?.issuer ?? [], said?.portal === undefined ? [] : `https://${said.portal.host}`].flat(),
        ),
      ),
    ),
    share: Array.from({ length: 101 }, (_, percent) => [{ of: 'range' as const, atMost: percent / 100 }]).slice(0, 100),
    humanReview: [[{ approvals: 2 }], [{ approvals: 1 }]],
    iterations: [{ atMost: Math.max(0, ...counts) }],
    subagents: steps.map((atMost) => ({ atMost })),
    claims: refuse.length === 0 ? [] : [{ refuse: [...refuse] }],
    readers: [{ mustLook: 'all' as const }, ...listed(looked).map((mustLook) => ({ mustLook }))],
    disclosure: steps.map((aboveLines) => ({ aboveLines })),
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].filter((it) => it !== '' && !it.includes('*')).toSorted()
}

/** No list where nothing is in it. */
function listed(names: string[]): string[][] {
  return names.length === 0 ? [] : [names]
}
