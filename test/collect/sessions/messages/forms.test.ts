/** One made-up line for each form by which messages name sessions, reviewers, orchestrators and branches; and what is near to it. */
import { describe, expect, test } from 'vitest'
import { mergedBranch } from '../../../../src/collect/sessions/messages/merged-branch.ts'
import { readMessageClaims } from '../../../../src/collect/sessions/messages/commit-message.ts'
import { mayHoldClaim } from '../../../../src/collect/sessions/messages/trailer-forms.ts'
import { toolTable } from '../../../../src/collect/sessions/tools.ts'

/** `tool`, `tool#session`, with `(role)` and `[models]`, where there are any. */
function claimsIn(message: string, isMerge = false): string[] {
  const { mentions } = readMessageClaims(message, { isMerge })
  if (mentions.length > 0 && !isMerge) expect(mayHoldClaim(Buffer.from(message).toString('latin1'))).toBe(true)
  return mentions.map(
    ({ tool, session, role, models }) =>
      tool +
      (session === undefined ? '' : `#${session}`) +
      (role === undefined ? '' : `(${role})`) +
      (models.length === 0 ? '' : `[${models.join()}]`),
  )
}

const uuid = '5c1f0a3e-8d2b-4c6f-9a71-0b2e4d6f8a90'
const hex = '0123456789abcdef0123456789abcdef'
const claude = 'session_01MadeUpMadeUpMadeUp12'
const noReply = (login: string): string => `<${login}@users.noreply.github.com>`

const forms: readonly (readonly [line: string, ...claims: string[]])[] = [
  // Addresses of sessions, alone on a line.
  [`https://claude.ai/code/${claude}`, `claude-code#${claude}`],
  [`<https://claude.ai/code/${claude}>`, `claude-code#${claude}`],
  [`- https://claude.ai/code/${claude}`, `claude-code#${claude}`],
  [`https://claude.ai/code/${claude}?from=mail#top`, `claude-code#${claude}`],
  [`Session: https://claude.ai/code/${claude}`, `claude-code#${claude}`],
  [`https://ampcode.com/threads/T-${uuid}`, `amp#T-${uuid}`],
  [`Link to Devin session: https://app.devin.ai/sessions/${hex}`, `devin#${hex}`],
  [`https://chatgpt.com/codex/tasks/task_e_${hex}`, `codex#task_e_${hex}`],
  [`[Codex Task](https://chatgpt.com/codex/tasks/task_b_${hex})`, `codex#task_b_${hex}`],
  [`Task](https://chatgpt.com/codex/tasks/task_b_${hex})`, `codex#task_b_${hex}`],
  [`https://cursor.com/agents/bc-${uuid}`, `cursor#bc-${uuid}`],
  [`<a href="https://cursor.com/agents?id=bc-${uuid}">Open in Web</a>`, `cursor#bc-${uuid}`],
  [
    '*PR created automatically by Jules for task [12345678901234567](https://jules.google.com/task/12345678901234567) started by @ann*',
    'jules#12345678901234567',
  ],
  ['https://jules.google.com/task/12345678901234567', 'jules#12345678901234567'],
  [`https://github.com/an-owner/a.repo/sessions/${uuid}`, `copilot#${uuid}`],
  // Amp's, within a sentence.
  [`See [the thread](https://ampcode.com/threads/T-${uuid}) for why.`, `amp#T-${uuid}`],
  // With a key.
  [`Amp-Thread: https://ampcode.com/threads/T-${uuid}`, `amp#T-${uuid}`],
  [`* Claude-Session: https://claude.ai/code/${claude}`, `claude-code#${claude}`],
  [`- Co-authored-by: Codex <noreply@openai.com>`, 'codex'],
  // Footers in markup.
  [
    '_Generated with `mux` • Model: `anthropic:claude-opus-5` • Thinking: `high` • Cost: `$1.25`_',
    'mux[anthropic:claude-opus-5]',
  ],
  ['_Generated with `cmux`_', 'mux'],
  ['*Generated with [Mux](https://mux.coder.com)*', 'mux'],
  ['Generated with mux. Model: openai:gpt-5.5. Thinking: xhigh. Cost: n/a.', 'mux[openai:gpt-5.5]'],
  ['Generated with mux on behalf of Ann.', 'mux'],
  ['mux-attribution: model=openai:gpt-5.5 thinking=xhigh costs=n/a', 'mux[openai:gpt-5.5]'],
  ['<!-- mux-attribution: model=anthropic:claude-opus-5 thinking=high -->', 'mux[anthropic:claude-opus-5]'],
  ['Generated with Codebuff 🤖', 'codebuff'],
  ['Ultraworked with [Sisyphus](https://github.com/code-yeongyu/oh-my-opencode)', 'sisyphus'],
  ['🤖 Generated with [Firebender](https://firebender.com)', 'firebender'],
  // Keys of projects and tools.
  ['Claude-Generated-By: Claude Code (cli/claude-opus-4-5=100%)', 'claude-code[claude-opus-4-5]'],
  [
    'Claude-Generated-By: Claude Code (cli/claude-opus-4-5=90% web/claude-haiku-4-5=10%)',
    'claude-code[claude-haiku-4-5,claude-opus-4-5]',
  ],
  ['Agent-Signature: gpt-5.4 on behalf of Ann', 'unknown[gpt-5.4]'],
  ['Agent-Signature: Codex gpt-5.4 on behalf of Claude Monet', 'codex[gpt-5.4]'],
  ['AI-Assisted: Codex', 'codex'],
  ['Ai-assisted: true', 'unknown'],
  ['AI-assistant: pi-coding-agent:glm-4.7', 'pi[glm-4.7]'],
  // Reviewers, whose suggestions were accepted.
  [`Co-authored-by: gemini-code-assist[bot] ${noReply('176961590+gemini-code-assist[bot]')}`, 'gemini(review)'],
  [`Co-authored-by: coderabbitai[bot] ${noReply('136622811+coderabbitai[bot]')}`, 'coderabbit(review)'],
  [`Co-authored-by: ellipsis-dev[bot] ${noReply('65095814+ellipsis-dev[bot]')}`, 'ellipsis(review)'],
  [`Co-authored-by: greptile-apps[bot] ${noReply('165735046+greptile-apps[bot]')}`, 'greptile(review)'],
  [`Co-authored-by: cubic-dev-ai[bot] ${noReply('191113872+cubic-dev-ai[bot]')}`, 'cubic(review)'],
  [`Co-authored-by: e ${noReply('174136889+entelligence-ai-pr-reviews[bot]')}`, 'entelligence(review)'],
  [`Co-authored-by: graphite-app[bot] ${noReply('96075541+graphite-app[bot]')}`, 'graphite(review)'],
  [`Co-authored-by: Copilot ${noReply('175728472+Copilot')}`, 'copilot(review)'],
  [
    `Co-authored-by: Copilot Autofix powered by AI ${noReply('62310815+github-advanced-security[bot]')}`,
    'copilot(review)',
  ],
  [`Co-authored-by: Copilot App ${noReply('175728472+Copilot')}`, 'copilot'],
  [`Co-authored-by: Copilot ${noReply('223556219+Copilot')}`, 'copilot'],
  // VS Code's, of which some stand on commits without AI: a claim.
  ['Co-authored-by: Copilot <copilot@github.com>', 'copilot'],
  ['Co-authored-by: OpenHands openhands@all-hands.dev', 'openhands'],
  ['Co-authored-by: Charm Crush <crush@charm.land', 'crush'],
  ['Co-authored-by: Amp <amp@example.com>', 'amp'],
  // Orchestrators.
  ['Executed-By: beads/crew/emma\nRig: beads\nRole: crew', 'gas-town(orchestration)'],
  ['Executed-By: mayor', 'gas-town(orchestration)'],
  ['Co-Authored-By: SageOx <ox@sageox.ai>', 'sageox(orchestration)'],
]

const nothing = [
  `see also https://claude.ai/code/${claude}`,
  `It began in [a session](https://claude.ai/code/${claude}) of somebody else.`,
  `> https://claude.ai/code/${claude}`,
  `\`https://claude.ai/code/${claude}\``,
  `    https://claude.ai/code/${claude}`,
  `\`\`\`\nhttps://claude.ai/code/${claude}\n\`\`\``,
  'https://claude.ai/code',
  'https://claude.ai/code/session_',
  `https://claude.ai.example.org/code/${claude}`,
  `https://example.org/?https://claude.ai/code/${claude}`,
  `https://example.org/claude.ai/code/${claude}`,
  `https://app.devin.ai/sessions/${hex}0`,
  'https://chatgpt.com/share/0123456789abcdef',
  `https://github.com/an-owner/a-repo/issues/${uuid}`,
  `https://cursor.com/agents/${uuid}`,
  'Amp-Thread: see below',
  '    _Generated with `mux`_',
  '```\n_Generated with `mux`_\n```',
  '<!--\nmux-attribution: model=openai:gpt-5.5\n-->',
  '> _Generated with `mux`_',
  'Generated with `make`',
  'Generated with [the handbook](https://mux.coder.com/handbook)',
  'AI-Assisted: no',
  'AI-Assisted: false',
  'Agent-Signature: Ann on behalf of Bob',
  'Claude-Steers: 2',
  'Claude-Generated-By: nobody',
  'Executed-By: Ann Smith',
  'Executed-By: ann',
  'Rig: gastown\nRole: crew',
  'role: "system",',
  'Entire-Checkpoint: 7b9d8e75f733',
  'Co-authored-by: claude-flow <ruv@ruv.net>',
  'Co-authored-by: Codex <codex@example.com>',
  `Co-authored-by: Copilot ${noReply('12345+copilot')}`,
  'Co-authored-by: Twill Smith',
]

describe('a line of a commit message', () => {
  test.for([...forms])('%s', ([line, ...claims]) => {
    expect(claimsIn(`subject\n\n${line}\n`)).toEqual(claims)
    expect(claimsIn(`subject\r\n\r\nbody\r\n\r\n${line.replaceAll('\n', '\r\n')}\r\n\r\nReviewed-by: Bob`)).toEqual(
      claims,
    )
    expect(claimsIn(`* first\n\n${line}\n\n* second\n`)).toEqual(claims)
  })

  test.for(nothing)('says nothing: %s', (line) => {
    expect(claimsIn(`subject\n\n${line}\n`)).toEqual([])
  })

  test('that names a session twice, by key and address, names one', () => {
    const url = `https://claude.ai/code/${claude}`
    expect(claimsIn(`s\n\n${url}\n\nClaude-Session: ${url}`)).toEqual([`claude-code#${claude}`])
  })

  test('gives a role only where all say it', () => {
    const review = `Co-authored-by: Copilot ${noReply('175728472+Copilot')}`
    expect(claimsIn(`s\n\n${review}\nCo-authored-by: Copilot ${noReply('223556219+Copilot')}`)).toEqual(['copilot'])
    expect(claimsIn(`s\n\n${review}\nCopilot-Session: ${uuid}`)).toEqual([`copilot#${uuid}`, 'copilot(review)'])
  })
})

describe('the branch of a merge', () => {
  test.for<readonly [subject: string, tool: string]>([
    ['Merge pull request #12 from ann/claude/fix-x-aB3dE', 'claude-code'],
    ['Merge pull request #12 from ann/copilot/fix-123', 'copilot'],
    ['Merge pull request #12 from ann/codex/add-tests', 'codex'],
    ['Merge pull request #12 from ann/cursor/tidy-e5e9', 'cursor'],
    ['Merge pull request #12 from ann/devin/1783975667-update', 'devin'],
    ['Merge pull request #12 from ann/jules/add-command-14791786536596206223', 'jules'],
    ["Merge branch 'claude/fix-x' into 'main'", 'claude-code'],
    ["Merge branch 'claude/fix-x' of https://git.example.org/o/r into main", 'claude-code'],
    ["Merge remote-tracking branch 'origin/codex/add-tests'", 'codex'],
    ['Merged in copilot/fix-1 (pull request #3)', 'copilot'],
  ])('%s', ([subject, tool]) => {
    expect(claimsIn(`${subject}\n\nbody`, true)).toEqual([tool])
    expect(claimsIn(`${subject}\n\nbody`)).toEqual([])
  })

  test.for([
    'Merge pull request #12 from claude/fix-x',
    'Merge pull request #12 from ann/continue-upgrading-things',
    'Merge pull request #12 from ann/gemini-raw-stream',
    'Merge pull request #12 from ann/cursor-invert-colors',
    'Merge pull request #12 from ann/claude-fix',
    'Merge pull request #12 from ann/claude/',
    'Merge pull request #12 from ann/fix/claude/x',
    'Merge pull request #12 from ann/devin/refactoring',
    'Merge pull request #12 from ann/devin/17839756670-x',
    "Merge branch 'main' into claude/fix-x",
    "Merge remote-tracking branch 'claude/main'",
    "Merge remote-tracking branch 'origin/main' into copilot/fix-1",
    'Merge 0123456789012345678901234567890123456789 into 1123456789012345678901234567890123456789',
    'Revert "Merge pull request #12 from ann/claude/fix-x"',
    'subject\n\nMerge pull request #12 from ann/claude/fix-x',
  ])('of a person, or none: %s', (message) => {
    expect(claimsIn(message, true)).toEqual([])
  })

  test('is looked for in the beginning of the message only', () => {
    expect(mergedBranch(`Merge branch '${'x'.repeat(1_000_000)}'`)).toBeUndefined()
  })
})

test('an organisation can add tools of its own', () => {
  const tools = toolTable([
    {
      id: 'our-agent',
      addresses: ['agent@corp.example'],
      branches: ['bot/'],
      sites: ['agent.corp.example'],
      source: 'ours',
    },
  ])
  const toolsOf = (message: string): string[] =>
    readMessageClaims(message, { tools, isMerge: true }).mentions.map(({ tool }) => tool)
  expect(toolsOf('s\n\nCo-authored-by: x <agent@corp.example>')).toEqual(['our-agent'])
  expect(toolsOf('s\n\nAssisted-by: our agent')).toEqual(['our-agent'])
  expect(toolsOf("Merge branch 'bot/x'")).toEqual(['our-agent'])
  // What one table says is not kept for another.
  expect(readMessageClaims('s\n\nCo-authored-by: x <agent@corp.example>').mentions).toEqual([])
})
