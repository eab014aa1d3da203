/** Commits that came with a plain merge of a request have its reviews; and nobody gets those of another by a merge of their own making. */
import { expect, test } from 'vitest'
import { collectContext } from '../../../src/collect/context/collect-context.ts'
import type { ForgeContext, Said, SaidRequest } from '../../../src/collect/forge/context-row.ts'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import type { ChangeContext } from '../../../src/model/context.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { request, started } from '../../world/walked.ts'

const read = { said: 'forge-api', sha256: '9'.repeat(64) } as const
const eve = { host: 'git.example', login: 'eve', agent: undefined }
const ai = 'work\n\nAI-Session-ID: codex:invented'
const override = 'by hand\n\nAI-Provenance-Override: taken over from the old repository'

interface Told {
  readonly head: string
  readonly became: string
  readonly commits: readonly string[] | undefined
  /** What Eve looked at. */
  readonly seen: string
}

const all = <T>(value: T): Promise<Said<T>> => Promise.resolve({ value, trouble: undefined })

/** Number → what the forge says of that request; of others it knows nothing. */
function forgeOf(requests: { readonly [number: string]: Told }): ForgeContext {
  const saidOf = (number: string, { head, became, commits }: Told): SaidRequest => ({
    ...{ head, became: [became], commits: commits === undefined ? undefined : new Set(commits) },
    texts: { branch: undefined, title: undefined, text: undefined },
    request: {
      ...{ ...read, name: `#${number}`, author: eve, mergedBy: undefined, mergedAt: undefined, target: 'main' },
      ...{ labels: [], authors: [] },
    },
  })
  return {
    request(number) {
      const told = requests[number]
      if (told === undefined) return Promise.resolve({ value: undefined, trouble: 'it answers with status 404' })
      return all(saidOf(number, told))
    },
    reviews: (number) => {
      const commit = requests[number]?.seen
      return all([{ ...read, by: eve, role: undefined, verdict: 'approved' as const, at: undefined, commit }])
    },
    ...{ checks: () => all([]), deployments: () => all([]) },
    branchRules: () => Promise.resolve({ value: undefined, trouble: 'none' }),
  }
}

async function contextsOf(scratch: Scratch, forge: ForgeContext): Promise<ReadonlyMap<string, ChangeContext>> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  const { changes, heads, ai: of } = await collectChanges(repository, range, sessionReaders)
  const search = { changes, heads, ai: of, branch: 'main', progress: () => undefined }
  return (await collectContext(repository, forge, search)).context.changes
}

const parse = (scratch: Scratch, name: string): string => scratch.git(['rev-parse', name])

/** A request of these commits that is merged as it is; the ids of its commits, and the merge. */
function merged(
  scratch: Scratch,
  messages: readonly string[],
  number = 12,
): { readonly commits: readonly string[]; readonly merge: string } {
  const files = messages.map((message, at) => [message, { [`${number}-${at}.txt`]: `${at}\n` }] as const)
  const head = request(scratch, `refs/elsewhere/${number}`, files)
  scratch.git(['merge', '--quiet', '--no-ff', '-m', `Merge pull request #${number} from acme/letters`, head])
  const commits = messages.map((_, at) => parse(scratch, `${head}~${messages.length - 1 - at}`))
  return { commits, merge: parse(scratch, 'HEAD') }
}

const shown = (context: ChangeContext | undefined): readonly [string | undefined, readonly string[] | undefined] => [
  context?.request?.name,
  context?.reviews?.map(({ order }) => order),
]

test('each with AI, or with a reason why it names none, has the request and what its reviews saw', async () => {
  const scratch = started()
  const { commits, merge } = merged(scratch, [ai, 'by hand', override, ai])
  const [first = '', plain = '', why = '', last = ''] = commits
  const found = await contextsOf(scratch, forgeOf({ 12: { head: last, became: merge, commits, seen: last } }))
  for (const commit of [first, why, last, merge]) expect(shown(found.get(commit))).toEqual(['#12', ['after-last-ai']])
  expect(shown(found.get(plain))).toEqual([undefined, undefined])
  const early = await contextsOf(scratch, forgeOf({ 12: { head: last, became: merge, commits, seen: first } }))
  for (const commit of [first, last]) expect(shown(early.get(commit))).toEqual(['#12', ['before-last-ai']])
})

test('one that the forge does not list, or names no account as the author of, has none', async () => {
  const scratch = started()
  const { commits, merge } = merged(scratch, [ai, ai])
  const [first = '', last = ''] = commits
  for (const listed of [[last], [], undefined]) {
    const told = { head: last, became: merge, commits: listed, seen: last }
    expect(shown((await contextsOf(scratch, forgeOf({ 12: told }))).get(first))).toEqual([undefined, undefined])
  }
})

test('a merge that only says so, or whose request has another head, brings no reviews', async () => {
  const scratch = started()
  const { commits, merge } = merged(scratch, [ai, ai])
  const [first = '', last = ''] = commits
  for (const told of [
    { head: last, became: 'e'.repeat(40) },
    { head: first, became: merge },
  ]) {
    const forge = forgeOf({ 12: { ...told, commits, seen: last } })
    expect(shown((await contextsOf(scratch, forge)).get(first))).toEqual([undefined, undefined])
  }
})

/** A merge that nobody's button makes. */
function merging(scratch: Scratch, first: string, second: string): string {
  const tree = parse(scratch, `${second}^{tree}`)
  const message = 'Merge pull request #12 from acme/letters'
  const merge = scratch.git(['commit-tree', tree, '-p', first, '-p', second, '-m', message])
  scratch.git(['reset', '--quiet', '--hard', merge])
  return merge
}

test('what went straight to the branch gets no reviews by a merge whose first parent is older than that', async () => {
  const scratch = started()
  const old = parse(scratch, 'HEAD')
  const pushed = scratch.commit(ai, { 'pushed.txt': 'x\n' })
  const head = scratch.commit(ai, { 'reviewed.txt': 'x\n' })
  const merge = merging(scratch, old, head)
  const found = await contextsOf(scratch, forgeOf({ 12: { head, became: merge, commits: [head], seen: head } }))
  expect(shown(found.get(head))).toEqual(['#12', ['after-last-ai']])
  expect(shown(found.get(pushed))).toEqual([undefined, undefined])
})

test('nor does what came after the review, by a merge whose first parent has it already', async () => {
  const scratch = started()
  const old = parse(scratch, 'HEAD')
  const seen = scratch.commit(ai, { 'seen.txt': 'x\n' })
  scratch.git(['checkout', '--quiet', '--detach', old])
  const late = scratch.commit(ai, { 'late.txt': 'x\n' })
  scratch.git(['checkout', '--quiet', 'main'])
  const joined = (first: string, second: string): string =>
    scratch.git(['commit-tree', `${second}^{tree}`, '-p', first, '-p', second, '-m', 'Both'])
  const head = joined(seen, late)
  const merge = merging(scratch, joined(old, late), head)
  const told = { head, became: merge, commits: [seen, late, head], seen }
  const found = await contextsOf(scratch, forgeOf({ 12: told }))
  expect(shown(found.get(seen))).toEqual(['#12', ['after-last-ai']])
  expect(shown(found.get(late))).toEqual([undefined, undefined])
})

test('a commit of two requests is of the one that was merged first', async () => {
  const scratch = started()
  scratch.git(['checkout', '--quiet', '-b', 'dev'])
  const bottom = scratch.commit('dev', { 'dev.txt': 'x\n' })
  scratch.git(['checkout', '--quiet', '-b', 'letters'])
  const commit = scratch.commit(ai, { 'letters.txt': 'x\n' })
  scratch.git(['checkout', '--quiet', 'dev'])
  scratch.git(['merge', '--quiet', '--no-ff', '-m', 'Merge pull request #5 from acme/letters', commit])
  const inner = parse(scratch, 'HEAD')
  scratch.git(['checkout', '--quiet', 'main'])
  scratch.git(['merge', '--quiet', '--no-ff', '-m', 'Merge pull request #12 from acme/dev', inner])
  const outer = parse(scratch, 'HEAD')
  const five = { head: commit, became: inner, commits: [commit], seen: commit }
  const twelve = { head: inner, became: outer, commits: [bottom, commit, inner], seen: inner }
  const found = await contextsOf(scratch, forgeOf({ 5: five, 12: twelve }))
  expect(shown(found.get(commit))).toEqual(['#5', ['after-last-ai']])
  // What the first one is not proved to be, no other is in its place.
  const forged = await contextsOf(scratch, forgeOf({ 5: { ...five, became: 'e'.repeat(40) }, 12: twelve }))
  expect(shown(forged.get(commit))).toEqual([undefined, undefined])
})
