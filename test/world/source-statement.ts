/** What somebody signed about the source: a verified statement, and the statements that the tools in the field write. */
import type { SourceStatement } from '../../src/model/source-statement.ts'

export const sourceProvenanceType = 'https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft'
export const tagProvenanceType = 'https://github.com/slsa-framework/slsa-source-poc/tag-provenance/v1-draft'
export const summaryType = 'https://slsa.dev/verification_summary/v1'

export function sourceStatement(said: Partial<SourceStatement> = {}): SourceStatement {
  return {
    predicateType: sourceProvenanceType,
    digest: 'd'.repeat(64),
    signer: {
      name: { kind: 'uri', value: 'https://github.com/acme/guard/.github/workflows/source.yml@refs/heads/main' },
      issuer: 'https://token.actions.githubusercontent.com',
      root: 'public-good',
    },
    time: '2026-11-01T10:00:05.000Z',
    repository: 'https://github.com/acme/widget',
    refs: ['refs/heads/main'],
    activity: 'pr_merge',
    actor: 'ann-of-acme',
    previous: 'e'.repeat(40),
    controls: [{ name: 'CONTINUITY_ENFORCED', since: '2026-01-02T03:04:05.006Z' }],
    result: undefined,
    levels: [],
    ...said,
  }
}

/** JSON that a test may edit. */
export interface SourceNote {
  _type: string
  subject: { digest: Record<string, string>; annotations?: Record<string, unknown> }[]
  predicateType: string
  predicate: Record<string, unknown>
}

/** Of the commit of a branch, as it is written today. */
export function sourceNote(commit: string, said: Record<string, unknown> = {}): SourceNote {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ digest: { gitCommit: commit } }],
    predicateType: sourceProvenanceType,
    predicate: {
      activityType: 'pr_merge',
      actor: 'ann-of-acme',
      branch: 'refs/heads/main',
      controls: [{ name: 'CONTINUITY_ENFORCED', since: '2026-01-02T03:04:05.006Z' }, { name: 'PROVENANCE_AVAILABLE' }],
      createdOn: '2026-11-01T10:00:00.123456789Z',
      prevCommit: 'e'.repeat(40),
      repoUri: 'https://github.com/acme/widget',
      ...said,
    },
  }
}

export function sourceSummary(commit: string, said: Record<string, unknown> = {}): SourceNote {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ digest: { gitCommit: commit }, annotations: { source_refs: ['refs/heads/main'] } }],
    predicateType: summaryType,
    predicate: {
      policy: { uri: 'https://github.com/acme/policies/blob/main/widget.json' },
      resourceUri: 'git+https://github.com/acme/widget',
      timeVerified: '2026-11-01T10:00:01.5Z',
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_SOURCE_LEVEL_3', 'TAG_HYGIENE'],
      verifier: { id: 'https://github.com/acme/guard' },
      ...said,
    },
  }
}
