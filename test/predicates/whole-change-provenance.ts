/** Change provenance with everything that the format knows: one change, by one session, reviewed and checked. */
import { sessionDescriptor } from '../../src/predicates/session.ts'
import { sessions } from '../world/release.ts'

const [since, until] = ['a'.repeat(40), 'b'.repeat(40)]
const person = (digit: string): string => `hmac-sha256:${digit.repeat(64)}`

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
      tickets: ['https://acme.atlassian.example/browse/W-42'],
      reviews: [{ by: person('3'), role: 'maintainer', verdict: 'approved', at: '2026-11-20T12:00:00Z' }],
      sessions: [{ uri: 'urn:ai-session:claude-code:session_01Test', role: 'implementation', linkage: 'direct' }],
      lines: { ai: 120, human: 7, unknown: 3 },
      checks: [{ name: 'unit tests', outcome: 'passed' }],
    },
  ],
  sessions: [sessionDescriptor(sessions[0]!)],
  receipts: [{ sha256: 'e'.repeat(64), issuer: 'https://gateway.acme.example', jwksThumbprint: 'thumbprint' }],
  readers: [
    { reader: 'trailer', outcome: 'found' },
    { reader: 'git-ai-note', outcome: 'not-fetched' },
  ],
}
