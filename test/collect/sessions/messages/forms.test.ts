/** What lines of messages say together. A made-up line for each form, and what is near to it, is in `fixtures/messages`. */
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
const claude = 'session_01MadeUpMadeUpMadeUp12'
const noReply = (login: string): string => `<${login}@users.noreply.github.com>`

describe('a line of a commit message', () => {
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
