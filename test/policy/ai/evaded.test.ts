/** Names and gaps by which somebody would pass below a rule about AI. */
import {
  annAddress,
  benAccount,
  change,
  commitId,
  cyAccount,
  evidence,
  file,
  plainChange,
  review,
  session,
} from '../../world/ai-evidence.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import { ruleTable, withSession } from './rule-table.ts'

const models = (more: object): AiSection => ({ models: more })
const denied = models({ deny: ['claude-opus-*', 'acme-coder-2'] })
ruleTable('ai/models', [
  [
    'a version behind an @',
    denied,
    withSession({ models: ['claude-opus-4@20250514'] }),
    'model-refused session:claude-code:s1',
  ],
  [
    'a version of one that is denied whole',
    denied,
    withSession({ models: ['host/acme-coder-2@1'] }),
    'model-refused session:claude-code:s1',
  ],
  [
    'longer than a pattern can be compared with',
    denied,
    withSession({ models: ['x'.repeat(3_000)] }),
    'model-refused session:claude-code:s1',
  ],
  [
    'slashes without end',
    denied,
    withSession({ models: ['/'.repeat(100_000)] }),
    'model-refused session:claude-code:s1',
  ],
  [
    'allowed with its version',
    models({ allow: ['claude-opus-*'] }),
    withSession({ models: ['claude-opus-4@1'] }),
    'pass',
  ],
])

const onBranch: AiSection = { levels: [{ atLeast: 'vouched', branches: ['release/*'] }] }
const ofBranch = (name: string) => {
  const { branch, changes = [], ...rest } = evidence()
  const { request } = change().context
  const all = changes.map((it) => ({ ...it, context: { ...it.context, request: { ...request!, target: name } } }))
  return { ...rest, changes: all, branch: { ...branch!, name } }
}
ruleTable('ai/levels', [
  ['of a branch with an @ in its name', onBranch, ofBranch('release/v1@2'), 'level-too-low a session:claude-code:s1'],
  ['of another branch', onBranch, ofBranch('main'), 'pass'],
])

const children = ['s2', 's3'].map((id) => session({ id, parent: 'urn:ai-session:claude-code:s1' }))
ruleTable('ai/subagents', [
  [
    'a parent that is written with its tool',
    { subagents: { atMost: 1 } },
    evidence({ sessions: [session(), ...children] }),
    'subagents-exceeded session:claude-code:s1',
  ],
])

const found = { reader: 'ai-configuration', outcome: 'found' }
ruleTable('ai/configurations', [
  [
    'one that was found and that nobody can read',
    { configurations: ['a'.repeat(64)] },
    { ...evidence(), configuration: undefined, readers: [found] },
    'evidence-missing',
  ],
])

const inPay: AiSection = { humanReview: [{ paths: ['src/pay/**'] }] }
const byPerson = plainChange({
  files: [file('src/pay/a.ts', { human: 9 })],
  context: { ...change().context, reviews: [] },
})
const unplaced = session({ id: 's9', commits: [] })
const withUnplaced = (...sessions: ReturnType<typeof session>[]) =>
  evidence({ sessions: [session(), ...sessions], changes: [change(), byPerson] })
ruleTable('ai/human-review', [
  ['a session that says not where it was', inPay, withUnplaced(unplaced), 'review-missing b'],
  ['one that says it was elsewhere', inPay, withUnplaced({ ...unplaced, commits: [commitId('a')] }), 'pass'],
  ['one that was of another range', inPay, withUnplaced({ ...unplaced, commits: [commitId('9')] }), 'review-missing b'],
  ['one that started others', inPay, withUnplaced({ ...unplaced, id: 's8' }, session({ parent: 's8' })), 'pass'],
  [
    'who asked for it cannot approve',
    inPay,
    evidence({
      sessions: [session(), { ...unplaced, requester: benAccount }],
      changes: [
        change(),
        plainChange({
          files: [file('src/pay/a.ts', { human: 9 })],
          context: { ...change().context, reviews: [review(benAccount)] },
        }),
      ],
    }),
    'review-missing b',
  ],
  [
    'another can',
    inPay,
    evidence({
      sessions: [session(), { ...unplaced, requester: annAddress }],
      changes: [
        change(),
        plainChange({
          files: [file('src/pay/a.ts', { human: 9 })],
          context: { ...change().context, reviews: [review(cyAccount)] },
        }),
      ],
    }),
    'pass',
  ],
])
