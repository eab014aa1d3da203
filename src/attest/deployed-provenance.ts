/** Which signed statements are about what is deployed: verified by a question, or only named. */
import { resolve } from 'node:path'
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import type { Subject } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import type { DeployedProvenance } from '../model/predicate.ts'
import type { QuestionOptions } from '../model/question.ts'
import { parseStatement } from '../model/statement.ts'
import { matchSubject } from '../model/subject-match.ts'
import type { TrustSource } from '../model/trust-source.ts'
import type { World } from '../platform/world.ts'
import { buildProvenanceTypes } from '../predicates/read.ts'
import { gatherTrust } from '../sigstore/trust/source.ts'
import { indexBundleFile } from '../store/bundle-index.ts'
import { evidenceOf } from '../verify/verifier.ts'
import { openJudge } from '../verify/verify.ts'

/** The provenance of what is deployed. */
export interface DeployedBundle {
  /** Path of the bundle, or of a .jsonl of bundles. */
  readonly bundle: string
  /**
   * What it must answer for each artifact before anything is signed. Default: it need only be build provenance that names the
   * artifact, and stands in the statement as not verified.
   */
  readonly question?: QuestionOptions
  /** By which trust; default: public-good Sigstore. */
  readonly trust?: TrustSource
}

export interface FoundProvenance {
  /** Each once. */
  readonly statements: readonly DeployedProvenance[]
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

/**
 * By its statement and not by its file: a bundle may be joined with others, and its statement stays what it is. Errors: those of
 * `verify` with a question, else those of the file, `subject-mismatch` (an artifact that no provenance in it names).
 */
export async function provenanceOf(
  { bundle, question, trust = { kind: 'public' } }: DeployedBundle,
  subjects: readonly Subject[],
  world: World,
): Promise<FoundProvenance> {
  if (question === undefined) return named(resolve(world.cwd, bundle), subjects)
  const roots = await attemptAsync(() => gatherTrust(trust, world))
  const judge = openJudge({ question, bundle }, roots, world.cwd)
  const found: DeployedProvenance[] = []
  for (const { name, digest } of subjects) {
    const { statements } = evidenceOf(await judge({ name, digest }))
    for (const { signed, statement } of statements) {
      const { signatory, envelope } = signed
      const { extensions, subjectAlternativeName } =
        signatory.kind === 'certificate' ? signatory.identity : { extensions: {}, subjectAlternativeName: undefined }
      found.push({
        predicateType: statement.predicateType,
        statement: sha256Hex(envelope.payload),
        verified: {
          signer:
            subjectAlternativeName?.value ?? (signatory.kind === 'key' ? `key sha256:${signatory.fingerprint}` : ''),
          issuer: extensions.issuer ?? extensions.issuerV1,
        },
      })
    }
  }
  return { statements: once(found), notes: [] }
}

async function named(path: string, subjects: readonly Subject[]): Promise<FoundProvenance> {
  const index = await indexBundleFile(path)
  const found: DeployedProvenance[] = []
  for (const { name, digest } of subjects) {
    const digests = Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${value}`)
    const own: DeployedProvenance[] = []
    for (const { read } of index.about(digests).slice(0, limits.candidates)) {
      const { envelope } = await read()
      if (envelope === undefined) continue
      const statement = attempt(() => parseStatement(envelope.payload))
      if (statement instanceof CountersignError || matchSubject(statement, digest) < 0) continue
      const { predicateType } = statement
      if (!buildProvenanceTypes.includes(predicateType)) continue
      own.push({ predicateType, statement: sha256Hex(envelope.payload), verified: undefined })
    }
    if (own.length === 0) {
      throw new CountersignError('subject-mismatch', `${path} holds no build provenance that names ${name}`, {
        option: 'provenance',
        hint: 'give the bundle of the very file that is deployed, or leave it out',
      })
    }
    found.push(...own)
  }
  return {
    statements: once(found),
    notes: ['the provenance is named, and was not verified: say who must have signed it, and it is'],
  }
}

/** Error: `usage` (more than a reader takes). */
function once(found: readonly DeployedProvenance[]): readonly DeployedProvenance[] {
  const statements = [...new Map(found.map((it) => [it.statement, it])).values()]
  if (statements.length <= limits.deployedProvenance) return statements
  throw new CountersignError('usage', `a deployment names at most ${limits.deployedProvenance} statements`, {
    option: 'provenance',
  })
}
