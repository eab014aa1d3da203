/** What a release says of AI before anything of it is signed: the range that would be attested, read and told change by change. */
import { recomputeCommand } from '../collect/ai-configuration/recompute-command.ts'
import { requestsReader } from '../collect/change/walk.ts'
import { fetchOfRequests } from '../collect/change/request-heads.ts'
import { CountersignError, option } from '../errors.ts'
import { commitOf, headOf, openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { namedEnd } from '../collect/git/history.ts'
import { readRemote } from '../collect/git/source.ts'
import { submodulesIn } from '../collect/git/submodules.ts'
import { findingMeanings } from '../collect/sessions/finding-meanings.ts'
import { sessionReaders } from '../collect/sessions/readers/index.ts'
import type { CollectedAiConfiguration } from '../model/ai-configuration.ts'
import type { Change } from '../model/change.ts'
import type { CollectedSessions } from '../model/facts.ts'
import { commitAnswers } from '../model/commit-questions.ts'
import { contextReaders } from '../model/context.ts'
import type { ContextReader } from '../model/context.ts'
import { mendOf } from '../model/finding-mends.ts'
import { levelReason } from '../model/level-words.ts'
import { nextStepOf, raisingSteps, raisingWords } from '../model/raising-steps.ts'
import { rangeReportType } from '../model/range-report.ts'
import type {
  RangeReport,
  ReportedChange,
  ReportedFinding,
  ReportedReader,
  ReportedSession,
} from '../model/range-report.ts'
import { branchIn, contextIn } from '../model/reported-context.ts'
import type { Level, ReaderReport, Session } from '../model/session.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { rangeOf, submoduleReports } from '../predicates/build-provenance.ts'
import { loadTrust } from '../sigstore/trust/source.ts'
import { collectReleased } from './released-range.ts'
import type { RangeOptions, ReleasedChanges } from './released-range.ts'
import { askedSigners, signersUnder } from './signer-keys.ts'
import type { SignersRequest } from './signer-keys.ts'
import { sourceRoots } from './source-roots.ts'
import { sourceVerifier } from './source-statements.ts'

/** Which commits are looked at; by default those that `attest` would take here. */
export interface RangeRequest extends RangeOptions, SignersRequest {
  /** One commit in place of a range: then the report answers what is asked of it. */
  readonly commit?: string
  /** A commit, tag or branch with which the range ends; default HEAD. The version of a tag says where it begins. */
  readonly until?: string
  /** `none`: the remote is not asked what it has that this clone has not. */
  readonly network?: 'none'
  /** By what certificates are verified beside public-good Sigstore's root, which is taken as it is at hand. */
  readonly trust?: TrustSource
  /** `listed`: with the files of the AI configuration, one by one. */
  readonly aiConfiguration?: 'listed'
  /** Parts of the world to use in place of the process's own. */
  readonly world?: Partial<World>
}

/**
 * What the records in the checkout around the working folder say of AI in a range of commits: sessions with their levels, changes,
 * files and lines, findings, what was not looked at, and what would raise a level. It holds commits, counts, ids, and paths of the
 * repository; no name, address, title or text. Nothing is signed, no token is needed, and the work tree is not read. Errors:
 * `git-no-repository`, `git-no-commit`, `git-failed`, `revision-unknown`, `tag-pattern-invalid`, `release-start-unknown`,
 * `config-malformed`, `config-refused`, `path-missing`, `history-shallow`, `object-altered`, `session-limit`,
 * `allowed-signers-malformed`, `keyring-malformed`, `allowed-identity-malformed`, and those of reading files and of a source of trust.
 *
 * @example
 * ```ts
 * import { collectRange } from 'countersign/attest'
 *
 * const { commits, sessions, readers } = await collectRange({ network: 'none' })
 * console.log(`${commits.claimed} of ${commits.total}`, sessions.map((it) => it.level).join(), readers.length)
 * ```
 */
export async function collectRange(request: RangeRequest = {}): Promise<RangeReport> {
  const world = worldOf(request.world)
  const asked = await askedSigners(request, world)
  // What is named must be there, also where nothing turns out to be signed.
  const own = request.trust === undefined ? undefined : await loadTrust(request.trust, world)
  const repository = await openRepository(world.cwd, { env: world.env })
  const range = await rangeAsked(repository, request)
  const end = await endOf(repository, range.until)
  const remote = await readRemote(repository)
  const asksRemote = request.network !== 'none'
  const place = { ...end, remote, asksRemote }
  const roots = sourceRoots(own === undefined ? undefined : () => Promise.resolve(own), world)
  const collected = await collectReleased(repository, range, place, world, {
    ...{ lines: 'all', context: 'read' },
    // Without a token only the remote says which repository this is.
    verifySource: sourceVerifier({ url: remote, id: undefined, issuer: '' }, roots),
    ...signersUnder(asked, roots),
  })
  const submodules = await submodulesIn(repository, end.commit)
  const report = reportOf(collected, submoduleReports(submodules), remote, request.aiConfiguration === 'listed')
  return request.commit === undefined ? report : { ...report, answers: commitAnswers(report) }
}

/** Of one commit: what it added to its first parent, with all that a merge brought in. Errors: `revision-unknown`, `usage`. */
async function rangeAsked(repository: Repository, request: RangeRequest): Promise<RangeRequest> {
  const { commit: name, ...rest } = request
  if (name === undefined) return request
  const other = (['since', 'until', 'adopt', 'tagPattern'] as const).find((it) => request[it] !== undefined)
  if (other !== undefined) {
    const words = `${option('commit')} and ${option(other)} do not go together`
    throw new CountersignError('usage', words, { option: other })
  }
  const { commit } = await namedEnd(repository, name)
  const parent = await commitOf(repository, `${commit}^1`)
  return { ...rest, until: commit, ...(parent === undefined ? { adopt: true } : { since: parent }) }
}

async function endOf(
  repository: Repository,
  until: string | undefined,
): Promise<{ readonly commit: string; readonly ref: string | undefined }> {
  if (until !== undefined) return namedEnd(repository, until)
  return { commit: await headOf(repository), ref: repository.ref }
}

function reportOf(
  { sessions: collected, changes, context }: ReleasedChanges,
  others: readonly ReaderReport[],
  remote: string | undefined,
  isListed: boolean,
): RangeReport {
  const { range, commits, lines, sessions, readers, config, aiConfiguration } = collected
  const levelOf = new Map(sessions.map((it) => [nameOf(it.tool, it.id), it.level]))
  return {
    type: rangeReportType,
    signed: false,
    range: rangeOf(range),
    otherTag: range.otherTag,
    commits: { ...commits, unknown: commits.total - commits.claimed },
    lines: lines === undefined ? undefined : { ...lines, unknown: lines.unknown ?? 0, generated: lines.generated ?? 0 },
    sessions: sessions.map(sessionIn),
    told: changes.length === commits.total ? 'all' : 'ai',
    changes: changes.map((it) => changeIn(it, levelOf)),
    branch: context?.branch === undefined ? undefined : branchIn(context.branch),
    findings: findingsIn(collected),
    config,
    aiConfiguration:
      aiConfiguration === undefined ? undefined : configurationIn(aiConfiguration, range.until, isListed),
    readers: [...readers, ...others, ...(context?.readers ?? [])].map((it) => readerIn(it, remote)),
    steps: stepsOf(sessions),
  }
}

function configurationIn(
  { listing, ...configuration }: CollectedAiConfiguration,
  commit: string,
  isListed: boolean,
): RangeReport['aiConfiguration'] {
  return isListed ? { ...configuration, listing: [...listing], recompute: recomputeCommand(commit) } : configuration
}

function nameOf(tool: string, id: string | undefined): string {
  return JSON.stringify([tool, id])
}

/** Member by member: what a session says of people, hashed or not, is no part of a report. */
function sessionIn(session: Session): ReportedSession {
  const { tool, id, level, toolVersion, models, startedAt, endedAt, parent, role } = session
  const { commits, lines, linkage, readers, digest, iterations, transcript, corroborated } = session
  return {
    ...{ tool, id, level, toolVersion, models, startedAt, endedAt, parent, role },
    ...{ iterations, transcript, corroborated },
    ...{ commits, lines, linkage, readers, digest, reason: levelReason(session), next: nextStepOf(session) },
  }
}

function changeIn(
  { commit, parents, request, parts, context, lines: added, files }: Change,
  levelOf: ReadonlyMap<string, Level>,
): ReportedChange {
  return {
    ...{ commit, parents: [...parents], request },
    sessions: parts.map(({ tool, id, role, linkage, lines, corroborated }) => ({
      ...{ tool, id, role, linkage, lines, corroborated, level: levelOf.get(nameOf(tool, id)) ?? 'claimed' },
    })),
    context: context === undefined ? undefined : contextIn(context),
    lines: added === undefined ? undefined : { ...added },
    files: files.map((it) => ({ ...it, sessions: it.sessions.map((session) => ({ ...session })) })),
  }
}

function readerIn(report: ReaderReport, remote: string | undefined): ReportedReader {
  const row = sessionReaders.find(({ id }) => id === report.reader)
  const isRequests = report.reader === requestsReader
  const fetch = isRequests ? fetchOfRequests(remote) : row?.fetch
  return {
    ...report,
    title: isRequests ? 'pull and merge requests that changes came of' : (row?.title ?? contextTitle(report.reader)),
    fetch: report.outcome === 'not-fetched' ? fetch : undefined,
  }
}

function contextTitle(reader: string): string | undefined {
  const known = contextReaders.find((it) => it === reader)
  return known === undefined ? undefined : contextTitles[known]
}

const contextTitles: { readonly [reader in ContextReader]: string } = {
  request: 'what the forge says of the requests that changes came of',
  reviews: 'reviews of these requests',
  checks: 'checks of changes, and of the heads of their requests',
  deployments: 'deployments of changes',
  'branch-rules': 'rules of the branch that the release comes from',
}

function findingsIn({ findings, findingCounts }: CollectedSessions): ReportedFinding[] {
  return Object.entries(findingCounts).map(([code, count]) => ({
    ...{ code, count, meaning: findingMeanings.get(code) ?? code, mend: mendOf(code) },
    kept: findings.filter((it) => it.code === code).map(({ reader, commit, detail }) => ({ reader, commit, detail })),
  }))
}

function stepsOf(sessions: readonly Session[]): RangeReport['steps'] {
  const counts = new Map(raisingSteps.map((step) => [step, 0]))
  for (const it of sessions) {
    const step = nextStepOf(it)
    if (step !== undefined) counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([step, count]) => ({ step, sessions: count, mend: raisingWords[step] }))
}
