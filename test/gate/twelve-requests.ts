/** Twelve requests at GitHub, each with the event of its job, and what `countersign gate` says of it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { personHash } from '../../src/model/person.ts'
import { countersign, withoutChance } from '../cli/terminal.ts'
import { ed25519Key, signedBy } from '../world/commit-signature.ts'
import { forgeServer, forgeToken } from '../world/forge-server.ts'
import { scratchFolder } from '../world/scratch-repository.ts'
import { changeUnderReview, disclosed, lines } from './fixture.ts'
import type { Change } from './fixture.ts'

const key = 'k'.repeat(32)
const boss = ed25519Key()
const bossHash = personHash('boss@example.org', { kind: 'organisation', bytes: Buffer.from(key) })

/** One policy for all of them. */
const policy = `apiVersion: countersign/policy/v1
name: acme
ai:
  tools: { allow: [claude-code] }
  models: { deny: ['claude-haiku-*'], unknown: allow }
  levels: [{ atLeast: recorded, paths: ['src/pay/**'] }]
  disclosure: { aboveLines: 20, overrides: { allowed: [{ signer: '${bossHash}', name: 'Boss (maintainer)' }] } }
  humanReview: [{ paths: ['src/auth/**'] }]
identity: { signers: [{ repo: acme/widget, workflow: release.yml }] }
`
const weakPolicy = 'apiVersion: countersign/policy/v1\nname: weak\nai: { disclosure: { aboveLines: 1000000 } }\n'

const override = 'Import\n\nAI-Provenance-Override: taken over from the repository of the old parser\n'
const later = disclosed.replace('01Parse', '01Later')

interface Review {
  readonly by: string
  readonly bot?: true
  /** Which of its commits they looked at; default the last. */
  readonly saw?: 0
}

interface Scenario {
  readonly name: string
  /** Makes its commits, the last of them the head. */
  make(change: Change): readonly string[]
  /** Who reviewed it, where the job has a token. */
  readonly reviews?: readonly Review[]
  readonly fork?: true
  readonly flags?: readonly string[]
}

const one =
  (message: string, files: { readonly [path: string]: string }): Scenario['make'] =>
  (change) => [change.commit(message, files)]

const authTwice: Scenario['make'] = (change) => [
  change.commit(disclosed, { 'src/auth/login.js': 'x\n' }),
  change.commit(later, { 'src/auth/login.js': 'y\n' }),
]

function signedOverride(change: Change): readonly string[] {
  change.write('old/parser.js', lines(40))
  change.git(['add', '--all'])
  const tree = change.git(['write-tree'])
  const who = 'Boss <boss@example.org>'
  const object = signedBy(boss, { tree, parents: [change.base], message: override, author: who, time: 1_700_001_000 })
  const id = change.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)
  change.git(['reset', '--quiet', '--hard', id])
  return [id]
}

export const scenarios: readonly Scenario[] = [
  { name: 'no AI', make: one('Mend a word', { 'b.txt': 'b\n' }) },
  { name: 'disclosed', make: one(disclosed, { 'b.txt': lines(40) }) },
  { name: 'undisclosed churn', make: one('Parse', { 'b.txt': lines(40) }) },
  { name: 'forbidden model', make: one(disclosed.replace('Opus 4.6', 'Haiku 4.5'), { 'b.txt': lines(40) }) },
  { name: 'unreviewed change to auth', make: one(disclosed, { 'src/auth/login.js': 'x\n' }), reviews: [] },
  {
    name: 'reviewed by an agent only',
    make: one(disclosed, { 'src/auth/login.js': 'x\n' }),
    reviews: [{ by: 'devin-ai-integration[bot]', bot: true }],
  },
  { name: 'reviewed before the last AI change', make: authTwice, reviews: [{ by: 'eve', saw: 0 }] },
  { name: 'proved override', make: signedOverride },
  { name: 'unproved override', make: one(override, { 'old/parser.js': lines(40) }) },
  { name: 'forged trailer', make: one(disclosed, { 'src/pay/charge.js': lines(40) }) },
  {
    name: 'policy changed in the same request',
    make: one('Weaken', { 'countersign.yaml': weakPolicy, 'b.txt': lines(40) }),
  },
  {
    name: 'fork without token',
    make: one(disclosed, { 'src/auth/login.js': 'x\n' }),
    fork: true,
    flags: ['--set-labels', '--check-run'],
  },
]

export interface Said {
  readonly exitCode: number
  readonly text: string
  readonly json: string
}

export async function said(scenario: Scenario): Promise<Said> {
  const change = changeUnderReview(policy)
  const commits = scenario.make(change)
  const head = commits.at(-1) ?? ''
  const outside = scratchFolder()
  const put = (name: string, text: string): string => {
    writeFileSync(join(outside, name), text)
    return join(outside, name)
  }
  const asking = scenario.reviews === undefined ? [] : await forgeFlags(change, commits, scenario.reviews, put)
  if (asking.length === 0) change.git(['remote', 'add', 'origin', 'https://git.example/acme/widget'])
  // What actions/checkout leaves: the merge of both, without a branch.
  change.git(['checkout', '--quiet', '--detach', change.base])
  change.git(['merge', '--quiet', '--no-ff', '-m', `Merge ${head} into ${change.base}`, head])
  const people = put('people', `boss@example.org namespaces="git" ${boss.text}\n`)
  const argv = [
    ...['gate', '--policy', 'countersign.yaml', '--allowed-signers', people],
    ...(scenario.fork === undefined ? ['--identity-key-file', put('key', key)] : []),
    ...asking,
    ...(scenario.flags ?? []),
  ]
  const env = {
    ...{ PATH: process.env['PATH'], HOME: '/nowhere', GITHUB_ACTIONS: 'true' },
    ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'acme/widget' },
    GITHUB_EVENT_PATH: put('event.json', JSON.stringify(eventOf(change.base, head, scenario.fork !== undefined))),
  }
  // Nothing is asked but the forge that a scenario has.
  const offline = asking.length === 0 && scenario.flags === undefined ? ['--offline'] : []
  const open = globalThis.fetch
  const fetch: typeof open = (input, init) =>
    asking.length === 0 ? Promise.reject(new TypeError('fetch failed')) : open(input, init)
  const run = (...more: readonly string[]): ReturnType<typeof countersign> =>
    countersign({ cwd: change.folder, env, fetch }, ...argv, ...offline, ...more)
  const text = await run()
  const json = await run('--format', 'json')
  return { exitCode: text.exitCode, text: shown(text.stdout + text.stderr), json: json.stdout }
}

/** As GitHub sends it, as far as it matters. */
function eventOf(base: string, head: string, isFork: boolean): object {
  const own = { full_name: 'acme/widget', fork: false }
  return {
    ...{ action: 'synchronize', number: 12, repository: { ...own, default_branch: 'main' } },
    pull_request: {
      ...{ number: 12, state: 'open', base: { sha: base, ref: 'main', repo: own } },
      head: { sha: head, ref: 'change', repo: isFork ? { full_name: 'mallory/widget', fork: true } : own },
    },
  }
}

async function forgeFlags(
  change: Change,
  commits: readonly string[],
  reviews: readonly Review[],
  put: (name: string, text: string) => string,
): Promise<readonly string[]> {
  const head = commits.at(-1) ?? ''
  const user = (login: string, type = 'User'): object => ({ login, id: 5, type })
  const pull = '/repos/acme/widget/pulls/12'
  const { api } = await forgeServer('/api/v3', {
    [pull]: {
      ...{ number: 12, title: 'x', body: '', commits: commits.length, merge_commit_sha: null, labels: [] },
      ...{ user: user('bob'), merged_by: null, merged_at: null, head: { ref: 'change', sha: head } },
      base: { ref: 'main', repo: { full_name: 'acme/widget' } },
    },
    [`${pull}/commits`]: commits.map((sha) => ({ sha, author: user('bob'), committer: user('bob') })),
    [`${pull}/reviews`]: reviews.map(({ by, bot, saw }, at) => ({
      ...{
        id: at,
        user: user(by, bot === undefined ? 'User' : 'Bot'),
        state: 'APPROVED',
        author_association: 'MEMBER',
      },
      ...{ submitted_at: '2026-01-01T10:00:00Z', commit_id: saw === undefined ? head : commits[saw] },
    })),
  })
  change.git(['remote', 'add', 'origin', api.replace('/api/v3', '/acme/widget')])
  return ['--forge-token-file', put('token', forgeToken), '--forge-api', api]
}

function shown(text: string): string {
  return withoutChance(text)
    .replace(/\b[0-9a-f]{12}\.\.[0-9a-f]{12}\b/g, '<base>..<head>')
    .replace(/127\.0\.0\.1:\d+/g, '<forge>')
}
