/**
 * What the gate decides by, from the opened change on. Everything is made as for a release, up to the statements that it would
 * sign, and read back from those, so that the gate sees of a commit what its provenance will say.
 */
import { collectAsked } from '../attest/asked-range.ts'
import type { CollectedRange } from '../attest/asked-range.ts'
import { toldChanges } from '../attest/change-statement.ts'
import { readerIn } from '../attest/reader-in.ts'
import { shownRepository } from '../attest/shown-repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { submodulesIn } from '../collect/git/submodules.ts'
import { CountersignError } from '../errors.ts'
import { gateReportType } from '../model/gate-report.ts'
import type { GateNote, GateReport } from '../model/gate-report.ts'
import type { AiEvidence } from '../model/policy-evidence.ts'
import { refusing } from '../model/policy-report.ts'
import type { PolicyCheck, PolicyReport } from '../model/policy-report.ts'
import type { Policy } from '../model/policy.ts'
import { limits } from '../model/limits.ts'
import type { IdentityKey } from '../model/person.ts'
import type { World } from '../platform/world.ts'
import { aiEvidenceOf } from '../policy/ai-evidence.ts'
import { applyAiRules } from '../policy/apply-ai-rules.ts'
import type { OwnRules } from '../policy/apply-ai-rules.ts'
import { readersOf, unbuiltProvenance } from '../predicates/build-provenance.ts'
import { bearsOn } from '../policy/families/ai/bearing.ts'
import { sessionUri } from '../predicates/session.ts'
import { readChangeProvenance } from '../predicates/change-provenance.ts'
import { readProvenanceV1 } from '../predicates/provenance.ts'
import type { OpenChange } from './change.ts'
import type { GateRequest } from './gate.ts'
import { gateKey } from './gate-key.ts'
import { shownPeople, withSubjects } from './shown.ts'
import { openGatePolicy } from './gate-policy.ts'

/** Of a change whose commits git lists already. Errors: those of `gate`. */
export async function decide(
  repository: Repository,
  change: OpenChange,
  request: GateRequest,
  world: World,
): Promise<GateReport> {
  // 1. By which rules: as the base has them.
  const { policy, from, notes: policyNotes } = await openGatePolicy(request, change, world)

  // 2. What the records say of it, read as for a release. What git alone can tell comes beside; who asks for it later says what failed.
  void submodulesIn(repository, change.head).catch(() => undefined)
  const { key, notes: keyNotes } = gateKey(request.identityKeyFile, repository.root, world)
  const range = { ...request, since: change.base, until: change.head, world }
  const looked = await collectAsked(range, {
    repository,
    configAt: change.base,
    ref: change.ref,
    open: change.open,
    queue: change.queue,
    identityKey: key,
  })
  const { sessions, identityKey } = looked.collected
  if (sessions.commits.total === 0) {
    throw new CountersignError('usage', 'there is no commit between base and head', {
      option: 'until',
      hint: 'commit first, or name a range that has a commit: BASE..HEAD is what HEAD has and BASE has not',
    })
  }
  const evidence = await evidenceOf(looked, identityKey)

  // 3. The rules.
  const [now, own] = [world.now().toISOString(), await ownRulesFor(policy)]
  const people = shownPeople(looked, change.queue, identityKey)
  const first = applyAiRules(policy, { ...evidence, shown: people }, now, own)
  // Messages are read again where a row tells of a change: no rule decides by them.
  const report = first.checks.some(namesChange)
    ? applyAiRules(policy, { ...evidence, shown: await withSubjects(people, looked) }, now, own)
    : first
  const failing = refusing(report)
  return {
    type: gateReportType,
    outcome: failing.length === 0 ? 'pass' : 'fail',
    ...(failing.length === 0 ? {} : { failedFor: failing.every(isUnseen) ? 'not-seen' : 'refused' }),
    base: { commit: change.base, said: change.said },
    head: change.head,
    ...(change.open === undefined ? {} : { request: change.open.name }),
    commits: { ...sessions.commits, unknown: sessions.commits.total - sessions.commits.claimed },
    lines: linesIn(evidence),
    sessions: sessions.sessions.length,
    named: sessions.sessions
      .slice(0, limits.shownSessions)
      .map(({ tool, id, level }) => ({ uri: sessionUri(tool, id), level })),
    labels: labelsOf(evidence, report),
    policy: report,
    policyFrom: from,
    notes: [...policyNotes, ...keyNotes, ...reviewNotes(evidence, report)],
    unseen: await unseenIn(looked, report, policy),
  }
}

/** What the provenance of this range would say of AI: its own statements, and these read again. Errors: `statement-too-large`. */
export async function evidenceOf(looked: CollectedRange, key: IdentityKey | undefined): Promise<AiEvidence> {
  const { collected, remote, repository, commit } = looked
  const { sessions, changes, context } = collected
  const built = unbuiltProvenance({ sessions, source: { submodules: await submodulesIn(repository, commit) } })
  const build = readProvenanceV1(JSON.parse(JSON.stringify(built)))
  if (key === undefined) return aiEvidenceOf(build, undefined)
  const told = { subjects: [], sessions, repository: shownRepository(remote, changes) }
  const { predicate } = toldChanges(told, changes, key, context)
  return aiEvidenceOf(build, readChangeProvenance(predicate))
}

/** Loaded where there are some, with the language. */
async function ownRulesFor({ layers }: Parameters<typeof applyAiRules>[0]): Promise<OwnRules | undefined> {
  if (layers.every(({ sections }) => sections.rules === undefined)) return undefined
  const { evaluateOwn, namesIn } = await import('../policy/cel/own-rules.ts')
  return { evaluate: evaluateOwn, namesIn }
}

function linesIn({ attribution }: AiEvidence): GateReport['lines'] {
  if (attribution?.lines === undefined) return undefined
  const { ai, human, unknown = 0, generated = 0 } = attribution.lines
  return { ai, human, unknown, generated }
}

function labelsOf({ sessions = [], attribution }: AiEvidence, { checks }: PolicyReport): GateReport['labels'] {
  const isNamed = sessions.length > 0 || (attribution?.commits.claimed ?? 0) > 0
  const isClaim = sessions.length === 0 || sessions.some(({ level }) => level === 'claimed')
  const isHidden = checks.some((it) => it.outcome === 'fail' && it.rule === 'ai/disclosure')
  return [
    ...(isNamed ? (['ai-assisted'] as const) : []),
    ...(isNamed && isClaim ? (['ai-unverified'] as const) : []),
    ...(isHidden ? (['origin-unknown'] as const) : []),
  ]
}

/** Without a token nobody can see who approved it: that is said before anybody looks for a reviewer. */
function reviewNotes({ readers = [] }: AiEvidence, { checks }: PolicyReport): GateNote[] {
  const row = checks
    .filter((it) => it.outcome === 'fail')
    .find((it) => it.rule === 'ai/human-review' && it.code === 'evidence-missing')
  const reviews = readers.find((it) => it.reader === 'reviews')
  if (row === undefined || reviews === undefined || reviews.outcome === 'found' || reviews.outcome === 'nothing')
    return []
  return [
    {
      code: 'reviews-not-looked-at',
      text: 'the policy asks for reviews, and nobody looked for them at the forge: whether there are any is not known',
      ...(row.note === undefined ? {} : { hint: row.note }),
    },
  ]
}

function namesChange(check: PolicyCheck): boolean {
  return check.outcome === 'fail' || (check.outcome === 'pass' && check.overrides !== undefined)
}

/** It fails because nobody looked: that the change is wrong, it does not say. */
function isUnseen({ code }: Extract<PolicyCheck, { outcome: 'fail' }>): boolean {
  return code === 'evidence-missing' || code === 'reader-not-looked'
}

/** Rules of this policy that may see something else where the reader looks. */
function rulesOn(reader: string, { checks }: PolicyReport, { layers }: Policy): string[] {
  const mustLook = layers.flatMap(({ sections }) => sections.ai?.readers?.mustLook ?? [])
  return [
    ...new Set(
      checks
        .filter((it) => it.outcome !== 'skipped')
        .filter((it) =>
          it.rule === 'ai/readers'
            ? mustLook.includes('all') || mustLook.includes(reader)
            : it.rule.startsWith('rules/') ||
              (it.rule.startsWith('ai/') && bearsOn(reader, it.rule)) ||
              (it.outcome === 'fail' && it.unseen?.some((missed) => missed.reader === reader) === true),
        )
        .map(({ rule }) => rule),
    ),
  ]
}

async function unseenIn(
  { collected, remote, repository, commit }: CollectedRange,
  report: PolicyReport,
  policy: Policy,
): Promise<GateReport['unseen']> {
  const { sessions, context } = collected
  const submodules = await submodulesIn(repository, commit)
  const all = [...readersOf({ sessions, source: { submodules } }), ...(context?.readers ?? [])]
  return all
    .map((it) => readerIn(it, remote))
    .filter(({ outcome }) => outcome !== 'found' && outcome !== 'nothing')
    .map(({ reader, outcome, detail, fetch }) => ({
      ...{ reader, outcome, rules: rulesOn(reader, report, policy) },
      ...(detail === undefined ? {} : { detail }),
      ...(fetch === undefined ? {} : { fetch }),
    }))
}
