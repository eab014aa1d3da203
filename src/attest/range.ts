/** What a release says of AI before anything of it is signed: the range that would be attested, read and told change by change. */
import { recomputeCommand } from '../collect/ai-configuration/recompute-command.ts'
import { submodulesIn } from '../collect/git/submodules.ts'
import { findingMeanings } from '../collect/sessions/finding-meanings.ts'
import type { CollectedAiConfiguration } from '../model/ai-configuration.ts'
import type { Change } from '../model/change.ts'
import type { CollectedSessions } from '../model/facts.ts'
import { commitAnswers } from '../model/commit-questions.ts'
import { mendOf } from '../model/finding-mends.ts'
import { levelReason } from '../model/level-words.ts'
import { nextStepOf, raisingSteps, raisingWords } from '../model/raising-steps.ts'
import { rangeReportType } from '../model/range-report.ts'
import type { RangeReport, ReportedChange, ReportedFinding, ReportedSession } from '../model/range-report.ts'
import { branchIn, contextIn } from '../model/reported-context.ts'
import type { Level, ReaderReport, Session } from '../model/session.ts'
import { rangeOf, submoduleReports } from '../predicates/build-provenance.ts'
import { collectAsked } from './asked-range.ts'
import type { RangeRequest } from './asked-range.ts'
import { readerIn } from './reader-in.ts'
import type { ReleasedChanges } from './released-range.ts'

/**
 * What the records in the checkout around the working folder say of AI in a range of commits: sessions with their levels, changes,
 * files and lines, findings, what was not looked at, and what would raise a level. It holds commits, counts, ids, and paths of the
 * repository; no name, address, title or text. Nothing is signed, no token is needed, and the work tree is not read. Errors:
 * `git-no-repository`, `git-no-commit`, `git-failed`, `revision-unknown`, `tag-pattern-invalid`, `release-start-unknown`,
 * `config-malformed`, `config-refused`, `path-missing`, `history-shallow`, `object-altered`, `session-limit`,
 * `allowed-signers-malformed`, `keyring-malformed`, `allowed-identity-malformed`, `receipt-issuers-malformed`, `receipt-issuers-unusable`, and those of reading files and of a source of trust.
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
  const { collected, remote, repository, commit } = await collectAsked(request)
  const submodules = await submodulesIn(repository, commit)
  const report = reportOf(collected, submoduleReports(submodules), remote, request.aiConfiguration === 'listed')
  return request.commit === undefined ? report : { ...report, answers: commitAnswers(report) }
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
  const { commits, lines, linkage, readers, digest, iterations, transcript, corroborated, receipt, model, portal } =
    session
  return {
    ...{ tool, id, level, toolVersion, models, startedAt, endedAt, parent, role },
    ...{ iterations, transcript, corroborated, receipt, model, portal },
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
