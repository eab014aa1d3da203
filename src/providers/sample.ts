/** Facts of a made-up CI job, and the ids that follow from its names: what sample claims are written from. */
import { sha256Hex } from '../model/digest.ts'

/** Facts of a CI job. Absent ones get a plausible value. */
export interface ClaimInputs {
  /** `owner/name`; for `local` any URL. */
  readonly repository?: string
  /** Full ref: `refs/heads/main`. */
  readonly ref?: string
  /** Full commit id. */
  readonly sha?: string
  /**
   * GitHub: the workflow of the job, as a file name in the repository (`release.yml`) or, for a reusable one elsewhere, whole
   * (`org/workflows/.github/workflows/build.yml@refs/tags/v1`). Others: the name of the pipeline.
   */
  readonly workflow?: string
  /** GitHub: file name of the workflow that called a reusable one. */
  readonly callerWorkflow?: string
  /** What started it, in the provider's own word. */
  readonly event?: string
  /** `github-hosted`, `self-hosted`… */
  readonly runner?: string
  /** `public`, `private`, `internal` */
  readonly visibility?: string
  readonly environment?: string
  readonly runId?: string
  readonly runAttempt?: string
  /** A token of no CI provider: the verified e-mail address. */
  readonly email?: string
}

/** The names of the inputs, for those who read them from a query. */
export const claimInputNames = [
  'repository',
  'ref',
  'sha',
  'workflow',
  'callerWorkflow',
  'event',
  'runner',
  'visibility',
  'environment',
  'runId',
  'runAttempt',
  'email',
] as const satisfies readonly (keyof ClaimInputs)[]

/** The same with what every provider's claims need. */
export type SampleJob = ClaimInputs & Required<Pick<ClaimInputs, 'repository' | 'ref' | 'sha' | 'runId'>>

export function ownerOf(repository: string): string {
  return repository.slice(0, Math.max(repository.lastIndexOf('/'), 0)) || repository
}

export function refType(ref: string): 'branch' | 'tag' {
  return ref.startsWith('refs/tags/') ? 'tag' : 'branch'
}

export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '')
}

/** Ids that depend on their names alone, so that two tokens of one repository agree. */
export function commitId(name: string): string {
  return sha256Hex(name).slice(0, 40)
}

export function numericId(name: string): string {
  return String(parseInt(sha256Hex(name).slice(0, 8), 16))
}

export function uuid(name: string): string {
  return commitId(name).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
}
