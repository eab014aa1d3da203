/** The context of a release: asked of a forge, signed, verified and shown; and nothing that people wrote is anywhere. */
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countersign } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { githubAnswers, linkedId, planted } from '../world/forge-answers.ts'
import { answerAs, forgeToken } from '../world/forge-server.ts'
import { loopback } from '../world/loopback-server.ts'

const checkout = useCheckouts()
const people = ['ann', 'bob', 'eve']
const issuer = 'https://oidc.countersign.localhost'

interface Released {
  readonly at: Checkout
  readonly change: string
  readonly older: string
  readonly argv: readonly string[]
  readonly asked: readonly (readonly [string, string | undefined])[]
}

/** A checkout whose last change was squashed from a request of two commits, both of AI, of which the older one was reviewed. */
async function released(): Promise<Released> {
  const at = checkout()
  const commit = (message: string, name: string): string => {
    at.write(name, `${name}\n`)
    at.git('add', '.')
    at.git('commit', '--quiet', '--message', message)
    return at.git('rev-parse', 'HEAD').trim()
  }
  at.git('checkout', '--quiet', '--detach')
  const older = commit('one\n\nAI-Session-ID: codex:first-invented', 'one.txt')
  const head = commit('two\n\nAI-Session-ID: codex:second-invented', 'two.txt')
  at.git('update-ref', 'refs/pull/12/head', head)
  at.git('checkout', '--quiet', 'main')
  at.git('merge', '--quiet', '--squash', head)
  at.git('commit', '--quiet', '--message', 'letters (#12)')
  const change = at.git('rev-parse', 'HEAD').trim()
  const asked: (readonly [string, string | undefined])[] = []
  const answers = githubAnswers({ change, head, seen: older })
  const server = await loopback((request: IncomingMessage, response) => {
    asked.push([(request.url ?? '').split('?')[0] ?? '', request.headers.authorization])
    answerAs('/api/v3', answers, request, response)
  })
  at.git('remote', 'set-url', 'origin', `${server}/acme/widget`)
  writeFileSync(join(at.folder, '../token'), `${forgeToken}\n`)
  return { at, change, older, argv: ['--forge-token-file', '../token', '--forge-api', `${server}/api/v3`], asked }
}

interface ToldChange {
  readonly commit: string
  readonly pullRequest?: string
  readonly request?: { readonly said: string; readonly author: { readonly account: string; readonly agent?: string } }
  readonly reviews?: readonly {
    readonly by: string
    readonly agent?: string
    readonly verdict: string
    readonly order: string
  }[]
  readonly checks?: readonly { readonly name: string }[]
  readonly deployments?: readonly { readonly environment: string }[]
}

interface Predicate {
  readonly changes: readonly ToldChange[]
  readonly branch?: { readonly name: string; readonly requiredApprovals: number }
  readonly readers: readonly { readonly reader: string; readonly outcome: string }[]
}

interface Inspected {
  readonly statement: { readonly predicate: Predicate }
  readonly context?: object
}

describe('a release whose forge is asked', () => {
  let of: Released
  let outputs: readonly string[]
  let predicate: Predicate
  let inspected: Inspected
  let verified: string
  let shown: string

  async function attested(): Promise<void> {
    of = await released()
    const { at, argv } = of
    const world = { cwd: at.folder, env: at.env(await at.token()) }
    const run = (...args: readonly string[]): ReturnType<typeof countersign> => countersign(world, ...args)
    const made = await run(
      'attest',
      'dist/app.tgz',
      '--sigstore',
      'local',
      '--changes',
      'dist/app.tgz.changes.sigstore.json',
      ...argv,
    )
    expect([made.exitCode, made.stderr]).toEqual([0, expect.any(String)])
    const json = await run('inspect', 'dist/app.tgz.changes.sigstore.json', '--format', 'json')
    inspected = JSON.parse(json.stdout) as Inspected
    predicate = inspected.statement.predicate
    const text = await run('inspect', 'dist/app.tgz.changes.sigstore.json')
    shown = text.stdout
    const asked = ['--repo', 'acme/widget', '--workflow', 'release.yml', '--sigstore', 'local', '--issuer', issuer]
    const verify = await run('verify', 'dist/app.tgz', ...asked)
    expect([verify.exitCode, verify.stderr]).toEqual([0, ''])
    verified = verify.stdout
    outputs = [made.stdout, made.stderr, json.stdout, text.stdout, verify.stdout, verify.stderr]
  }

  it('signs what it said, with who said it, and shows it', async () => {
    await attested()
    const [change] = predicate.changes
    expect(change?.commit).toBe(of.change)
    expect(change?.request).toMatchObject({ said: 'forge-api', author: { agent: 'devin' } })
    expect(change?.reviews?.map(({ verdict, order, agent }) => [verdict, order, agent])).toEqual([
      ['changes-requested', 'before-last-ai', undefined],
      ['approved', 'before-last-ai', undefined],
      ['approved', 'before-last-ai', 'devin'],
      ['dismissed', 'before-last-ai', undefined],
    ])
    expect(change?.reviews?.[0]?.by).toMatch(/^hmac-sha256:[0-9a-f]{64}$/)
    expect(change?.reviews?.[1]?.by).toBe(change?.reviews?.[0]?.by)
    expect(new Set(change?.checks?.map(({ name }) => name))).toEqual(new Set(['unit tests', 'ci/lint']))
    expect(change?.deployments?.map(({ environment }) => environment)).toEqual(['production'])
    expect(predicate.branch).toMatchObject({ name: 'main', requiredApprovals: 2 })
    const outcomes = Object.fromEntries(predicate.readers.map(({ reader, outcome }) => [reader, outcome]))
    expect(outcomes).toMatchObject({
      request: 'found',
      reviews: 'found',
      'branch-rules': 'found',
      checks: 'could-not-look',
    })
    expect(inspected.context).toMatchObject({
      requests: 1,
      reviews: {
        changes: 1,
        verdicts: { approved: 2, 'changes-requested': 1, dismissed: 1 },
        byAgents: 1,
        afterLastAi: 0,
      },
      branch: { name: 'main', protected: true },
    })
    for (const text of [shown, verified]) {
      expect(text).toMatch(
        /reviews\s+of 1 changes: 2 approved, 1 changes requested, 1 dismissed; 1 by agents; 0 approvals/,
      )
      expect(text).toMatch(/branch\s+main, protected/)
    }
    // Neither a login nor a title, nor a text; and the token is nowhere.
    for (const text of outputs) {
      for (const secret of [planted, forgeToken, 'acme.example']) expect(text).not.toContain(secret)
    }
    const told = JSON.stringify(predicate)
    for (const login of people) expect(told).not.toMatch(new RegExp(`"${login}"|acct:`))
    expect(
      of.asked.every(
        ([path, authorization]) =>
          path.startsWith('/api/v3/repos/acme/widget/') && authorization === `Bearer ${forgeToken}`,
      ),
    ).toBe(true)
  })

  it.each(['text', 'markdown', 'html', 'json'])('is shown as %s, and nobody is named', async (format) => {
    const { at, argv } = await released()
    const { stdout, stderr, exitCode } = await countersign(
      { cwd: at.folder, env: at.env() },
      ...['sessions', '--format', format, ...argv],
    )
    expect(exitCode).toBe(0)
    for (const word of ['devin', 'production', 'ci/lint']) expect(stdout).toContain(word)
    // At a terminal it is folded.
    expect(stdout.replaceAll('&#95;', '_')).toContain(format === 'text' ? 'session_01' : linkedId)
    for (const secret of [planted, forgeToken, 'acme.example', ...people.map((it) => `"${it}"`)]) {
      expect(stdout + stderr).not.toContain(secret)
    }
  })

  it('is told without it where no token is given, which is signed and shown', async () => {
    const { at, asked } = await released()
    const world = { cwd: at.folder, env: at.env(await at.token()) }
    const made = await countersign(
      world,
      'attest',
      'dist/app.tgz',
      '--sigstore',
      'local',
      '--changes',
      'dist/app.tgz.changes.sigstore.json',
    )
    expect(made.exitCode).toBe(0)
    const { stdout } = await countersign(world, 'inspect', 'dist/app.tgz.changes.sigstore.json', '--format', 'json')
    const { statement } = JSON.parse(stdout) as Inspected
    const context = statement.predicate.readers.filter(({ outcome }) => outcome === 'not-collected')
    expect(context.map(({ reader }) => reader)).toEqual([
      'request',
      'reviews',
      'checks',
      'deployments',
      'branch-rules',
      'tracker',
    ])
    expect(
      statement.predicate.changes.every(({ reviews, request }) => reviews === undefined && request === undefined),
    ).toBe(true)
    const { stdout: text } = await countersign(world, 'inspect', 'dist/app.tgz.changes.sigstore.json')
    expect(text).toMatch(/no context\s+request \(not collected\)/)
    expect(asked).toEqual([])
  })
})
