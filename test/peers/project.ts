/** A repository with a release in it, and our own command line run in it as a CI job would. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { providerClaims } from '../../src/embedded/claims.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import type { ClaimInputs } from '../../src/providers/sample.ts'
import { run, runOffline } from './command.ts'
import type { Answer } from './command.ts'
import type { IssuerKind } from './fulcio-config.ts'
import type { StackFacts } from './stack.ts'

const countersign = resolve(import.meta.dirname, '../../bin/countersign.js')

export const provenance = 'https://slsa.dev/provenance/v1'

/** Who signs, and so who must be asked for. */
export interface Job {
  readonly issuer: IssuerKind
  readonly signer: string
  readonly source: string | undefined
}

export const gitHubJob: Job = {
  issuer: 'github',
  signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.1.0',
  source: 'https://github.com/acme/widget',
}

export const gitLabJob: Job = {
  issuer: 'gitlab',
  signer: 'https://gitlab.com/acme/widget//.gitlab-ci.yml@refs/tags/v1.1.0',
  source: 'https://gitlab.com/acme/widget',
}

// As the samples of the rows derive the ids of a pipeline from the name of the repository.
const circleDefinition = (() => {
  const { subjectAlternativeName } = tokenIdentity(providerClaims('circleci', { repository: 'acme/widget' })) ?? {}
  return subjectAlternativeName?.value ?? ''
})()

export const circleJob: Job = {
  issuer: 'circleci',
  signer: circleDefinition,
  source: 'https://github.com/acme/widget',
}

/** Its certificate names no source. */
export const buildkiteJob: Job = {
  issuer: 'buildkite',
  signer: 'https://buildkite.com/acme/widget',
  source: undefined,
}

export interface Project {
  /** For what a test writes: not tracked by the repository. */
  readonly scratch: string
  readonly commit: string
  /** Path of the released file. */
  readonly artifact: string
  /** For the commit and tag of the project, unless another is named. */
  token(job: Job, of?: { readonly ref: string; readonly sha: string }): Promise<string>
  /** Runs our command in the project; as a CI job if there is a token, else without network unless it is asked for. */
  countersign(
    args: readonly string[],
    options?: { readonly token?: string; readonly network?: 'loopback' },
  ): Promise<Answer>
  /** `attest` of the artifact; returns the path of the bundle, throws with what the command said. */
  attest(job: Job, rekor: 1 | 2): Promise<string>
  /** The statement that `attest` would sign, as a file. */
  statement(job: Job): Promise<string>
  /** `verify` of the artifact with the strictest question and nothing but the trusted root. */
  verify(job: Job, bundle: string, artifact?: string): Promise<Answer>
  /** The same question as arguments, without where the trust comes from. */
  question(job: Job, bundle: string, artifact?: string): string[]
}

/** Two commits and a tag; the second says that an AI session took part. */
export function makeProject(stack: StackFacts): Project {
  const folder = mkdtempSync(join(stack.folder, 'project-'))
  const person = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@acme.example' }
  const committer = { GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@acme.example' }
  const apart = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...person, ...committer, ...apart },
      encoding: 'utf8',
    }).trim()
  git('init', '--quiet', '--initial-branch=main')
  writeFileSync(join(folder, '.gitignore'), 'dist/\n')
  writeFileSync(join(folder, 'limit.js'), 'export const limit = 10\n')
  git('add', '.')
  git('commit', '--quiet', '-m', 'first')
  git('tag', 'v1.0.0')
  writeFileSync(join(folder, 'limit.js'), 'export const limit = 20\n')
  git('commit', '--quiet', '-am', 'raise the limit\n\nClaude-Session: https://claude.ai/code/session_01PeersTest')
  git('tag', 'v1.1.0')
  const scratch = join(folder, 'dist')
  mkdirSync(scratch)
  const artifact = join(scratch, 'widget.tgz')
  writeFileSync(artifact, 'the released widget')
  const commit = git('rev-parse', 'HEAD')

  let files = 0
  const fresh = (): string => join(scratch, `${(files += 1)}.json`)
  const project: Project = {
    scratch,
    commit,
    artifact,
    async token(job, { ref, sha } = { ref: 'refs/tags/v1.1.0', sha: commit }) {
      const inputs: ClaimInputs = {
        repository: 'acme/widget',
        ...{ ref, sha },
        visibility: 'private',
        environment: 'production',
        ...(job.issuer === 'github' ? { workflow: 'release.yml' } : {}),
      }
      const response = await fetch(`${stack.issuers[job.issuer]}/token`, {
        method: 'POST',
        body: JSON.stringify(inputs),
      })
      return ((await response.json()) as { value: string }).value
    },
    countersign(args, { token, network } = {}) {
      const env = token === undefined ? apart : { ...apart, CI: 'true', SIGSTORE_ID_TOKEN: token }
      const start = token === undefined && network === undefined ? runOffline : run
      return start(process.execPath, [countersign, ...args], { cwd: folder, home: scratch, env })
    },
    async attest(job, rekor) {
      const bundle = fresh()
      const args = ['attest', artifact, '--sigstore', stack.trustConfig[rekor], '--out', bundle]
      const answer = await project.countersign(args, { token: await project.token(job) })
      if (answer.code !== 0) throw new Error(`attest ended with ${answer.code}: ${answer.stderr}`)
      return bundle
    },
    async statement(job) {
      const args = ['attest', artifact, '--sigstore', stack.trustConfig[2], '--dry-run']
      const answer = await project.countersign(args, { token: await project.token(job) })
      if (answer.code !== 0) throw new Error(`attest --dry-run ended with ${answer.code}: ${answer.stderr}`)
      const file = fresh()
      writeFileSync(file, answer.stdout)
      return file
    },
    verify: (job, bundle, file) =>
      project.countersign([...project.question(job, bundle, file), '--trusted-root', stack.trustedRoot]),
    question: (job, bundle, file = artifact) => [
      ...['verify', file, '--bundle', bundle, '--format', 'json'],
      ...['--signer', job.signer, '--issuer', stack.issuers[job.issuer]],
      ...(job.source === undefined ? ['--any-source', '--self-hosted-runner', 'allow'] : ['--source', job.source]),
    ],
  }
  return project
}
