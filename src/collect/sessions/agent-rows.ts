/**
 * AI coding tools that run where somebody works, one row each, with where its names were found: "commits of" is what stands in
 * the history of a public repository. How rows are read, `tools.ts` says.
 */
import type { ToolRow } from './tool-row.ts'

export const agentRows: readonly ToolRow[] = [
  {
    id: 'claude-code',
    names: ['claude-cli', 'claude-code-cli', 'claude-code-web', 'anthropic-claude', 'anthropic-claude-code'],
    sharedNames: ['claude'],
    addresses: ['noreply@anthropic.com'],
    // The user, the app of the GitHub action, and GitHub's own agent of Anthropic.
    accounts: [{ id: 81847 }, { id: 209825114, login: 'claude[bot]' }, { id: 242468646 }],
    sites: ['claude.ai', 'claude.com', 'anthropic.com'],
    branches: ['claude/'],
    source: 'code.claude.com, settings: attribution; anthropics/claude-code-action; commits of microsoft/aspire',
  },
  {
    id: 'codex',
    names: ['codex-cli', 'openai-codex', 'openai-codex-cli', 'chatgpt-codex', 'chatgpt-codex-connector'],
    // Not codex@example.com, once its default: a stranger has it (openai/codex#18095).
    addresses: ['noreply@openai.com', 'codex@openai.com'],
    accounts: [{ id: 267193182 }, { id: 199175422, login: 'chatgpt-codex-connector[bot]' }],
    sites: ['chatgpt.com/codex', 'openai.com/codex', 'github.com/openai/codex'],
    branches: ['codex/'],
    source: 'openai/codex#11617; commits of All-Hands-AI/OpenHands',
  },
  {
    id: 'copilot',
    names: [
      ...[
        'github-copilot',
        'copilot-cli',
        'github-copilot-cli',
        'copilot-app',
        'copilot-agent',
        'copilot-coding-agent',
      ],
      ...['copilot-swe-agent', 'copilot-autofix', 'copilot-chat', 'github-copilot-agent', 'github-copilot-autofix'],
      ...['github-copilot-chat', 'github-copilot-coding-agent', 'vs-code-copilot', 'vscode-copilot'],
    ],
    // VS Code's, in April and May 2026 also on commits without AI (microsoft/vscode 1.117): a claim is all it is. The second is
    // what models make of it; nobody but GitHub can have it.
    addresses: ['copilot@github.com', 'github.copilot@github.com'],
    accounts: [
      { id: 175728472, login: 'copilot', role: 'review', unlessNamed: 'copilot app' }, // review and Autofix
      { id: 198982749, login: 'copilot' }, // coding agent
      { id: 223556219, login: 'copilot' }, // CLI and app; whoever has no number
      { id: 198982749, login: 'copilot-swe-agent[bot]' },
      { id: 62310815, login: 'github-advanced-security[bot]', role: 'review' }, // Autofix of code scanning
    ],
    sites: ['github.com/copilot', 'github.com/features/copilot', 'docs.github.com/copilot'],
    branches: ['copilot/'],
    requester: { in: 'co-author' },
    source: 'docs.github.com, Copilot coding agent; commits of microsoft/aspire and github/awesome-copilot',
  },
  {
    id: 'cursor',
    names: ['cursor-agent', 'cursor-cli', 'cursor-ide', 'cursoragent'],
    addresses: ['cursoragent@cursor.com'],
    accounts: [{ login: 'cursoragent' }, { id: 206951365, login: 'cursor[bot]' }],
    sites: ['cursor.com', 'cursor.sh'],
    branches: ['cursor/'],
    source: 'cursor.com/docs, CLI configuration: attribution; commits of continuedev/continue',
  },
  {
    id: 'gemini',
    names: ['gemini-cli', 'google-gemini', 'gemini-code-assist'],
    sharedNames: ['gemini'],
    addresses: ['gemini-cli@google.com', 'gemini@google.com', 'noreply@google.com'],
    accounts: [
      { id: 218195315, login: 'gemini-cli' },
      { login: 'gemini-cli[bot]' },
      { id: 176961590, login: 'gemini-code-assist[bot]', role: 'review' }, // accepted suggestions
    ],
    sites: ['gemini.google.com', 'geminicli.com', 'ai.google.dev', 'github.com/google-gemini'],
    source: 'google-gemini/gemini-cli; developers.google.com/gemini-code-assist, code review',
  },
  {
    id: 'antigravity',
    names: ['antigravity-cli', 'google-antigravity'],
    sites: ['antigravity.google'],
    source: 'antigravity.google/docs',
  },
  {
    id: 'aider',
    names: ['aider-chat'],
    addresses: ['aider@aider.chat', 'noreply@aider.chat', 'noreply@aider.dev'],
    sites: ['aider.chat', 'github.com/aider-ai/aider'],
    authorMark: '(aider)',
    source: 'aider.chat/docs/git.html; noreply@aider.dev: commits of Aider-AI/aider',
  },
  {
    id: 'opencode',
    names: ['opencode-agent', 'opencode-ai'],
    addresses: ['noreply@opencode.ai'],
    accounts: [{ login: 'opencode-agent[bot]' }],
    sites: ['opencode.ai'],
    source: 'opencode.ai/docs/github',
  },
  {
    id: 'amp',
    names: ['ampcode', 'sourcegraph-amp', 'amp-cli'],
    sharedNames: ['amp'],
    // The second is the default identity of its cloud machines; example.com is nobody's.
    addresses: ['amp@ampcode.com', 'amp@example.com'],
    sites: ['ampcode.com'],
    source: 'ampcode.com/manual, settings: git commit; commits of projects that use its cloud',
  },
  {
    id: 'cline',
    names: ['cline-bot'],
    firstNames: ['cline'],
    // Those at cline.bot that are named like the tool: people of the company have theirs there, too. Not cline@example.com, which is
    // nobody's, nor cline@github.com, which a model made up.
    addresses: [
      ...['noreply@cline.bot', 'cline@cline.bot', 'bot@cline.bot', 'cline@cline.local'],
      ...['cline', 'cline-agent', 'cline-cloud-agent'].map((login) => `${login}@users.noreply.github.com`),
    ],
    accounts: [{ id: 276134852, login: 'cline-cloud[bot]' }],
    sites: ['cline.bot', 'github.com/cline/cline'],
    source: 'cline.bot; commits of cline/cline',
  },
  {
    id: 'mux',
    names: ['cmux', 'xum'],
    addresses: [
      'noreply@coder.com',
      'mux@coder.com',
      'mux-bot@coder.com',
      'mux-auto-cleanup@coder.com',
      'bot@mux.coder.com',
    ],
    accounts: [{ id: 264182336, login: 'mux-bot[bot]' }, { login: 'mux-auto-cleanup[bot]' }, { login: 'mux[bot]' }],
    sites: ['mux.coder.com', 'cmux.io', 'github.com/coder/mux', 'github.com/coder/cmux'],
    source: 'commits of coder/mux',
  },
  {
    id: 'windsurf',
    names: ['windsurf-cascade', 'codeium-windsurf'],
    accounts: [{ login: 'windsurf-bot[bot]' }],
    sites: ['windsurf.com', 'codeium.com'],
    source: 'docs.windsurf.com, PR reviews',
  },
  {
    id: 'droid',
    names: ['factory-droid'],
    sharedNames: ['droid'],
    accounts: [{ id: 138933559, login: 'factory-droid[bot]' }],
    sites: ['factory.ai'],
    source: 'docs.factory.ai; commits of projects that use it',
  },
  {
    id: 'crush',
    names: ['charm-crush'],
    addresses: ['crush@charm.land', 'noreply@crush.charm.land'],
    sites: ['charm.land', 'github.com/charmbracelet/crush'],
    source: 'charmbracelet/crush: README (attribution) and commits',
  },
  {
    id: 'qwen-code',
    names: ['qwen-coder', 'qwen'],
    addresses: ['qwen-coder@alibabacloud.com'],
    sites: ['qwen.ai', 'github.com/qwenlm/qwen-code'],
    source: 'QwenLM/qwen-code, settings: gitCoAuthor',
  },
  {
    id: 'warp',
    names: ['warp-agent', 'oz-agent'],
    sharedNames: ['warp'],
    firstNames: ['oz'],
    addresses: ['agent@warp.dev', 'oz-agent@warp.dev'],
    sites: ['warp.dev'],
    source: 'docs.warp.dev; Oz: commits of steveyegge/gastown',
  },
  {
    id: 'pi',
    names: ['pi-coding-agent', 'pi-agent'],
    sharedNames: ['pi'],
    addresses: ['pi@badlogic.games', 'noreply@pi.dev'],
    sites: ['pi.dev', 'github.com/badlogic/pi-mono'],
    source: 'commits of badlogic/pi-mono',
  },
  {
    id: 'junie',
    names: ['jetbrains-junie'],
    firstNames: ['junie'],
    addresses: ['junie@jetbrains.com'],
    sites: ['jetbrains.com/junie', 'junie.jetbrains.com'],
    source: 'junie.jetbrains.com/docs',
  },
  { id: 'kiro', names: ['kiro-cli'], firstNames: ['kiro'], sites: ['kiro.dev'], source: 'kiro.dev/docs' },
  {
    id: 'kimi',
    names: ['kimi-cli'],
    firstNames: ['kimi'],
    sites: ['kimi.com', 'moonshot.ai', 'moonshot.cn', 'github.com/moonshotai'],
    source: 'MoonshotAI/kimi-cli',
  },
  {
    id: 'goose',
    names: ['codename-goose'],
    firstNames: ['goose'],
    sites: ['block.github.io/goose', 'goose-docs.ai', 'github.com/block/goose'],
    source: 'block/goose',
  },
  { id: 'chatgpt', sites: ['chatgpt.com', 'chat.openai.com'], source: 'chatgpt.com' },
  {
    id: 'rovo-dev',
    names: ['rovodev', 'rovo-dev-cli'],
    sites: ['atlassian.com/software/rovo-dev'],
    source: 'atlassian.com/software/rovo-dev',
  },
  { id: 'trae', names: ['trae-agent'], firstNames: ['trae'], sites: ['trae.ai'], source: 'bytedance/trae-agent' },
  {
    id: 'firebender',
    addresses: ['help@firebender.com'],
    sites: ['firebender.com'],
    source: 'commits of projects that use it: co-author and footer',
  },
  {
    id: 'sisyphus',
    firstNames: ['sisyphus'],
    addresses: ['clio-agent@sisyphuslabs.ai'],
    sites: ['github.com/code-yeongyu/oh-my-opencode', 'github.com/code-yeongyu/oh-my-openagent'],
    source: 'code-yeongyu/oh-my-opencode: git-master skill',
  },
  { id: 'zed', sites: ['zed.dev'], source: 'zed.dev/docs/ai' },
  {
    id: 'codebuff',
    addresses: ['noreply@codebuff.com'],
    sites: ['codebuff.com'],
    source: 'CodebuffAI/codebuff: prompt of the terminal tool',
  },
]
