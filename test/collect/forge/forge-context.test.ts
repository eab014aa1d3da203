/** What forges say of a request, a commit and a branch, in the words of each. */
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../src/model/digest.ts'
import { bitbucketAnswers, githubAnswers, gitlabAnswers, secretText, secretTitle } from '../../world/forge-answers.ts'
import { contextAt, forgeServer, forgeToken } from '../../world/forge-server.ts'
import type { Answers, AskedServer } from '../../world/forge-server.ts'
import type { ForgeContext } from '../../../src/collect/forge/context-row.ts'

const [change, head, older] = ['1', '2', '3'].map((it) => it.repeat(40)) as [string, string, string]
const host = 'git.example'
const person = (login: string): object => ({ host, login, agent: undefined })
const digestOf = (body: unknown): string => sha256Hex(JSON.stringify(body))

async function asked(
  base: string,
  repository: string,
  answers: Answers,
): Promise<{ readonly context: ForgeContext; readonly server: AskedServer }> {
  const server = await forgeServer(base, answers)
  return { context: contextAt(server.api, repository), server }
}

describe('GitHub', () => {
  const answers = githubAnswers({ change, head, seen: older })
  const at = () => asked('/api/v3', 'acme/widget', answers)

  test('says of a request who asked for it, merged it and wrote its commits, and what it is of', async () => {
    const { context, server } = await at()
    const { value, trouble } = await context.request('12')
    expect(trouble).toBeUndefined()
    expect(value).toEqual({
      ...{ head, became: [change], commits: new Set([head, older]) },
      request: {
        ...{ said: 'forge-api', sha256: digestOf(answers['/repos/acme/widget/pulls/12']), name: '#12' },
        ...{ author: { host, login: 'devin-ai-integration[bot]', agent: 'devin' }, mergedBy: person('ann') },
        ...{ mergedAt: '2026-01-02T03:04:05.000Z', target: 'main', labels: ['ai-assisted'] },
        authors: [{ host, login: 'devin-ai-integration[bot]', agent: 'devin' }, person('bob')],
      },
      texts: { branch: 'devin/1700000000-letters', title: secretTitle, text: secretText },
    })
    expect(server.asked.map(({ path }) => path)).toEqual([
      '/repos/acme/widget/pulls/12',
      '/repos/acme/widget/pulls/12/commits?per_page=100&page=1',
    ])
    expect(server.asked.every(({ authorization }) => authorization === `Bearer ${forgeToken}`)).toBe(true)
  })

  test('says of which commits it names the account of their author, and of none where it lists not all', async () => {
    const path = '/repos/acme/widget/pulls/12'
    const entry = { sha: older, author: { login: 'bob', id: 2, type: 'User' }, committer: null }
    const commitsIn = async (listed: readonly object[], count: number): Promise<ReadonlySet<string> | undefined> => {
      const told = { ...answers, [path]: { ...(answers[path] as object), commits: count }, [`${path}/commits`]: listed }
      const { context } = await asked('/api/v3', 'acme/widget', told)
      return (await context.request('12')).value?.commits
    }
    expect(await commitsIn([entry, { ...entry, sha: head, author: null }], 2)).toEqual(new Set([older]))
    expect(
      await commitsIn(
        [...Array(250).keys()].map(() => entry),
        251,
      ),
    ).toBeUndefined()
  })

  test.each([
    ['author', { author: null }],
    ['committer', { committer: null }],
    ['author, who is nobody', { author: {} }],
  ])('names no authors where a commit has no account as its %s: who approves may be that one', async (_, gone) => {
    const path = '/repos/acme/widget/pulls/12/commits'
    const [first, second] = answers[path] as readonly object[]
    const { context } = await asked('/api/v3', 'acme/widget', { ...answers, [path]: [first, { ...second, ...gone }] })
    const { value, trouble } = await context.request('12')
    // It answered all that it was asked.
    expect([value?.request.authors, trouble]).toEqual([undefined, undefined])
  })

  test('says of a review what it looked at; one that waits to be sent is none, and who is gone is a ghost', async () => {
    const { context } = await at()
    const { value } = await context.reviews('12')
    expect(value?.map(({ by, verdict, role, commit }) => [by.login, by.agent, verdict, role, commit])).toEqual([
      ['bob', undefined, 'changes-requested', 'MEMBER', older],
      ['bob', undefined, 'approved', 'MEMBER', older],
      ['devin-ai-integration[bot]', 'devin', 'approved', 'NONE', older],
      ['ghost', undefined, 'dismissed', 'NONE', older],
    ])
  })

  test('says of a commit the last run of each check, and its statuses', async () => {
    const { context } = await at()
    const { value } = await context.checks(head)
    expect(value?.map(({ name, outcome, reporter, commit }) => [name, outcome, reporter, commit])).toEqual([
      ['unit tests', 'passed', 'github-actions', head],
      ['ci/lint', 'failed', undefined, head],
    ])
  })

  test('says where it went: the digest is that of both answers', async () => {
    const { context } = await at()
    const { value } = (await context.deployments?.(change)) ?? {}
    const [all, statuses] = ['/repos/acme/widget/deployments', '/repos/acme/widget/deployments/9/statuses'].map((it) =>
      JSON.stringify(answers[it]),
    )
    expect(value).toEqual([
      {
        ...{ said: 'forge-api', sha256: sha256Hex(`${all}${statuses}`), environment: 'production', state: 'success' },
        ...{ at: '2026-01-03T00:00:00.000Z', commit: change },
      },
    ])
  })

  test('has rules of a branch in rulesets and in its protection, of which the strictest count', async () => {
    const { context } = await at()
    const { value, trouble } = await context.branchRules('main')
    expect(trouble).toBeUndefined()
    expect(value).toMatchObject({
      ...{ branch: 'main', isProtected: true, requiredChecks: ['unit tests'], requiredApprovals: 2 },
      ...{ requiresCodeOwners: true, dismissesStale: true, allowsForcePush: false },
    })
  })

  test.each([403, 404])('whose protection is refused with %i has rules of which not all are known', async (status) => {
    const { context } = await asked('/api/v3', 'acme/widget', {
      ...answers,
      '/repos/acme/widget/branches/main/protection': (
        _: unknown,
        response: { writeHead: (status: number) => { end: () => void } },
      ) => response.writeHead(status).end(),
    })
    const { value, trouble } = await context.branchRules('main')
    expect(trouble).toContain(`status ${status}`)
    expect(value).toMatchObject({ isProtected: true, requiredApprovals: 2, dismissesStale: true })
    expect(value).toMatchObject({ requiresCodeOwners: undefined, bindsAdministrators: undefined })
  })

  test('has a branch without rules, which is known', async () => {
    const { context } = await asked('/api/v3', 'acme/widget', {
      '/repos/acme/widget/branches/main': { name: 'main', protected: false },
      '/repos/acme/widget/rules/branches/main': [],
    })
    expect(await context.branchRules('main')).toMatchObject({
      trouble: undefined,
      value: { isProtected: false, requiredApprovals: 0, allowsForcePush: true, requiredChecks: [] },
    })
  })
})

describe('GitLab', () => {
  const answers = gitlabAnswers({ change, head })

  test.each(['/api/v4', '/lab/api/v4'])('at %s says of a request who it is by', async (base) => {
    const repository = base === '/api/v4' ? 'group/sub/widget' : 'lab/group/sub/widget'
    const { context } = await asked(base, repository, answers)
    const { value, trouble } = await context.request('12')
    expect(trouble).toBeUndefined()
    expect(value).toMatchObject({
      ...{ head, became: [change] },
      request: {
        ...{ name: '!12', target: 'main', labels: ['ai-assisted'], mergedAt: '2026-01-02T03:04:05.123Z' },
        ...{ author: { login: 'project_3_bot_0123456789abcdef', agent: 'bot' }, mergedBy: person('ann') },
        authors: undefined,
      },
      texts: { branch: 'letters', title: secretTitle, text: secretText },
    })
  })

  test('says who approved and who wants changes, and not what they looked at', async () => {
    const { context } = await asked('/api/v4', 'group/sub/widget', answers)
    const { value } = await context.reviews('12')
    expect(value?.map(({ by, verdict, at, commit }) => [by.login, verdict, at, commit])).toEqual([
      ['ann', 'approved', '2026-01-01T12:00:00.000Z', undefined],
      ['bob', 'changes-requested', undefined, undefined],
    ])
  })

  test('says of a commit its jobs, and of all commits their deployments, once', async () => {
    const { context, server } = await asked('/api/v4', 'group/sub/widget', answers)
    const { value } = await context.checks(change)
    expect(value?.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test', 'passed'],
      ['deploy', 'pending'],
    ])
    const before = server.asked.length
    const all = [await context.deployments?.(change), await context.deployments?.(head)]
    expect(all.map((it) => it?.value?.map(({ environment, state }) => [environment, state]))).toEqual([
      [['production', 'success']],
      [],
    ])
    expect(server.asked).toHaveLength(before + 1)
  })

  test('has rules of a branch in several places', async () => {
    const { context } = await asked('/api/v4', 'group/sub/widget', answers)
    expect(await context.branchRules('main')).toMatchObject({
      trouble: undefined,
      value: {
        ...{ isProtected: true, requiredChecks: ['pipeline'], requiredApprovals: 2, requiresCodeOwners: true },
        ...{ dismissesStale: true, allowsForcePush: false },
      },
    })
    const free = await asked('/api/v4', 'group/sub/widget', {
      ...answers,
      '/projects/group%2Fsub%2Fwidget/approval_rules': undefined,
    })
    const { value, trouble } = await free.context.branchRules('main')
    expect(value).toMatchObject({ requiredApprovals: undefined })
    expect(trouble).toContain('status 404')
  })
})

describe('Bitbucket Cloud', () => {
  const answers = bitbucketAnswers({ change, head })
  const at = () => asked('/2.0', 'acme/widget', answers)

  test('says of a request who it is by, and as much of its head as it writes', async () => {
    const { context } = await at()
    expect((await context.request('12')).value).toMatchObject({
      ...{ head: head.slice(0, 12), became: [change.slice(0, 12)] },
      request: { name: '#12', target: 'main', authors: [{ login: '557058:a' }], mergedBy: { login: '557058:b' } },
      texts: { branch: 'letters' },
    })
  })

  test('names no authors where a commit has no account', async () => {
    const path = '/repositories/acme/widget/pullrequests/12/commits'
    const [entry] = (answers[path] as { readonly values: readonly object[] }).values
    const told = { ...answers, [path]: { values: [entry, { ...entry, author: { raw: 'Bob <bob@acme.example>' } }] } }
    const { context } = await asked('/2.0', 'acme/widget', told)
    expect((await context.request('12')).value?.request.authors).toBeUndefined()
  })

  test('says of participants what they gave as verdict', async () => {
    const { context } = await at()
    expect((await context.reviews('12')).value).toMatchObject([
      { by: { login: '557058:b' }, verdict: 'approved', at: '2026-01-01T12:00:00.123Z', role: 'REVIEWER' },
      { by: { login: '557058:c' }, verdict: 'changes-requested', at: undefined },
    ])
  })

  test('says what ran, and the rules whose pattern fits the branch', async () => {
    const { context } = await at()
    expect((await context.checks(change)).value).toMatchObject([{ name: 'Build', outcome: 'passed', commit: change }])
    expect(await context.branchRules('main')).toMatchObject({
      trouble: undefined,
      value: { isProtected: true, requiredApprovals: 2, allowsForcePush: false, dismissesStale: false },
    })
    expect((await context.branchRules('other')).value).toMatchObject({ isProtected: false, requiredApprovals: 0 })
    expect(context.deployments).toBeUndefined()
  })

  test('names the next page, of which only the mark is used', async () => {
    const marks: (string | null)[] = []
    const root = '/repositories/acme/widget/commit/'
    const { context, server } = await asked('/2.0', 'acme/widget', {
      [`${root}${head}/statuses`]: (_: unknown, response: { end: (text: string) => void }, query: URLSearchParams) => {
        marks.push(query.get('page'))
        const next = `https://elsewhere.example/2.0${root}${head}/statuses?page=m%2Bark`
        response.end(
          JSON.stringify({
            values: [{ name: String(marks.length), state: 'FAILED' }],
            ...(marks.length === 1 ? { next } : {}),
          }),
        )
      },
    })
    expect((await context.checks(head)).value?.map(({ name }) => name)).toEqual(['1', '2'])
    expect(marks).toEqual(['1', 'm+ark'])
    expect(server.asked).toHaveLength(2)
  })
})
