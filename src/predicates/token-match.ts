/**
 * Is a provenance the one that `attest` would have written for the build that a token is for? Asked before a prepared
 * statement is signed: a log entry is for ever, so to find out from the finished bundle would be too late.
 */
import * as z from 'zod/mini'
import { configInForce } from '../model/evidence-config.ts'
import type { CollectedSessions, Facts, ReleaseRange, Source, VerifiedToken } from '../model/facts.ts'
import { rangeReasons, sessionAnnotation } from '../model/session.ts'
import type { AttributionSummary, Session } from '../model/session.ts'
import { notCollected } from '../model/not-collected.ts'
import { sourceAnnotation, sparseFiles, untrackedFiles } from '../model/source-tree.ts'
import { present } from '../model/statement.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { buildProvenance, submodulesReader } from './build-provenance.ts'
import { readReasoningLog } from './byproducts.ts'
import { memberDifferences } from './member-differences.ts'
import { provenancePredicate } from './provenance.ts'
import type { ProvenancePredicate } from './provenance.ts'
import { readChangesDigest, readSession, readSummary } from './session.ts'

/**
 * Where the predicate differs from what `buildProvenance` writes for this token and checkout, as paths; members that it
 * would not write are differences too. Only what nobody can look up again is taken from the predicate itself: inputs of a
 * dispatched run, sessions, their summary, the digest of a log of reasoning, the version of the tool, untracked files and those that a sparse
 * checkout left out, and that the work tree was dirty. Without a
 * checkout there is nothing of that kind. `['predicate']` where it is no provenance v1.
 */
export function foreignFields(predicate: unknown, token: VerifiedToken, source: Source | undefined): string[] {
  const parsed = provenancePredicate.safeParse(predicate)
  if (!parsed.success) return ['predicate']
  const { version } = parsed.data.runDetails.builder
  const written = buildProvenance(factsIn(parsed.data, token, source), version?.['countersign'] ?? '')
  return memberDifferences(predicate, written)
}

function factsIn(
  { buildDefinition, runDetails }: ProvenancePredicate,
  token: VerifiedToken,
  source: Source | undefined,
): Facts {
  const [checkout, ...others] = (buildDefinition.resolvedDependencies ?? []).map(present)
  const isDispatched = token.identity.extensions.buildTrigger === 'workflow_dispatch'
  const inputs = declaredInputs.safeParse(buildDefinition.externalParameters?.['inputs'])
  const byproducts = (runDetails.byproducts ?? []).map(present)
  const summary = byproducts.map(readSummary).find((it) => it !== undefined)
  return {
    subjects: [],
    token,
    changeStatement: others.map(readChangesDigest).find((it) => it !== undefined),
    reasoningLog: source === undefined ? undefined : byproducts.map(readReasoningLog).find((it) => it !== undefined),
    source: source === undefined ? undefined : { ...source, ...treeIn(checkout, source) },
    inputs: isDispatched && inputs.success ? inputs.data : undefined,
    sessions:
      source === undefined
        ? uncollected(token, summary)
        : {
            range: rangeIn(summary, source.commit),
            commits: { total: summary?.commits.total ?? 0, claimed: summary?.commits.claimed ?? 0 },
            sessions: others.flatMap((it) => knownSession(readSession(it)) ?? []),
            lines: summary?.lines,
            // Those of submodules are said anew, by the checkout.
            readers: (summary?.readers ?? []).flatMap(({ reader, outcome, claims, detail }) =>
              reader === submodulesReader
                ? []
                : [{ reader, outcome, claims, ...(detail === undefined ? {} : { detail }) }],
            ),
            config: summary?.config === undefined ? undefined : writtenConfig.parse(summary.config),
            findings: [],
            findingCounts: summary?.findings ?? {},
          },
  }
}

function rangeIn(summary: AttributionSummary | undefined, until: string): ReleaseRange {
  const { since = null, sinceName, reason, base, paths = [], cut = false } = summary?.range ?? {}
  const known = rangeReasons.find((it) => it === reason) ?? 'unknown'
  return { since, sinceName, until, reason: known, base, paths, cut }
}

const declaredInputs = z.record(z.string(), z.string())

/** Without a checkout nothing of a commit can be said, neither then nor now. */
function uncollected({ identity }: VerifiedToken, summary: AttributionSummary | undefined): CollectedSessions {
  const readers = (summary?.readers ?? []).map((it) => it.reader)
  return notCollected(identity.extensions.sourceRepositoryDigest ?? '', readers)
}

/** The members that this version writes. */
const writtenConfig = z.object(configInForce.shape)
const writtenUntracked = z.object(untrackedFiles.shape)
const writtenSparse = z.object(sparseFiles.shape)

/** That it was changed cannot be taken back; which files were untracked or left out then, nobody can look up now. */
function treeIn(
  checkout: ResourceDescriptor | undefined,
  source: Source,
): Pick<Source, 'dirty' | 'untracked' | 'sparse'> {
  const said = sourceAnnotation.safeParse(checkout?.annotations?.['countersign'])
  const { dirty, untracked, sparse } = said.success ? said.data : {}
  return {
    dirty: source.dirty || dirty === true,
    untracked: untracked === undefined ? source.untracked : writtenUntracked.parse(untracked),
    sparse: sparse === undefined ? undefined : writtenSparse.parse(sparse),
  }
}

/** The members that this version writes. */
const writtenAnnotation = z.object(sessionAnnotation.shape)

/** A session with just the members that this version writes. */
export function knownSession(session: Session | undefined): Session | undefined {
  if (session === undefined) return undefined
  const { id, digest } = session
  return {
    ...writtenAnnotation.parse(session),
    ...(id === undefined ? {} : { id }),
    ...(digest === undefined ? {} : { digest }),
  }
}
