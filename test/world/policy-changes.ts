/** Provenance of a release that tells its range change by change, as two bundles of one job. */
import { sha256Hex } from '../../src/model/digest.ts'
import type { Session } from '../../src/model/session.ts'
import { changesDescriptor, sessionDescriptor, summaryDescriptor, summaryName } from '../../src/predicates/session.ts'
import { artifactDigest } from './release.ts'
import type { EditableBundle, EditableStatement, Job, Release } from './release.ts'
import { releaseJob } from './policy-release.ts'

export interface Told {
  readonly job?: Job
  /** Members of the first change, which is the commit that is built, and further changes. */
  readonly first?: object
  readonly others?: readonly object[]
  /** How many changes there are; default: those that are told. */
  readonly total?: number
  /** How many the summary of the provenance has; default: as many. */
  readonly summaryTotal?: number
  /** In place of those that every statement of a test has. */
  readonly sessions?: readonly Session[]
  /** Members of the range in the summary; the statement of changes has the same. */
  readonly range?: object
  /** Members of the range in the statement of changes, which then contradicts. */
  readonly otherRange?: object
  readonly edit?: ((statement: EditableStatement) => void) | undefined
}

/** A commit that no other test of a file has. */
export const commitOf = (digit: string): string => digit.repeat(40)

/** The provenance first, then the statement of changes that it names. */
export async function toldRelease(release: Release, told: Told = {}): Promise<[EditableBundle, EditableBundle]> {
  const { job = releaseJob, others = [] } = told
  const provenance = editedProvenance(release, told)
  const until = job.sha ?? '0123456789abcdef0123456789abcdef01234567'
  const changes = [{ commit: until, ...told.first }, ...others]
  const total = told.total ?? changes.length
  const summary = summaryIn(provenance)
  if (summary !== undefined) summary.commits.total = told.summaryTotal ?? total
  const { since = null } = summary?.range ?? {}
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app.tgz', digest: { sha256: artifactDigest } }],
    predicateType: 'https://w3id.org/countersign/change-provenance/v1',
    predicate: {
      range: { since, until: summary?.range.until ?? until, ...told.otherRange },
      changes,
      total,
      readers: [],
    },
  }
  const bytes = Buffer.from(JSON.stringify(statement))
  provenance.predicate.buildDefinition.resolvedDependencies!.push(changesDescriptor(sha256Hex(bytes)))
  return [await release.sign(provenance, job), await release.sign(bytes, job)]
}

/** The provenance alone, which names no statement of changes. */
export function editedProvenance(
  release: Release,
  { job = releaseJob, sessions, range, edit }: Told,
): EditableStatement {
  const provenance = release.statement(job)
  const { buildDefinition, runDetails } = provenance.predicate
  if (sessions !== undefined) {
    const others = (buildDefinition.resolvedDependencies ?? []).filter((it) => !String(it.uri).startsWith('urn:ai-'))
    buildDefinition.resolvedDependencies = [...others, ...sessions.map(sessionDescriptor)]
  }
  if (range !== undefined) {
    const until = job.sha ?? '0123456789abcdef0123456789abcdef01234567'
    runDetails.byproducts = [
      summaryDescriptor({
        range: { since: null, until, reason: 'adopted', ...range },
        commits: { total: 1, claimed: 0, unknown: 1 },
        readers: [{ reader: 'trailer', outcome: 'nothing', claims: 0 }],
        findings: {},
      }),
    ]
  }
  edit?.(provenance)
  return provenance
}

interface WrittenSummary {
  readonly commits: { total: number }
  readonly range: { readonly since: string | null; readonly until: string }
}

function summaryIn({ predicate }: EditableStatement): WrittenSummary | undefined {
  const found = (predicate.runDetails.byproducts ?? []).find(({ name }) => name === summaryName)
  return found?.annotations?.['countersign'] as WrittenSummary | undefined
}
