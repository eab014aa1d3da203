/** The job that releases the story: a clone as CI makes one, `attest --fetch`, `deployed`, `verify`; and what each report then says. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { mintLocalJobToken } from '../../src/embedded/project.ts'
import type { Lineage } from '../../src/graph.ts'
import type { Inspection } from '../../src/index.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { receiptKey, gateway } from '../world/receipt.ts'
import { scratchIn } from '../world/scratch-repository.ts'
import { signedReceipt } from './receipt.ts'
import { allowedSigners, sessionsOfStory, tellStory } from './repository.ts'
import type { GitLink, Story } from './repository.ts'
import { useStoryServer } from './forge.ts'
import type { ServedLink, StoryServer } from './forge.ts'

/** A link that the job is not given. */
export type GivenLink = 'receipt' | 'portal' | 'signers' | 'forge-token' | 'tracker-token' | 'fetch'

export interface Missing {
  readonly git?: GitLink
  readonly served?: ServedLink
  readonly given?: readonly GivenLink[]
  /** The job also signs that it deployed. */
  readonly deploys?: true
}

export const tokens = {
  forge: 'invented-forge-token',
  tracker: 'invented-tracker-token',
  portal: 'invented-portal-token',
}
export const artifact = 'dist/app.tgz'
export const bundles = [`${artifact}.sigstore.json`, `${artifact}.changes.sigstore.json`] as const
export const deployment = `${artifact}.deployed-production.sigstore.json`
export const question = [
  '--repo',
  'acme/widget',
  '--workflow',
  'release.yml',
  '--issuer',
  'https://oidc.countersign.localhost',
]

export interface Released {
  readonly story: Story
  readonly folder: string
  readonly state: string
  readonly attested: Ran
  /** What was signed. */
  readonly files: readonly string[]
  /** The Sigstore that signed, as an option. */
  readonly local: readonly string[]
  readonly run: (...argv: readonly string[]) => Promise<Ran>
}

export interface StoryWorld {
  readonly server: StoryServer
  /** Clones, attests and deploys; what an earlier one signed is gone then. */
  release(missing?: Missing): Promise<Released>
}

export function useStory(): StoryWorld {
  const server = useStoryServer()
  const folder = mkdtempSync(join(tmpdir(), 'countersign-story-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const state = join(folder, 'state')
  const key = receiptKey()
  const trusted = (name: string, text: string): string => {
    mkdirSync(join(folder, 'trusted'), { recursive: true })
    writeFileSync(join(folder, 'trusted', name), text, { mode: 0o600 })
    return join(folder, 'trusted', name)
  }
  const stories = new Map<GitLink | undefined, Story>()
  const storyWithout = (link: GitLink | undefined): Story => {
    const known = stories.get(link)
    if (known !== undefined) return known
    const place = join(folder, `story-${link ?? 'whole'}`)
    for (const name of ['work', 'forge']) mkdirSync(join(place, name), { recursive: true })
    const story = tellStory(place, server.origin.replace('http:', 'https:'), link)
    stories.set(link, story)
    return story
  }
  /** A clone as CI makes one; releases of one story share it, because none of them writes into it but beside its artifact. */
  const clones = new Map<Story, string>()
  const cloneOf = (story: Story): string => {
    const known = clones.get(story)
    if (known !== undefined) return known
    const clone = join(folder, `clone-${clones.size}`, 'widget')
    const from = `file://${story.forge.folder}/.git`
    const argv = ['clone', '--quiet', '--single-branch', '--branch', 'v1.1.0', from, clone]
    story.forge.git(['-c', 'protocol.file.allow=always', ...argv])
    scratchIn(clone).git(['remote', 'set-url', 'origin', `${server.origin}/acme/widget`])
    clones.set(story, clone)
    return clone
  }

  return {
    server,
    async release({ git, served, given = [], deploys } = {}) {
      const story = storyWithout(git)
      server.tell(story, served)
      const clone = cloneOf(story)
      rmSync(join(clone, 'dist'), { recursive: true, force: true })
      mkdirSync(join(clone, 'dist'))
      writeFileSync(join(clone, artifact), 'the artifact')

      const job = { ref: 'refs/tags/v1.1.0', sha: story.requests[13].change }
      const env = {
        ...{ PATH: process.env['PATH'], HOME: join(folder, 'home'), CI: 'true', COLUMNS: '200' },
        SIGSTORE_ID_TOKEN: await mintLocalJobToken(state, 'github', job),
      }
      const run = (...words: readonly string[]): Promise<Ran> => countersign({ cwd: clone, env }, ...words)
      const has = (link: GivenLink): boolean => !given.includes(link)
      const keys = trusted('keys.json', JSON.stringify({ keys: [key.jwk] }))
      const issuers = { version: 1, issuers: [{ issuer: gateway, jwks: { file: keys }, users: 'email' }] }
      const options = [
        ...['--changes', bundles[1]],
        ...(has('fetch') ? ['--fetch'] : []),
        ...(has('signers') ? ['--allowed-signers', trusted('people', allowedSigners)] : []),
        ...(has('receipt') ? ['--receipt', trusted('receipts.txt', `${signedReceipt(key, served)}\n`)] : []),
        ...(has('receipt') ? ['--receipt-issuers', trusted('issuers.json', JSON.stringify(issuers))] : []),
        ...(has('portal') ? ['--portal', server.origin, '--portal-token-file', trusted('portal', tokens.portal)] : []),
        ...(has('forge-token')
          ? ['--forge-token-file', trusted('forge', tokens.forge), '--forge-api', `${server.origin}/api/v3`]
          : []),
        ...(has('tracker-token')
          ? [
              ...['--tracker-system', 'jira', '--tracker-api', `${server.origin}/rest/api/3`],
              ...['--tracker-token-file', trusted('tracker', tokens.tracker)],
            ]
          : []),
      ]
      const local = ['--sigstore', 'local', '--local-state', state]
      const attested = await run('attest', artifact, ...local, ...options)
      if (attested.exitCode !== 0) throw new Error(attested.stderr)
      if (deploys === true) {
        const deployed = await run('deployed', 'production', artifact, ...local, '--bundle', bundles[0])
        if (deployed.exitCode !== 0) throw new Error(deployed.stderr)
      }
      const files = [...bundles, ...(deploys === true ? [deployment] : [])]
      return { story, folder: clone, state, attested, files, local, run }
    },
  }
}

const nameOf = new Map<string | undefined, string>(Object.entries(sessionsOfStory).map(([name, id]) => [id, name]))

/**
 * What the reports say, a line each: the level of each session, what came of each reader, findings, and gaps of the graph. All of it is
 * read from the output of commands, as whoever looks at a release reads it.
 */
export async function told(released: Released): Promise<ReadonlySet<string>> {
  const { files, story } = released
  const inspected = await released.run('inspect', ...files, '--format', 'json')
  const drawn = await released.run('graph', ...files, '--format', 'json')
  const inspections = inspected.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Inspection)
  const { gaps } = JSON.parse(drawn.stdout) as Lineage
  const requestOf = new Map(Object.entries(story.requests).map(([name, { change }]) => [`change:${change}`, name]))
  return new Set([
    ...inspections.flatMap(({ sessions = [], attribution, statement }) => [
      ...sessions.map((it) => `level ${nameOf.get(it.id) ?? it.tool} ${it.level}`),
      ...Object.entries(attribution?.findings ?? {}).map(([code, count]) => `finding ${code} ${count}`),
      ...readersIn(statement?.predicate).map(({ reader, outcome }) => `reader ${reader} ${outcome}`),
    ]),
    ...gaps.map((it) => `gap ${requestOf.get(it.change) ?? it.change} ${it.missing} ${it.why}`),
  ])
}

interface ToldReader {
  readonly reader: string
  readonly outcome: string
}

function readersIn(predicate: unknown): readonly ToldReader[] {
  return (predicate as { readonly readers?: readonly ToldReader[] }).readers ?? []
}

/** The statement of a bundle on disk, with nothing verified. */
export function statementIn(folder: string, bundle: string): { readonly predicate: unknown } {
  const { dsseEnvelope } = JSON.parse(readFileSync(join(folder, bundle), 'utf8')) as {
    dsseEnvelope: { payload: string }
  }
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as { predicate: unknown }
}

export function predicateIn(folder: string, bundle: string): unknown {
  return statementIn(folder, bundle).predicate
}
