/** The job that releases: a clone as CI makes one, `attest --fetch`, and what its bundle then says. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mintLocalJobToken } from '../../src/embedded/project.ts'
import type { Inspection } from '../../src/index.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'

export const artifact = 'dist/app.tgz'
export const bundle = `${artifact}.sigstore.json`

export interface Job {
  readonly folder: string
  readonly attested: Ran
  readonly inspection: Inspection
  readonly local: readonly string[]
  /** What it says, a line each: commits, findings, what came of two readers, and sessions with their level. */
  readonly told: readonly string[]
  readonly run: (...argv: readonly string[]) => Promise<Ran>
  readonly git: (...argv: readonly string[]) => Promise<string>
}

export interface JobWorld {
  readonly folder: string
  readonly url: string
  /** Text of the file of allowed signers; undefined: none is named. */
  readonly signers?: string | undefined
  /** Whose Sigstore signatures count, `ISSUER=NAME` each. */
  readonly identities?: readonly string[]
  /** Default: it fetches. */
  readonly fetch?: boolean
}

export async function runJob({ folder, url, signers, identities = [], fetch = true }: JobWorld): Promise<Job> {
  const place = mkdtempSync(join(folder, 'job-'))
  const clone = join(place, 'widget')
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: join(folder, 'ci'), COLUMNS: '200', CI: 'true' },
    ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  }
  const gitIn = async (cwd: string, argv: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', argv, { cwd, env, timeout: 120_000 })).stdout.trim()
  await gitIn(place, ['clone', '--quiet', '--branch', 'v1.1.0', url, clone])
  const git = (...argv: readonly string[]): Promise<string> => gitIn(clone, argv)
  mkdirSync(join(clone, 'dist'))
  writeFileSync(join(clone, artifact), 'the artifact')
  const state = join(folder, 'state')
  const job = { ref: 'refs/tags/v1.1.0', sha: await git('rev-parse', 'HEAD') }
  const token = await mintLocalJobToken(state, 'github', job)
  const run = (...argv: readonly string[]): Promise<Ran> =>
    countersign({ cwd: clone, env: { ...env, SIGSTORE_ID_TOKEN: token } }, ...argv)
  const people = join(place, 'people')
  if (signers !== undefined) writeFileSync(people, signers, { mode: 0o600 })
  const local = ['--sigstore', 'local', '--local-state', state]
  const options = [
    ...(fetch ? ['--fetch'] : []),
    ...(signers === undefined ? [] : ['--allowed-signers', people]),
    ...identities.flatMap((it) => ['--allowed-identity', it]),
  ]
  const attested = await run('attest', artifact, ...local, ...options)
  if (attested.exitCode !== 0) throw new Error(attested.stderr)
  const inspected = await run('inspect', bundle, '--format', 'json')
  const inspection = JSON.parse(inspected.stdout) as Inspection
  return { folder: clone, attested, inspection, local, told: toldIn(inspection), run, git }
}

function toldIn({ sessions, attribution }: Inspection): readonly string[] {
  const { readers = [], commits } = (attribution ?? {}) as ToldAttribution
  const outcomeOf = (reader: string): string | undefined => readers.find((it) => it.reader === reader)?.outcome
  return [
    `commits ${String(commits?.claimed)} of ${String(commits?.total)}`,
    ...Object.entries(attribution?.findings ?? {}).map(([code, count]) => `finding ${code} ${String(count)}`),
    `records ${String(outcomeOf('session-record'))}`,
    `requests ${String(outcomeOf('pull-requests'))}`,
    ...sessions.map(({ tool, level, digest }) => `${tool} ${level} ${digest === undefined ? 'unpinned' : 'pinned'}`),
  ]
}

interface ToldAttribution {
  readonly commits?: { readonly claimed: number; readonly total: number }
  readonly readers?: readonly { readonly reader: string; readonly outcome: string }[]
}
