/** Rules about changes: how much AI wrote, who reviewed it, who says that there was none. */
import {
  annAccount,
  annAddress,
  attribution,
  benAccount,
  benAddress,
  change,
  commitId,
  cyAccount,
  evidence,
  file,
  nothingKnown,
  nothingThere,
  person,
  plainChange,
  review,
  session,
  uri,
} from '../../world/ai-evidence.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import type { Change } from '../../../src/model/predicate.ts'
import { partOf, ruleTable } from './rule-table.ts'

const ofRange = (more: object = {}): AiSection => ({ share: [{ of: 'range', atMost: 0.5, ...more }] })
const ofChange = (more: object = {}): AiSection => ({ share: [{ of: 'change', atMost: 0.5, ...more }] })
const ofFile = (more: object = {}): AiSection => ({ share: [{ of: 'file', atMost: 0.5, ...more }] })
const lines = (ai: number, human: number, unknown?: number) =>
  evidence({ attribution: attribution({ lines: { ai, human, ...(unknown === undefined ? {} : { unknown }) } }) })
const files = (...all: ReturnType<typeof file>[]) => evidence({ changes: [change({ files: all }), plainChange()] })
ruleTable('ai/share', [
  ['of the range', ofRange(), lines(50, 50, 0), 'pass'],
  ['of the range, too much', ofRange(), lines(51, 49, 0), 'share-exceeded'],
  ['unknown lines count as those of AI', ofRange(), lines(1, 49, 50), 'share-exceeded'],
  ['unless the policy says otherwise', ofRange({ unknownAs: 'human' }), lines(1, 49, 50), 'pass'],
  ['all that is told of the range must hold', ofRange(), files(file('a', { unknown: 99 })), 'share-exceeded'],
  ['not all lines were counted', ofRange(), { ...lines(0, 9), changes: undefined }, 'evidence-missing'],
  [
    'not all lines were counted, of the changes neither',
    ofRange(),
    { ...lines(0, 9), changes: [change(), plainChange({ lines: undefined })] },
    'evidence-missing',
  ],
  ['the lines of its changes were counted', ofRange(), lines(0, 9), 'pass'],
  ['of the range under paths', ofRange({ paths: ['src/auth/**'] }), evidence(), 'share-exceeded'],
  [
    'of the range under paths, of which only some are told',
    ofRange({ paths: ['src/*'] }),
    { ...evidence(), total: 3 },
    'evidence-missing',
  ],
  ['of each change', ofChange(), evidence(), 'pass'],
  ['of each change under paths', ofChange({ paths: ['src/**'] }), evidence(), 'share-exceeded a'],
  [
    'of a change whose lines were not counted',
    ofChange(),
    evidence({ changes: [change(), plainChange({ lines: undefined })] }),
    'evidence-missing b',
  ],
  ['of each file', ofFile(), evidence(), 'share-exceeded a src/auth/login.ts'],
  ['of each file under paths', ofFile({ paths: ['*.md'] }), evidence(), 'pass'],
  [
    'of files that are not all told',
    ofFile({ paths: ['*.md'] }),
    evidence({
      changes: [change({ files: undefined, lines: { ai: 1, human: 9, unknown: 0, generated: 0 } }), plainChange()],
    }),
    'evidence-missing a',
  ],
  [
    'generated lines count for nobody',
    ofFile(),
    files(file('lock', { generated: 99 }), file('a', { human: 1 })),
    'pass',
  ],
  ['nothing is known, of the range', ofRange(), nothingKnown, 'evidence-missing'],
  ['nothing is known, of changes', ofChange(), nothingKnown, 'evidence-missing'],
  ['there is none', ofChange(), nothingThere, 'pass'],
  ['there is none in the range', ofRange(), nothingThere, 'pass'],
])

const inAuth: AiSection = { humanReview: [{ paths: ['src/auth/**'] }] }
type Context = Change['context']
const base = change().context
const reviewed = (...reviews: ReturnType<typeof review>[]) => inContext({ reviews })
function inContext(more: Partial<Context>, of: Partial<Change> = {}) {
  return evidence({ changes: [change({ context: { ...base, ...more }, ...of }), plainChange()] })
}
const byAgent = { account: person('8'), agent: 'copilot' }
const agentRequest = { ...base.request!, author: byAgent, authors: [byAgent] }
const askedBy = (requester: string | undefined, ...reviews: ReturnType<typeof review>[]) => ({
  ...inContext({ request: agentRequest, reviews }, { author: person('7'), sessions: [partOf(uri, requester)] }),
  sessions: [session({ requester })],
})
const later = { at: '2026-11-20T12:00:00.5Z' }
ruleTable('ai/human-review', [
  ['by another person, after the last change by AI', inAuth, evidence(), 'pass'],
  ['by nobody', inAuth, reviewed(), 'review-missing a'],
  ['nobody looked for reviews', inAuth, inContext({ reviews: undefined }), 'evidence-missing a'],
  ['by the author', inAuth, reviewed(review(annAccount)), 'review-missing a'],
  ['by who asked the tool', inAuth, reviewed(review(annAddress)), 'review-missing a'],
  [
    'by one of several authors',
    inAuth,
    inContext({ request: { ...base.request!, authors: [{ account: annAccount }, { account: benAccount }] } }),
    'review-missing a',
  ],
  ['by an agent', inAuth, reviewed(review(benAccount, { agent: 'copilot' })), 'review-missing a'],
  [
    'before the last change by AI',
    inAuth,
    reviewed(review(benAccount, { order: 'before-last-ai' })),
    'review-missing a',
  ],
  ['nobody knows when', inAuth, reviewed(review(benAccount, { order: 'unknown' })), 'review-missing a'],
  ['with a comment alone', inAuth, reviewed(review(benAccount, { verdict: 'commented' })), 'review-missing a'],
  [
    'taken back later',
    inAuth,
    reviewed(review(benAccount), review(benAccount, { verdict: 'dismissed', ...later })),
    'review-missing a',
  ],
  [
    'changes asked for later',
    inAuth,
    reviewed(review(benAccount, { verdict: 'changes-requested', ...later }), review(benAccount)),
    'review-missing a',
  ],
  [
    'changes asked for before',
    inAuth,
    reviewed(review(benAccount, { verdict: 'changes-requested' }), review(benAccount, later)),
    'pass',
  ],
  [
    'nobody knows which was the last',
    inAuth,
    reviewed(review(benAccount), review(benAccount, { verdict: 'dismissed', at: undefined })),
    'review-missing a',
  ],
  [
    'twice by one person',
    { humanReview: [{ approvals: 2 }] },
    reviewed(review(benAccount), review(benAccount, later)),
    'review-missing a',
  ],
  ['by two', { humanReview: [{ approvals: 2 }] }, reviewed(review(benAccount), review(cyAccount)), 'pass'],
  [
    'nobody says whose accounts wrote it',
    inAuth,
    inContext({ request: { ...base.request!, authors: undefined } }),
    'evidence-missing a',
  ],
  ['perhaps by who asked the agent', inAuth, askedBy(benAddress, review(benAccount)), 'review-missing a'],
  ['perhaps by who asked, whom nobody names', inAuth, askedBy(undefined, review(benAccount)), 'review-missing a'],
  ['by one more than asked', inAuth, askedBy(benAddress, review(benAccount), review(cyAccount)), 'pass'],
  [
    'of a change elsewhere',
    inAuth,
    evidence({ changes: [change({ files: [file('docs/x.md', { ai: 1 })], context: {} }), plainChange()] }),
    'pass',
  ],
  [
    'of a change that may have removed lines there',
    inAuth,
    evidence({ changes: [change({ files: [], context: {} }), plainChange()] }),
    'evidence-missing a',
  ],
  [
    'of a change whose files are not told',
    inAuth,
    evidence({
      changes: [
        change({ files: undefined, lines: { ai: 1, human: 0, unknown: 0, generated: 0 }, context: {} }),
        plainChange(),
      ],
    }),
    'evidence-missing a',
  ],
  [
    'of a change that only a session names',
    inAuth,
    evidence({
      changes: [
        change({ sessions: undefined, files: [file('src/auth/a', { unknown: 9 })], context: { ...base, reviews: [] } }),
        plainChange(),
      ],
    }),
    'review-missing a',
  ],
  [
    'of a change without AI',
    { humanReview: [{}] },
    evidence({
      sessions: [],
      changes: [plainChange({ context: {} })],
      attribution: attribution({ commits: { total: 1, claimed: 0, unknown: 1 } }),
    }),
    'pass',
  ],
  ['not all changes are told', inAuth, { ...evidence(), total: 3 }, 'evidence-missing'],
  ['a change is told twice', inAuth, { ...evidence({ changes: [change(), change()] }), total: 2 }, 'evidence-missing'],
  ['nothing is known', inAuth, nothingKnown, 'evidence-missing'],
  ['there is none', inAuth, nothingThere, 'pass'],
])

const signer = 'https://github.com/acme/widget/.github/workflows/import.yml@refs/heads/main'
const issuer = 'https://token.actions.githubusercontent.com'
const above: AiSection = { disclosure: { aboveLines: 9 } }
const mayOverride: AiSection = {
  disclosure: { aboveLines: 9, overrides: { allowed: [{ signer, issuer }, { signer: cyAccount }] } },
}
const undisclosed = (more: Partial<Change> = {}) => evidence({ changes: [change(), plainChange(more)] })
const reason = { letters: 20, isTicketOnly: false, signedBy: { signer, issuer } }
const overridden = (more: Partial<typeof reason> = {}, context: Context = {}) =>
  undisclosed({ override: { ...reason, ...more }, context })
const unsigned = { signedBy: undefined } as never
const approving = (more: object = {}): Context => ({ reviews: [review(cyAccount, { commit: commitId('b'), ...more })] })
ruleTable('ai/disclosure', [
  ['a change with as many lines as may be', { disclosure: { aboveLines: 10 } }, evidence(), 'pass'],
  ['one with more', above, evidence(), 'disclosure-missing b'],
  ['one with more elsewhere', { disclosure: { aboveLines: 9, paths: ['docs/**'] } }, evidence(), 'pass'],
  [
    'one with more, nobody knows where',
    { disclosure: { aboveLines: 9, paths: ['docs/**'] } },
    undisclosed({ files: undefined, lines: { ai: 0, human: 10, unknown: 0, generated: 0 } }),
    'disclosure-missing b',
  ],
  ['generated lines do not count', above, undisclosed({ files: [file('lock', { generated: 99 })] }), 'pass'],
  ['lines that were not counted', above, undisclosed({ lines: undefined }), 'evidence-missing b'],
  ['a reason that somebody signed who may', mayOverride, overridden(), 'pass'],
  ['and nobody may', above, overridden(), 'disclosure-missing b'],
  ['a reason that nobody signed', mayOverride, overridden(unsigned), 'override-unproved b'],
  [
    'that another signed',
    mayOverride,
    overridden({ signedBy: { signer: signer.replace('import', 'other'), issuer } }),
    'override-unproved b',
  ],
  [
    'under another issuer',
    mayOverride,
    overridden({ signedBy: { signer, issuer: 'https://evil.example' } }),
    'override-unproved b',
  ],
  [
    'on a branch whose name has capitals',
    mayOverride,
    overridden({ signedBy: { signer: signer.replace('/main', '/MAIN'), issuer } }),
    'override-unproved b',
  ],
  [
    'by a person who may without a certificate, under an issuer of their own',
    mayOverride,
    overridden({ signedBy: { signer: cyAccount, issuer: 'https://evil.example' } }),
    'override-unproved b',
  ],
  [
    'by a key of a person who may',
    mayOverride,
    overridden({ signedBy: { signer: cyAccount, issuer: undefined as never } }),
    'pass',
  ],
  ['a short reason', mayOverride, overridden({ letters: 19 }), 'override-unproved b'],
  ['a ticket alone', mayOverride, overridden({ isTicketOnly: true }), 'override-unproved b'],
  ['approved by somebody who may', mayOverride, overridden(unsigned, approving()), 'pass'],
  [
    'approved at another commit',
    mayOverride,
    overridden(unsigned, approving({ commit: commitId('c') })),
    'override-unproved b',
  ],
  ['approved by another', mayOverride, overridden(unsigned, approving({ by: benAccount })), 'override-unproved b'],
  [
    'approved by its author',
    mayOverride,
    overridden(unsigned, { ...approving(), request: { ...base.request!, author: { account: cyAccount } } }),
    'override-unproved b',
  ],
  ['not all changes are told', above, { ...evidence(), total: 3 }, 'evidence-missing'],
  ['nothing is known', above, nothingKnown, 'evidence-missing'],
  ['there is none', above, nothingThere, 'pass'],
])
