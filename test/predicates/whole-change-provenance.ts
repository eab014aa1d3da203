/** Change provenance with everything that the format knows: one change, by one session, reviewed and checked. */
import { sessionDescriptor } from '../../src/predicates/session.ts'
import { sessions } from '../world/release.ts'

const [since, until] = ['a'.repeat(40), 'b'.repeat(40)]
const person = (digit: string): string => `hmac-sha256:${digit.repeat(64)}`
const from = (said: string): { said: string; read: { sha256: string } } => ({ said, read: { sha256: '9'.repeat(64) } })

export const wholeChangeProvenance = {
  range: { since, until, reason: 'the tag v1.1.0, the version before' },
  changes: [
    {
      commit: until,
      tree: 'c'.repeat(40),
      patchId: 'd'.repeat(40),
      parents: [since],
      author: person('1'),
      committer: person('2'),
      pullRequest: 'https://github.com/acme/widget/pull/7',
      request: {
        ...from('forge-api'),
        author: { account: person('4'), agent: 'copilot' },
        mergedBy: { account: person('3') },
        mergedAt: '2026-11-20T12:30:00Z',
        target: 'main',
        labels: ['ai-assisted'],
        links: ['urn:ai-session:claude-code:session_01Test'],
        authors: [{ account: person('4') }],
      },
      tickets: [
        {
          ...from('commit'),
          ...{ system: 'jira', key: 'W-42', rule: 'prefix' as const },
          ...{ uri: 'https://acme.atlassian.example/browse/W-42', relation: 'closes' },
          parent: {
            ...from('tracker-api'),
            key: 'W-7',
            uri: 'https://acme.atlassian.example/browse/W-7',
            kind: 'epic',
          },
        },
      ],
      reviews: [
        {
          ...{ ...from('forge-api'), by: person('3'), role: 'maintainer', verdict: 'approved' },
          ...{ at: '2026-11-20T12:00:00Z', commit: since, order: 'after-last-ai' },
        },
      ],
      sessions: [{ uri: 'urn:ai-session:claude-code:session_01Test', role: 'implementation', linkage: 'direct' }],
      lines: { ai: 120, human: 7, unknown: 3, generated: 2 },
      files: [
        { path: 'src/a.ts', ai: 120, human: 0, unknown: 0 },
        { path: 'package-lock.json', ai: 0, human: 0, unknown: 0, generated: 2 },
      ],
      override: {
        ...{ ...from('commit'), letters: 31, ticketOnly: false },
        signedBy: { person: person('1'), issuer: 'https://accounts.example' },
      },
      checks: [
        {
          ...{ ...from('forge-api'), name: 'unit tests', outcome: 'passed', reporter: 'github-actions' },
          ...{ at: '2026-11-20T12:10:00Z', commit: until },
        },
      ],
      deployments: [
        {
          ...{ ...from('forge-api'), environment: 'production', state: 'success' },
          ...{ at: '2026-11-20T13:00:00Z', commit: until },
        },
      ],
    },
  ],
  sessions: [sessionDescriptor(sessions[0]!)],
  receipts: [{ sha256: 'e'.repeat(64), issuer: 'https://gateway.acme.example', jwksThumbprint: 'thumbprint' }],
  branch: {
    ...{ ...from('forge-api'), name: 'main', protected: true, requiredChecks: ['unit tests'], requiredApprovals: 1 },
    ...{ requiresCodeOwners: true, dismissesStale: true, bindsAdministrators: true, allowsForcePush: false },
  },
  readers: [
    { reader: 'trailer', outcome: 'found' },
    { reader: 'git-ai-note', outcome: 'not-fetched' },
  ],
}
