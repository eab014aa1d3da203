/** What a row of the forgery table is (docs/forgeries.md), and the scene in which the forger works. */
import { afterAll, beforeAll } from 'vitest'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import type { SummaryQuestion } from '../../src/model/summary-question.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { useRelease } from '../world/release.ts'
import type { Job, Release } from '../world/release.ts'

/** A forgery that is refused. */
export interface Forgery {
  /** Its number in the table. */
  readonly id: string
  /** What the forger does. */
  readonly forger: string
  /**
   * What refuses it: `rule code` of every check that fails, the fields of the provenance taken together; `outcome code`
   * where no check was reached, `refused code` where the command itself ends.
   */
  readonly stoppedBy: readonly string[]
  /** What a person must have asked for; without it the forgery passes. */
  readonly askedBy?: string
  readonly make: (scene: Scene) => Promise<Attempt>
}

/** Each gives why it was refused, in the form of `Forgery.stoppedBy`; nothing for a pass. */
export interface Attempt {
  readonly forged: Answer
  /** What the forgery imitates, under the same question. It passes, or the refusal would say nothing. */
  readonly genuine: Answer
  /** The forgery, where the question does not ask for what `Forgery.askedBy` names. */
  readonly unasked?: Answer
}

export interface Answer {
  (): Promise<readonly string[]>
  /** What `verify` or `vsa-verify` was handed, where it is asked about one file of bundles: `scripts/vectors.ts` writes it down. */
  readonly handed?: () => Promise<Handed>
}

export interface Handed {
  readonly bundle: object | string
  readonly question: LooseQuestion
  /** Its path. */
  readonly artifact: string
  readonly trust: TrustSource
  /** Of a verification summary, which `vsa-verify` is asked about. */
  readonly summary?: SummaryQuestion
  /** Asked in place of the question, which is empty. */
  readonly policy?: HandedPolicy
  /** When a policy is asked, RFC 3339: a waiver ends. */
  readonly at?: string
}

export interface HandedPolicy {
  readonly text: string
  /** Who must have signed it, and the bundle that says so. */
  readonly approved?: { readonly signer: string; readonly issuer: string; readonly approval: object }
}

/** Something that is not refused, because nobody can tell that it is wrong; but it cannot hide. */
export interface Display {
  readonly id: string
  readonly forger: string
  /** What a person sees, in words. */
  readonly shown: string
  /** The same as `look` finds it. */
  readonly seen: unknown
  readonly look: (scene: Scene) => Promise<unknown>
}

/** Something that no verifier can decide, or that this one does not decide yet. */
export interface OutOfReach {
  readonly id: string
  readonly forger: string
  readonly why: string
}

export interface Scene {
  readonly release: Release
  /** A Sigstore of the forger's own, whose services and tokens have the same names. */
  readonly foreign: LocalSigstore
  /** A checkout of its own, of the repository that is released. */
  readonly checkout: () => Checkout
}

/** The job that made the genuine attestation of the artifact. */
export const releaseJob: Job = { ref: 'refs/tags/v14.2.0', sha: 'a'.repeat(40) }

/** One scene for the tests of a file. */
export function useScene(): () => Scene {
  const release = useRelease()
  const checkout = useCheckouts()
  let foreign: LocalSigstore | undefined
  beforeAll(async () => {
    foreign = await startLocalSigstore()
  })
  afterAll(async () => {
    await foreign?.close()
  })
  return () => {
    if (foreign === undefined) throw new Error('the scene is set by beforeAll')
    return { release: release(), foreign, checkout }
  }
}
