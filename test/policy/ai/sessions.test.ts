/** Rules about sessions: tools, models, levels, who vouches for them, how much they did. */
import {
  attribution,
  change,
  commitId,
  evidence,
  file,
  nothingKnown,
  nothingThere,
  plainChange,
  session,
} from '../../world/ai-evidence.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import { ruleTable, withSession } from './rule-table.ts'

/** A change names its session, and nothing describes it. */
const undescribed = evidence({ sessions: [] })
const notCollected = evidence({
  sessions: [],
  attribution: attribution({ range: { since: null, until: commitId('a'), reason: 'not-collected' } }),
})
const cut = evidence({ attribution: attribution({ range: { since: null, until: commitId('a'), cut: true } }) })
const nobodyLooked = evidence({
  sessions: [],
  attribution: attribution({ readers: [{ reader: 'trailer', outcome: 'not-fetched', claims: 0 }] }),
})

const allowTools: AiSection = { tools: { allow: ['claude-*', 'cursor'] } }
const denyTools: AiSection = { tools: { deny: ['curs*'] } }
ruleTable('ai/tools', [
  ['one that is allowed', allowTools, evidence(), 'pass'],
  ['one that is not', allowTools, withSession({ tool: 'codex' }), 'tool-refused session:codex:s1'],
  ['one that is denied', denyTools, withSession({ tool: 'cursor' }), 'tool-refused session:cursor:s1'],
  ['one that is denied, in capitals', denyTools, withSession({ tool: 'CURSOR' }), 'tool-refused session:CURSOR:s1'],
  [
    'one that is allowed and denied',
    { tools: { allow: ['cursor'], deny: ['cursor'] } },
    withSession({ tool: 'cursor' }),
    'tool-refused session:cursor:s1',
  ],
  ['nobody named it', denyTools, withSession({ tool: 'unknown' }), 'tool-refused session:unknown:s1'],
  ['nobody named it, and that is allowed', { tools: { allow: ['unknown'] } }, withSession({ tool: 'unknown' }), 'pass'],
  [
    'one that only a change names',
    { tools: { allow: ['cursor'] } },
    undescribed,
    'tool-refused session:claude-code:s1',
  ],
  ['nothing is known', allowTools, nothingKnown, 'evidence-missing'],
  ['there was no checkout', allowTools, notCollected, 'evidence-missing'],
  ['the history is cut', allowTools, cut, 'evidence-missing'],
  ['no reader has looked', allowTools, nobodyLooked, 'evidence-missing'],
  ['there is none', allowTools, nothingThere, 'pass'],
])

const allowModels: AiSection = { models: { allow: ['claude-*', 'gpt-5*'] } }
const denyModels: AiSection = { models: { deny: ['deepseek-*'] } }
const at = 'session:claude-code:s1'
ruleTable('ai/models', [
  ['one that is allowed', allowModels, evidence(), 'pass'],
  ['one that is not', allowModels, withSession({ models: ['gpt-4o'] }), `model-refused ${at}`],
  ['one of several', allowModels, withSession({ models: ['gpt-5.2', 'grok-4'] }), `model-refused ${at}`],
  ['one that is denied', denyModels, withSession({ models: ['DeepSeek-R1'] }), `model-refused ${at}`],
  ['one behind a vendor', denyModels, withSession({ models: ['host/deepseek/deepseek-r1'] }), `model-refused ${at}`],
  [
    'one that was also called so',
    denyModels,
    withSession({ models: ['x-1'], modelsSaid: ['deepseek-x'] }),
    `model-refused ${at}`,
  ],
  [
    'that of an agent that the session started',
    allowModels,
    withSession({ transcript: transcript([{ id: 'w', models: ['grok-4'], digest: { sha256: 'd' } }]) }),
    `model-refused ${at}`,
  ],
  ['none is named', allowModels, withSession({ models: [] }), `model-unknown ${at}`],
  ['none is named, and some are denied', denyModels, withSession({ models: [] }), `model-unknown ${at}`],
  ['it is called unknown', denyModels, withSession({ models: ['Unknown'] }), `model-unknown ${at}`],
  [
    'none is named, and it may be',
    { models: { ...denyModels.models, unknown: 'allow' } },
    withSession({ models: [] }),
    'pass',
  ],
  ['that of a session that only a change names', allowModels, undescribed, `model-unknown ${at}`],
  ['nothing is known', allowModels, nothingKnown, 'evidence-missing'],
  ['there is none', allowModels, nothingThere, 'pass'],
])

function transcript(agents: NonNullable<NonNullable<ReturnType<typeof session>['transcript']>['agents']>) {
  return { format: 'x', files: 1, turns: 1, edits: { applied: 1 }, agents }
}

const signed: AiSection = { levels: [{ atLeast: 'signed' }] }
const inAuth: AiSection = { levels: [{ atLeast: 'signed', paths: ['src/auth/**'] }] }
const onMain: AiSection = { levels: [{ atLeast: 'signed', branches: ['main'] }] }
const low = withSession({ level: 'recorded' })
const tooLow = `level-too-low a ${at}`
const elsewhere = evidence({
  sessions: [session({ level: 'claimed' })],
  changes: [change({ files: [file('docs/x.md', { ai: 3 })] }), plainChange()],
})
const onBranch = (target: string | undefined, branch: string | undefined) => {
  const { request, ...context } = change().context
  const { branch: rules, ...rest } = low
  return {
    ...rest,
    changes: [change({ context: { ...context, request: { ...request!, target } } }), plainChange()],
    branch: branch === undefined ? undefined : { ...rules!, name: branch },
  }
}
ruleTable('ai/levels', [
  ['high enough', signed, evidence(), 'pass'],
  ['higher', { levels: [{ atLeast: 'recorded' }] }, evidence(), 'pass'],
  ['too low', signed, low, tooLow],
  [
    'a tool without a session is a claim, whatever stands there',
    signed,
    withSession({ id: undefined, level: 'vouched' } as never),
    'level-too-low a tool:claude-code',
  ],
  [
    'the lowest decides',
    signed,
    evidence({ sessions: [session(), session({ id: 's2', level: 'claimed' })] }),
    `level-too-low a session:claude-code:s2`,
  ],
  ['a session that only a change names', signed, undescribed, `level-too-low ${at}`],
  ['of another tool', { levels: [{ atLeast: 'signed', tools: ['cursor'] }] }, low, 'pass'],
  [
    'of a tool that nobody named',
    { levels: [{ atLeast: 'signed', tools: ['cursor'] }] },
    withSession({ tool: 'unknown', level: 'claimed' }),
    'level-too-low a session:unknown:s1',
  ],
  ['under these paths', inAuth, low, tooLow],
  ['elsewhere', inAuth, elsewhere, 'pass'],
  ['nobody knows where', inAuth, { ...elsewhere, changes: [change({ files: undefined }), plainChange()] }, tooLow],
  ['where lines were only removed', inAuth, { ...low, changes: [change({ files: [] }), plainChange()] }, tooLow],
  [
    'where not all files are told',
    inAuth,
    {
      ...low,
      changes: [
        change({ files: [file('docs/x.md')], lines: { ai: 3, human: 0, unknown: 0, generated: 0 } }),
        plainChange(),
      ],
    },
    tooLow,
  ],
  [
    'in no change that is told',
    inAuth,
    { ...elsewhere, sessions: [session({ id: 's2', level: 'claimed', commits: [] })] },
    'level-too-low session:claude-code:s2',
  ],
  ['and not all changes are told', inAuth, { ...elsewhere, total: 3 }, 'evidence-missing'],
  ['and nobody told of changes', inAuth, { ...elsewhere, changes: undefined }, 'evidence-missing'],
  ['on this branch', onMain, onBranch('main', 'other'), tooLow],
  ['released from it', onMain, onBranch('other', 'main'), tooLow],
  ['on another', onMain, onBranch('other', 'other'), 'pass'],
  ['nobody knows on which', onMain, onBranch('other', undefined), tooLow],
  ['nothing is known', signed, nothingKnown, 'evidence-missing'],
  ['there is none', signed, nothingThere, 'pass'],
])

const issuers: AiSection = { receiptIssuers: ['https://gateway.acme.example'] }
const receipt = (issuer: string | undefined) =>
  withSession({ level: 'vouched', receipt: { sha256: 'e', ...(issuer === undefined ? {} : { issuer }) } })
const portal = (host: string) =>
  withSession({
    level: 'vouched',
    portal: { adapter: 'x', host, sha256: 'e', askedAt: '2026-11-20T12:00:00Z', agrees: [] },
  })
ruleTable('ai/receipt-issuers', [
  ['one that is named', issuers, receipt('https://gateway.acme.example'), 'pass'],
  ['another', issuers, receipt('https://gateway.evil.example'), `receipt-issuer-refused ${at}`],
  [
    'another tenant, told apart by capitals alone',
    { receiptIssuers: ['https://gateway.example/acme'] },
    receipt('https://gateway.example/ACME'),
    `receipt-issuer-refused ${at}`,
  ],
  ['nobody says whose', issuers, receipt(undefined), `receipt-issuer-refused ${at}`],
  ['a portal that is named', issuers, portal('gateway.acme.example'), 'pass'],
  ['another portal', issuers, portal('portal.evil.example'), `receipt-issuer-refused ${at}`],
  ['vouched for by nobody', issuers, withSession({ level: 'vouched' }), `receipt-issuer-refused ${at}`],
  ['nothing is known', issuers, nothingKnown, 'evidence-missing'],
  ['there is none', issuers, nothingThere, 'pass'],
])

const iterations: AiSection = { iterations: { atMost: 7 } }
ruleTable('ai/iterations', [
  ['as many as may be', iterations, evidence(), 'pass'],
  ['more', iterations, withSession({ iterations: 8 }), `iterations-exceeded ${at}`],
  ['nobody counted them', iterations, undescribed, `evidence-missing ${at}`],
  ['nothing is known', iterations, nothingKnown, 'evidence-missing'],
  ['there is none', iterations, nothingThere, 'pass'],
])

const subagents: AiSection = { subagents: { atMost: 1 } }
const agent = { id: 'w', models: ['claude-opus-4-6'], digest: { sha256: 'd' } }
const child = session({ id: 's2', parent: 's1' })
const family = (...agents: (typeof agent)[]) =>
  evidence({ sessions: [session({ transcript: transcript(agents) }), child] })
ruleTable('ai/subagents', [
  ['as many as may be', subagents, family(), 'pass'],
  ['more, with sessions of their own and without', subagents, family(agent), `subagents-exceeded ${at}`],
  ['nobody counted them', subagents, undescribed, `evidence-missing ${at}`],
  ['nothing is known', subagents, nothingKnown, 'evidence-missing'],
  ['there is none', subagents, nothingThere, 'pass'],
])
