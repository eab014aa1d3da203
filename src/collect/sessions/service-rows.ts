/** AI coding tools that are services: they work on machines of their own and push under accounts of their own. */
import type { ToolRow } from './tool-row.ts'

export const serviceRows: readonly ToolRow[] = [
  {
    id: 'jules',
    names: ['google-jules', 'google-labs-jules'],
    firstNames: ['jules'],
    accounts: [{ id: 161369871, login: 'google-labs-jules[bot]' }],
    sites: ['jules.google', 'jules.google.com'],
    branches: ['jules/'],
    requester: { in: 'author', since: Date.UTC(2026, 1) / 1000 },
    source: 'jules.google/docs; commits of continuedev/continue',
  },
  {
    id: 'devin',
    names: ['devin-ai', 'devin-ai-integration'],
    firstNames: ['devin'],
    addresses: ['noreply@cognition.ai'],
    accounts: [
      { id: 158243242, login: 'devin-ai-integration[bot]' },
      { id: 165725058, login: 'devin-cognition' }, // before that
    ],
    sites: ['devin.ai', 'cognition.ai'],
    // People called Devin have theirs below `devin/`, too, and of those without a time people wrote the most.
    branches: ['devin/<time>-'],
    source: 'docs.devin.ai, GitHub integration; commits of git-ai-project/git-ai and OpenHands/OpenHands',
  },
  {
    id: 'roo-code',
    names: ['roocode', 'roomote'],
    firstNames: ['roo'],
    // Not support@roocode.com and support@roo.vet: its checkpoints once put them into the configuration of people, who then
    // committed as `Roo Code`.
    addresses: ['roomote@roocode.com', 'roo@roocode.com'],
    authorNames: ['roomote', 'roomote bot', 'roomote agent'],
    accounts: [
      { id: 219738659, login: 'roomote[bot]' },
      { id: 219738659, login: 'roomote-v0[bot]' },
    ],
    sites: ['roocode.com', 'github.com/roocodeinc'],
    source: 'commits of RooCodeInc/Roo-Code',
  },
  {
    id: 'continue',
    names: ['continue-cli', 'continue.dev'],
    sharedNames: ['continue'],
    addresses: ['noreply@continue.dev', 'agent@continue.dev'],
    accounts: [
      { login: 'continue[bot]' },
      { id: 230936708 },
      { id: 230944351 },
      { login: 'continue-staging[bot]' },
      { id: 231344660, login: 'continue-development-app[bot]' },
    ],
    sites: ['continue.dev'],
    source: 'commits of continuedev/continue',
  },
  {
    id: 'replit',
    names: ['replit-agent', 'replit-assistant'],
    sites: ['replit.com'],
    source: 'chaoss/disclosure, README',
  },
  {
    id: 'openhands',
    names: ['open-hands', 'opendevin', 'openhands-claude', 'openhands-gemini', 'openhands-gpt'],
    addresses: [
      ...['openhands@all-hands.dev', 'openhands-claude@all-hands.dev', 'opendevin@all-hands.dev'],
      'opendevin@opendevin.ai', // what it was called
    ],
    accounts: [{ login: 'openhands-agent' }],
    sites: ['all-hands.dev', 'openhands.dev'],
    source: 'commits of All-Hands-AI/OpenHands',
  },
  {
    id: 'amazon-q',
    names: ['amazon-q-developer', 'q-developer'],
    accounts: [{ login: 'amazon-q-developer[bot]' }],
    sites: ['aws.amazon.com/q'],
    source: 'docs.aws.amazon.com, Amazon Q Developer for GitHub',
  },
  {
    id: 'twill',
    firstNames: ['twill'],
    addresses: ['agent@twill.ai'],
    accounts: [{ id: 226015404, login: 'twill-hq[bot]' }],
    sites: ['twill.ai'],
    source: 'commits of assistant-ui/assistant-ui',
  },
  {
    id: 'blink',
    firstNames: ['blink'],
    accounts: [
      { id: 211532188, login: 'blink-so[bot]' },
      { id: 237617714, login: 'blinkagent[bot]' },
    ],
    sites: ['blink.so'],
    source: 'commits of coder/mux',
  },
  {
    id: 'codesmith',
    addresses: ['codesmith-bot@users.noreply.github.com'],
    accounts: [{ login: 'codesmith-bot' }],
    source: 'commits of projects that use it',
  },
  {
    id: 'pullfrog',
    accounts: [{ id: 226033991, login: 'pullfrog[bot]' }],
    sites: ['pullfrog.com'],
    source: 'pullfrog.com; commits of projects that use it',
  },
  {
    id: 'promptless',
    accounts: [{ id: 179508745, login: 'promptless[bot]' }],
    sites: ['promptless.ai'],
    source: 'commits of assistant-ui/assistant-ui',
  },
  {
    id: 'dosu',
    accounts: [{ id: 131922026, login: 'dosubot[bot]' }],
    sites: ['dosu.dev'],
    source: 'commits of assistant-ui/assistant-ui',
  },
  {
    id: 'codeflash',
    accounts: [{ id: 148906541, login: 'codeflash-ai[bot]' }],
    sites: ['codeflash.ai'],
    source: 'commits of All-Hands-AI/OpenHands',
  },
]
