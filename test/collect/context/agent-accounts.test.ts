/** Whose account it is that approves: a person's, or that of an agent. */
import { expect, test } from 'vitest'
import { accountAt, hostOfApi } from '../../../src/collect/context/agent-accounts.ts'
import { knownTools } from '../../../src/collect/sessions/tools.ts'

test.each([
  ['github.com', 'ann', 1, false, undefined],
  ['github.com', 'Copilot', 198982749, true, 'copilot'],
  ['github.com', 'devin-ai-integration[bot]', 158243242, true, 'devin'],
  ['github.com', 'devin-ai-integration[bot]', undefined, true, 'devin'],
  // A login can be somebody else's under another number.
  ['github.com', 'copilot', 5, false, undefined],
  ['github.com', 'acme-release[bot]', 6, true, 'bot'],
  ['github.com', 'acme-release', 6, true, 'bot'],
  // No app of GitHub's is there, and a login is anybody's.
  ['git.example', 'cursoragent', 7, false, undefined],
  ['git.example', 'devin-ai-integration[bot]', 8, true, 'devin'],
  ['gitlab.com', 'project_3_bot_0123', 9, true, 'bot'],
] as const)('at %s %s (%s) is of %s', (host, login, number, isBot, agent) => {
  expect(accountAt(host, knownTools)({ login, number, isBot })).toEqual({ host, login, agent })
})

test.each([
  ['https://api.github.com', 'github.com'],
  ['https://api.octo.ghe.com', 'octo.ghe.com'],
  ['https://api.bitbucket.org/2.0', 'bitbucket.org'],
  ['https://gitlab.com/api/v4', 'gitlab.com'],
  ['https://api.git.example/api/v3', 'api.git.example'],
])('accounts of %s are known at %s', (api, host) => {
  expect(hostOfApi(api)).toBe(host)
})
