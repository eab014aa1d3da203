/** Context of changes whose requests git proves: what a review saw is a matter of the history, and half an answer is none. */
import { describe, expect, test } from 'vitest'
import { collectContext, noContext } from '../../../src/collect/context/collect-context.ts'
import type { CollectedContext } from '../../../src/collect/context/collect-context.ts'
import type { ForgeContext, Said, SaidRequest, SaidReview } from '../../../src/collect/forge/context-row.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import { resolveRange } from '../../../src/collect/git/history.ts'
import type { ChangeContext } from '../../../src/model/context.ts'
import { linkedId, planted, secretText } from '../../world/forge-answers.ts'
import { request, squash, started } from '../../world/walked.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

const read = { said: 'forge-api', sha256: '9'.repeat(64) } as const
const ann = { host: 'git.example', login: 'ann', agent: undefined }

const review = (commit: string | undefined, at?: string): SaidReview => ({
  ...{ ...read, by: ann, role: undefined, verdict: 'approved', at, commit },
})

function said(head: string, became: readonly string[] = []): SaidRequest {
  return {
    ...{ head, became, commits: undefined, texts: { branch: 'letters', title: planted, text: secretText } },
    request: {
      ...{ ...read, name: '#12', author: ann, mergedBy: undefined, mergedAt: undefined, target: 'main' },
      ...{ labels: [], authors: undefined },
    },
  }
}

const all = <T>(value: T): Promise<Said<T>> => Promise.resolve({ value, trouble: undefined })
const none = <T>(isLast = false): Promise<Said<T>> =>
  Promise.resolve({ value: undefined, trouble: 'it answers with status 404', isLast })

interface Asked extends ForgeContext {
  readonly questions: readonly string[]
}

/** Says of request 12 that it is of that head; of reviews what is given, of all else that there is none. */
function forgeWith(head: string, reviews: readonly SaidReview[], other: Partial<ForgeContext> = {}): Asked {
  const questions: string[] = []
  return {
    questions,
    request: (number) => {
      questions.push(`request ${number}`)
      return all(said(head))
    },
    reviews: () => all(reviews),
    checks: () => all([]),
    deployments: () => all([]),
    branchRules: () => none(),
    ...other,
  }
}

async function collected(scratch: Scratch, forge: ForgeContext, branch?: string): Promise<CollectedContext> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  const { changes, heads, ai } = await collectChanges(repository, range, sessionReaders)
  return collectContext(repository, forge, { changes, heads, ai, branch, progress: () => undefined })
}

const outcomes = ({ context }: CollectedContext): Record<string, string> =>
  Object.fromEntries(context.readers.map((it) => [it.reader, it.outcome]))

interface Squashed {
  readonly scratch: Scratch
  /** Commits of the request in their order, and what it became. */
  readonly commits: readonly [string, string, string]
  readonly change: string
}

/** A request of three commits, of which those told have AI; squashed into one change. */
function squashed(messages: readonly [string, string, string], title = 'letters (#12)'): Squashed {
  const scratch = started()
  const head = request(
    scratch,
    'refs/pull/12/head',
    messages.map((message, at) => [message, { [`${at}.txt`]: `${at}\n` }] as const),
  )
  const change = squash(scratch, head, title)
  const [one = '', two = ''] = [`${head}~2`, `${head}~1`].map((it) => scratch.git(['rev-parse', it]))
  return { scratch, commits: [one, two, head], change }
}

const ai = 'work\n\nAI-Session-ID: codex:invented'

describe('a review', () => {
  async function orders(messages: Squashed['commits'], title?: string): Promise<readonly (string | undefined)[]> {
    const { scratch, commits, change } = squashed(messages, title)
    const reviews = [...commits, 'f'.repeat(40), undefined].map((it) => review(it))
    const { context } = await collected(scratch, forgeWith(commits[2], reviews))
    return context.changes.get(change)?.reviews?.map(({ order }) => order) ?? []
  }

  test('of the last commit of AI, or of one above it, saw it; one of a commit below did not', async () => {
    expect((await orders(['one', ai, 'three'])).slice(0, 3)).toEqual([
      'before-last-ai',
      'after-last-ai',
      'after-last-ai',
    ])
    expect((await orders(['one', ai, ai])).slice(0, 3)).toEqual(['before-last-ai', 'before-last-ai', 'after-last-ai'])
  })

  test('of what is in no history of the request, or of nobody knows what, saw nobody knows what', async () => {
    expect((await orders([ai, 'two', 'three'])).slice(3)).toEqual(['unknown', 'unknown'])
  })

  test('of a request that names no AI saw none, and is no review of AI', async () => {
    expect((await orders(['one', 'two', 'three'])).slice(0, 3)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  test('saw a tool that only the title names, if it saw all', async () => {
    const title =
      'letters (#12)\n\nCo-authored-by: Devin <158243242+devin-ai-integration[bot]@users.noreply.github.com>'
    expect((await orders(['one', ai, 'three'], title)).slice(0, 3)).toEqual([
      'before-last-ai',
      'unknown',
      'after-last-ai',
    ])
  })

  test('is told with all others, in the order of time', async () => {
    const { scratch, commits, change } = squashed(['one', ai, 'three'])
    const reviews = ['2026-01-03', '2026-01-01', '2026-01-02'].map((day) => review(commits[2], `${day}T00:00:00.000Z`))
    const { context } = await collected(scratch, forgeWith(commits[2], reviews))
    expect(context.changes.get(change)?.reviews?.map(({ at }) => at?.slice(8, 10))).toEqual(['01', '02', '03'])
  })
})

describe('a request', () => {
  test('whose head is another one is not that of the change, and has no reviews', async () => {
    const { scratch, commits, change } = squashed(['one', ai, 'three'])
    const found = await collected(scratch, forgeWith(commits[1], [review(commits[1])]))
    expect(found.context.changes.get(change)).toMatchObject({ request: undefined, reviews: undefined })
    expect(outcomes(found)).toMatchObject({ request: 'could-not-look', reviews: 'not-collected' })
  })

  test('of which a forge writes half the head is found by it', async () => {
    const { scratch, commits, change } = squashed(['one', ai, 'three'])
    const found = await collected(scratch, forgeWith(commits[2].slice(0, 12), []))
    expect(found.context.changes.get(change)).toMatchObject({ request: { name: '#12' }, reviews: [] })
    expect(outcomes(found)).toMatchObject({ request: 'found', reviews: 'nothing' })
  })

  test('has the sessions that its text links to, as links; its texts are told to whoever asks and kept nowhere', async () => {
    const { scratch, commits, change } = squashed(['one', 'two', 'three'])
    const { context, texts } = await collected(scratch, forgeWith(commits[2], []))
    expect(context.changes.get(change)?.request?.links).toEqual([{ tool: 'claude-code', id: linkedId }])
    expect(texts.get(change)).toEqual({ branch: 'letters', title: planted, text: secretText })
    expect(JSON.stringify([...context.changes.values(), context.readers])).not.toContain(planted)
  })

  function merged(): { readonly scratch: Scratch; readonly head: string; readonly change: string } {
    const scratch = started()
    const head = request(scratch, 'refs/elsewhere/12', [
      [ai, { 'c.txt': 'c\n' }],
      ['two', { 'd.txt': 'd\n' }],
    ])
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'Merge pull request #12 from acme/letters', head])
    return { scratch, head, change: scratch.git(['rev-parse', 'HEAD']) }
  }

  async function contextOf(became: (change: string) => readonly string[]): Promise<ChangeContext | undefined> {
    const { scratch, head, change } = merged()
    const forge = forgeWith(head, [review(head), review(scratch.git(['rev-parse', `${head}~`]))], {
      request: () => all(said(head, became(change))),
    })
    return (await collected(scratch, forge)).context.changes.get(change)
  }

  test('that was merged as it is, is known by the merge; and what reviews saw by its own commits', async () => {
    const context = await contextOf((change) => [change])
    expect(context?.request?.name).toBe('#12')
    expect(context?.reviews?.map(({ order }) => order)).toEqual(['after-last-ai', 'after-last-ai'])
  })

  test('is not that of a merge that only says so', async () => {
    expect(await contextOf(() => ['e'.repeat(40)])).toMatchObject({ request: undefined, reviews: undefined })
  })
})

describe('what a forge does not say', () => {
  test('is not none, and is told with its reason', async () => {
    const { scratch, commits, change } = squashed(['one', ai, 'three'])
    let asked = 0
    const forge = forgeWith(commits[2], [], {
      reviews: () => none(),
      checks: () => (asked++ === 0 ? all([]) : none()),
      deployments: undefined,
    })
    const found = await collected(scratch, forge, 'main')
    expect(found.context.changes.get(change)).toMatchObject({ reviews: undefined, checks: undefined })
    expect(outcomes(found)).toEqual({
      ...{ request: 'found', reviews: 'could-not-look', checks: 'could-not-look', deployments: 'not-collected' },
      'branch-rules': 'could-not-look',
    })
    expect(found.context.readers.find((it) => it.reader === 'reviews')?.detail).toContain('status 404')
  })

  test('to whoever asks one it does not say to whoever asks again', async () => {
    const { scratch, commits } = squashed(['one', ai, 'three'])
    let asked = 0
    const forge = forgeWith(commits[2], [], { checks: () => (asked++, none(true)) })
    expect(outcomes(await collected(scratch, forge))['checks']).toBe('could-not-look')
    expect(asked).toBe(1)
  })

  test('of changes that are no request is not asked', async () => {
    const scratch = started()
    const forge = forgeWith('', [])
    const found = await collected(scratch, forge)
    expect(forge.questions).toEqual([])
    expect(outcomes(found)).toMatchObject({ request: 'not-collected', reviews: 'not-collected' })
  })

  test('without a token is collected by nobody', () => {
    expect(noContext('why').readers.map(({ outcome }) => outcome)).toEqual(Array(5).fill('not-collected'))
  })
})

test('the branch of the release is that of its ref, or the one that all requests went to', async () => {
  const { scratch, commits } = squashed(['one', ai, 'three'])
  const asked: string[] = []
  const forge = forgeWith(commits[2], [], { branchRules: (branch) => (asked.push(branch), none()) })
  await collected(scratch, forge, 'stable')
  await collected(scratch, forge)
  expect(asked).toEqual(['stable', 'main'])
  const bare = await collected(started(), forgeWith('', []))
  expect(outcomes(bare)['branch-rules']).toBe('not-collected')
})
