/** The fields that build types have in common: what a predicate says, and what the certificate makes of it. */
import { builderUri, certifiedBuild, compilePattern, splitIdentity } from '../../model/identity.ts'
import type { CertificateIdentity } from '../../model/identity.ts'
import { isObject, memberAt, textAt } from '../../model/json.ts'
import type { Provenance } from '../../model/predicate.ts'
import { canonicalRepository } from '../../model/repository-url.ts'
import type { ResourceDescriptor } from '../../model/statement.ts'
import type { Expectation, FieldRow } from './row.ts'

export const exactly = (text: string): Expectation => ({ text, accepts: (found) => found === text })
export const exactlyIf = (text: string | undefined): Expectation | undefined =>
  text === undefined ? undefined : exactly(text)

type Read = FieldRow['read']
export type FromCertificate = (certificate: CertificateIdentity) => string | undefined

export function field(name: string, presence: FieldRow['presence'], expected: FromCertificate, read: Read): FieldRow {
  return { field: name, presence, read, expect: (certificate) => exactlyIf(expected(certificate)) }
}

// What the certificate says, by the names that predicates use for it.
export const signerUri: FromCertificate = builderUri
// These also where the certificate has the deprecated extensions alone.
export const repository: FromCertificate = (it) => certifiedBuild(it.extensions).source
export const commit: FromCertificate = (it) => certifiedBuild(it.extensions).commit
export const ref: FromCertificate = (it) => certifiedBuild(it.extensions).ref
export const trigger: FromCertificate = (it) => certifiedBuild(it.extensions).trigger
export const repositoryId: FromCertificate = (it) => it.extensions.sourceRepositoryIdentifier
export const ownerId: FromCertificate = (it) => it.extensions.sourceRepositoryOwnerIdentifier
export const runner: FromCertificate = (it) => certifiedBuild(it.extensions).runner
export const run: FromCertificate = (it) => it.extensions.runInvocationUri
export const configuration: FromCertificate = (it) => it.extensions.buildConfigUri

export const gitUri: FromCertificate = (it) => {
  const uri = repository(it)
  if (uri === undefined) return undefined
  return ref(it) === undefined ? `git+${uri}` : `git+${uri}@${ref(it) ?? ''}`
}
export const gitUriWithoutRef: FromCertificate = (it) => prefixed('git+', repository(it))
/** `owner/name` of the repository. */
export const repositoryPath: FromCertificate = (it) => repository(it)?.replace(/^https:\/\/[^/]+\//, '')
/** Path of the workflow file in the repository. */
export const workflowPath: FromCertificate = (it) => {
  const identity = configuration(it)
  const uri = repository(it)
  if (identity === undefined || uri === undefined) return undefined
  const { file } = splitIdentity(identity)
  return file.startsWith(`${uri}/`) ? file.slice(uri.length + 1) : file
}
/** `owner/name/.github/workflows/file@ref` */
export const workflowRef: FromCertificate = (it) => configuration(it)?.replace(/^https:\/\/[^/]+\//, '')
/** `…/actions/runs/<id>/attempts/<attempt>` */
export const runId: FromCertificate = (it) => run(it)?.split('/').at(-3)
export const runAttempt: FromCertificate = (it) => run(it)?.split('/').at(-1)

export function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${prefix}${text}`
}

/** The dependency that is the certificate's repository, wherever it stands; where none is, the first, which then is another. */
export function sourceAmong(
  { resolvedDependencies }: Provenance,
  certificate: CertificateIdentity,
): ResourceDescriptor | undefined {
  const source = canonicalRepository(repository(certificate) ?? '')
  const named = resolvedDependencies.find(({ uri }) => uri !== undefined && canonicalRepository(uri) === source)
  return (source === undefined ? undefined : named) ?? resolvedDependencies[0]
}

/** A commit stands under several names; GitLab's runner even calls it sha256. */
const commitOf: Read = (provenance, certificate) =>
  oneOf(sourceAmong(provenance, certificate), ['gitCommit', 'sha1', 'sha256'])

/** As it is written here, however it is written there: `SHA1`, `gitcommit`. */
function spelt(name: string): string {
  return name.toLowerCase() === 'gitcommit' ? 'gitCommit' : name.toLowerCase()
}

/** The one value of a descriptor's digests under these names; where they contradict each other, all of them. */
export function oneOf(descriptor: unknown, names: readonly string[]): string | undefined {
  const digests = memberAt(descriptor, 'digest')
  const values = new Set(
    Object.entries(isObject(digests) ? digests : {}).flatMap(([name, value]) =>
      names.includes(name) || names.includes(spelt(name)) ? (textAt(value) ?? JSON.stringify(value)) : [],
    ),
  )
  return values.size === 0 ? undefined : [...values].join(' and ')
}
/** A list or an object in the place of a text is no silence: it is shown, and is not what was expected. */
function saidAt(from: unknown, path: readonly string[]): string | undefined {
  const value = memberAt(from, ...path)
  return value === null ? undefined : (textAt(value) ?? JSON.stringify(value))
}

export const external =
  (...path: readonly string[]): Read =>
  (it) =>
    saidAt(it.externalParameters, path)
export const internal =
  (...path: readonly string[]): Read =>
  (it) =>
    saidAt(it.internalParameters, path)

/** The builder is whoever signed: a reusable workflow, or the workflow itself. */
export const builderIsSigner = field('builder.id', 'required', signerUri, (it) => it.builderId)

/** Before GitHub's own build type, npm and others named the runner as the builder. */
export const builderIsRunner: FieldRow = {
  field: 'builder.id',
  presence: 'required',
  read: (it) => it.builderId,
  expect(certificate) {
    const named = [
      'https://github.com/actions/runner',
      prefixed('https://github.com/actions/runner/', runner(certificate)),
    ]
    const accepted = [...named, signerUri(certificate)].filter((it) => it !== undefined)
    return { text: accepted.join(' or '), accepts: (found) => accepted.includes(found) }
  },
}

/** GitLab's runner names itself, below the project. */
export const builderIsGitLabRunner: FieldRow = {
  field: 'builder.id',
  presence: 'required',
  read: (it) => it.builderId,
  expect(certificate) {
    const project = repository(certificate)
    if (project === undefined) return undefined
    return compiled(`${project}/-/runners/*`)
  },
}

export const gitHubWorkflow = compiled('https://github.com/*/*/.github/workflows/*@**')

/**
 * Signers that may speak for other builders (slsa-github-generator's "bring your own builder"): the delegator runs the
 * tool's reusable workflow, reads its identity from the token, and signs for it.
 */
const delegators = ['delegator_generic_slsa3.yml', 'delegator_lowperms-generic_slsa3.yml'].map((file) =>
  compilePattern(
    `https://github.com/slsa-framework/slsa-github-generator/.github/workflows/${file}@**`,
    'the delegator',
  ),
)

export const builderIsDelegated: FieldRow = {
  field: 'builder.id',
  presence: 'required',
  read: (it) => it.builderId,
  expect(certificate) {
    const signer = signerUri(certificate)
    if (signer === undefined) return undefined
    return delegators.some((it) => it.matches(signer)) ? gitHubWorkflow : exactly(signer)
  },
}

export function compiled(text: string): Expectation {
  const pattern = compilePattern(text, 'the expectation')
  return { text, accepts: (found) => pattern.matches(found) }
}

export const invocation = field('metadata.invocationId', 'optional', run, (it) => it.invocationId)
export const sourceCommit = field('source.digest', 'required', commit, commitOf)
export const sourceUriOf: Read = (it, certificate) => sourceAmong(it, certificate)?.uri
export const sourceUri = field('source.uri', 'required', gitUri, sourceUriOf)

/** GitHub's variables, as builders copy them from the runner: upper case, or lower case in slsa-github-generator's v0.2. */
export function gitHubVariables(letters: 'upper' | 'lower'): FieldRow[] {
  const variable = (name: string, expected: FromCertificate): FieldRow => {
    const written = letters === 'upper' ? `GITHUB_${name.toUpperCase()}` : `github_${name}`
    return field(`environment ${written}`, 'optional', expected, internal(written))
  }
  return [
    variable('event_name', trigger),
    variable('ref', ref),
    variable(letters === 'upper' ? 'sha' : 'sha1', commit),
    variable('repository', repositoryPath),
    variable('repository_id', repositoryId),
    variable('repository_owner_id', ownerId),
    variable('workflow_ref', workflowRef),
    variable('workflow_sha', (it) => it.extensions.buildConfigDigest),
    variable('run_id', runId),
    variable('run_attempt', runAttempt),
  ]
}

/** SLSA v0.2: configSource is the source, materials begin with it, and the invocation is run and attempt. */
export const configSourceFields: readonly FieldRow[] = [
  field('invocation.configSource.uri', 'required', gitUri, external('configSource', 'uri')),
  field('invocation.configSource.digest.sha1', 'required', commit, external('configSource', 'digest', 'sha1')),
  field('invocation.configSource.entryPoint', 'required', workflowPath, external('configSource', 'entryPoint')),
  sourceUri,
  sourceCommit,
  field(
    'metadata.buildInvocationID',
    'optional',
    (it) => (runId(it) === undefined ? undefined : `${runId(it) ?? ''}-${runAttempt(it) ?? ''}`),
    (it) => it.invocationId,
  ),
]

export const workflowFields: readonly FieldRow[] = [
  field('externalParameters.workflow.repository', 'required', repository, external('workflow', 'repository')),
  field('externalParameters.workflow.ref', 'required', ref, external('workflow', 'ref')),
  field('externalParameters.workflow.path', 'required', workflowPath, external('workflow', 'path')),
  field('internalParameters.github.event_name', 'optional', trigger, internal('github', 'event_name')),
  field('internalParameters.github.repository_id', 'optional', repositoryId, internal('github', 'repository_id')),
  field(
    'internalParameters.github.repository_owner_id',
    'optional',
    ownerId,
    internal('github', 'repository_owner_id'),
  ),
  field('internalParameters.github.runner_environment', 'optional', runner, internal('github', 'runner_environment')),
]

/** GitLab's runner and its documentation describe the same predicate under two names. */
export const gitLabJobFields: readonly FieldRow[] = [
  builderIsGitLabRunner,
  field('externalParameters.source', 'required', repository, external('source')),
  field('source.uri', 'required', repository, (...it) => sourceUriOf(...it)?.replace(/^git\+/, '')),
  sourceCommit,
]

/** Where the builders of the SLSA project live. */
export const slsaGenerator = 'https://github.com/slsa-framework/slsa-github-generator'
