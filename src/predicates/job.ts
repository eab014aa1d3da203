/** The job that signs a statement of what it did: the member `job` of a deployment and of a rebuild comparison. */
import * as z from 'zod/mini'
import type { VerifiedToken } from '../model/facts.ts'
import { builderUri, certifiedBuild } from '../model/identity.ts'
import { limits } from '../model/limits.ts'
import type { AttestingJob } from '../model/predicate.ts'
import { absent } from '../model/statement.ts'

const text = z.string().check(z.minLength(1), z.maxLength(limits.identityCharacters))

/** What is asked of a certificate by the same names (`policy/rules/job`). */
export const signingJob = z.looseObject({
  /** Whoever signs: a workflow, as the certificate names it. */
  signer: text,
  /** URL of the repository, its ref and its commit, which are those of the job itself. */
  repository: absent(text),
  ref: absent(text),
  commit: absent(text),
  /** Workflow or pipeline definition that started the job. */
  config: absent(text),
  /** The run with its attempt. */
  run: absent(text),
  trigger: absent(text),
  runnerEnvironment: absent(text),
  sourceRepositoryIdentifier: absent(text),
  sourceRepositoryOwnerIdentifier: absent(text),
})

type JobPredicate = z.infer<typeof signingJob>

export function readJob(by: JobPredicate): AttestingJob {
  return {
    signer: by.signer,
    repository: by.repository ?? undefined,
    ref: by.ref ?? undefined,
    commit: by.commit ?? undefined,
    config: by.config ?? undefined,
    run: by.run ?? undefined,
    trigger: by.trigger ?? undefined,
    runnerEnvironment: by.runnerEnvironment ?? undefined,
    sourceRepositoryIdentifier: by.sourceRepositoryIdentifier ?? undefined,
    sourceRepositoryOwnerIdentifier: by.sourceRepositoryOwnerIdentifier ?? undefined,
  }
}

/** The job of a token, by the names, and from the extensions, that a certificate for this token will have. */
export function jobOf({ identity }: VerifiedToken): JobPredicate {
  const { extensions } = identity
  const { source, ref, commit, trigger, runner } = certifiedBuild(extensions)
  return {
    signer: builderUri(identity) ?? identity.subjectAlternativeName.value,
    ...said({ repository: source, ref, commit, config: extensions.buildConfigUri, run: extensions.runInvocationUri }),
    ...said({
      trigger,
      runnerEnvironment: runner,
      sourceRepositoryIdentifier: extensions.sourceRepositoryIdentifier,
      sourceRepositoryOwnerIdentifier: extensions.sourceRepositoryOwnerIdentifier,
    }),
  }
}

/** The members that have a value. */
export function said(values: { readonly [name: string]: string | undefined }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
