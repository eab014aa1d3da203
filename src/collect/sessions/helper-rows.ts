/**
 * AI tools that write little themselves: reviewers, whose suggestions somebody accepted, and what sends other tools to work.
 * Accounts and addresses without another source are co-authors and authors in the commits of projects that use them.
 * claude-flow has none: what its templates write, ruv@ruv.net, is a person's address.
 */
import type { ToolRow } from './tool-row.ts'

export const helperRows: readonly ToolRow[] = [
  {
    id: 'ellipsis',
    accounts: [{ id: 65095814, login: 'ellipsis-dev[bot]', role: 'review' }],
    sites: ['ellipsis.dev'],
    source: 'docs.ellipsis.dev; commits of RooCodeInc/Roo-Code',
  },
  {
    id: 'coderabbit',
    names: ['coderabbitai'],
    accounts: [{ id: 136622811, login: 'coderabbitai[bot]', role: 'review' }],
    sites: ['coderabbit.ai'],
    source: 'docs.coderabbit.ai; commits of RooCodeInc/Roo-Code',
  },
  {
    id: 'greptile',
    names: ['greptileai'],
    accounts: [{ id: 165735046, login: 'greptile-apps[bot]', role: 'review' }],
    sites: ['greptile.com'],
    source: 'greptile.com/docs; commits of continuedev/continue',
  },
  {
    id: 'cubic',
    names: ['cubic-dev-ai'],
    firstNames: ['cubic'],
    accounts: [{ id: 191113872, login: 'cubic-dev-ai[bot]', role: 'review' }],
    sites: ['cubic.dev'],
    source: 'docs.cubic.dev; commits of assistant-ui/assistant-ui',
  },
  {
    id: 'entelligence',
    names: ['entelligence-ai'],
    accounts: [{ id: 174136889, login: 'entelligence-ai-pr-reviews[bot]', role: 'review' }],
    sites: ['entelligence.ai'],
    source: 'docs.entelligence.ai; commits of projects that use it',
  },
  {
    id: 'graphite',
    firstNames: ['graphite'],
    // Its merge queue commits what people wrote under the same account.
    accounts: [{ id: 96075541, login: 'graphite-app[bot]', role: 'review', isCoAuthorOnly: true }],
    sites: ['graphite.dev', 'graphite.com'],
    source: 'graphite.dev/docs, AI reviews; commits of projects that use it',
  },
  {
    id: 'sageox',
    addresses: ['ox@sageox.ai'],
    role: 'orchestration', // it records and steers the agents of a team
    sites: ['sageox.ai'],
    source: 'commits of projects that use it: co-author beside the agent that wrote',
  },
  {
    id: 'gas-town',
    names: ['gastown'],
    addresses: ['bot@gastown.ai'],
    role: 'orchestration',
    sites: ['github.com/steveyegge/gastown'],
    source: 'commits of steveyegge/gastown: Executed-By, Rig, Role',
  },
]
