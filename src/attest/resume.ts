/** Signing later: a statement that was kept when services were out, under a fresh token of the same job. */
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { isDigest } from '../model/digest.ts'
import type { DigestAlgorithm, Subject } from '../model/digest.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import { renameFailure } from '../model/json.ts'
import { preparedIdentityOf, requireSameIdentity } from '../model/prepared.ts'
import { parseStatement, statementTypeV1 } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { isFile, isFolder } from '../platform/files.ts'
import { hashFile } from '../platform/hash.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import { worldOf } from '../platform/world.ts'
import { preparedInDescriptor } from '../predicates/byproducts.ts'
import { provenancePredicate, provenanceV1, readProvenanceV1 } from '../predicates/provenance.ts'
import { foreignFields } from '../predicates/token-match.ts'
import { sidecarOf } from '../store/bundle-file.ts'
import { readUnsigned, removeUnsigned } from '../store/prepared-file.ts'
import { openCheckout, refuseOtherCommit, refuseWithoutCheckout } from './checkout.ts'
import { outputAt, realPlace } from './output.ts'
import type { Output } from './output.ts'
import type { Attestation, OutputRequest, ResumeRequest, UnsignedAttestation } from './request.ts'
import { DeferredError, isOutage, refusePrivateToPublic, signAndWrite } from './sign-and-write.ts'
import { openSigstore } from './sigstore.ts'

/**
 * Signs a prepared statement. The file does not say who signs: the fresh token does, the statement must be the one that
 * `attest` writes for that token and this checkout, and the files of its subjects, where they are here, must be the ones that
 * it names. Where any attempt of the run may have prepared it, that is said in what is signed. All of that is known before anything is signed. Sessions, inputs of a dispatched run and the digests of absent
 * files are taken as they stand, from an earlier step of the same run (SECURITY.md).
 *
 * With `onOutage` `defer` an outage ends with the `DeferredError` of `attest`, which names the same file.
 *
 * Errors: `prepared-malformed`, `prepared-identity-mismatch`, `subject-mismatch`, and those of `attest` from the token on.
 *
 * @example
 * ```ts
 * import { CountersignError } from 'countersign'
 * import { resume } from 'countersign/attest'
 *
 * try {
 *   await resume({ prepared: 'dist/app.tgz.sigstore.json.unsigned.json', out: {} })
 * } catch (error) {
 *   if (!(error instanceof CountersignError)) throw error
 *   console.log(error.code) // path-missing: nothing was kept
 * }
 * ```
 */
export async function resume(request: ResumeRequest): Promise<Attestation> {
  const world = worldOf(request.world)
  const path = resolve(world.cwd, request.prepared)
  const checkout = await openCheckout(world)
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const root = checkout?.repository.root ?? world.cwd
  await refuseLinksBelow(root, path)
  const { prepared, statement } = await readUnsigned(path)
  const parsed = renameFailure(() => parseStatement(statement), 'prepared-malformed')
  const subjects = parsed.subject.map(namedSubject)
  const out =
    request.out === undefined
      ? undefined
      : await placeOf(request.out, { path, name: prepared.output, subjects, cwd: world.cwd, root })
  const { files, present } = await compareFiles(subjects, [dirname(path), world.cwd])
  // As for attest, what was built is no change of the source; nor is what was kept.
  const made = [await realpath(path), ...files.flatMap((it) => [it, sidecarOf(it)])]
  const source = await checkout?.read(made, out === undefined ? [] : [await realPlace(out.path)])

  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    const goal = { sigstore, token, out, world }
    requireSameIdentity(prepared.identity, preparedIdentityOf(token), request.attempt ?? 'same')
    await refuseOtherCommit(token, checkout, source, request.builtCommit)
    refusePrivateToPublic(request, goal)
    // Held against the attempt that prepared it, which differs from this one in nothing but its number.
    const preparing = inRun(token, prepared.identity.run)
    const foreign = foreignMembers(parsed, preparing, source)
    if (foreign.length > 0) {
      throw new CountersignError(
        'prepared-identity-mismatch',
        `the prepared statement is not what this token and checkout give: ${listed(foreign)}`,
      )
    }
    const { run } = preparedIdentityOf(token)
    const isOtherAttempt = run !== prepared.identity.run
    const signed = isOtherAttempt ? bytesInRun(parsed, token, preparing) : statement.toString('utf8')
    const { sessions, attribution } = readProvenanceV1(parsed.predicate)
    const { total, claimed } = attribution?.commits ?? { total: 0, claimed: 0 }
    const made: UnsignedAttestation = {
      statement: signed,
      subjects,
      signer: token.identity.subjectAlternativeName.value,
      sessions,
      commits: { total, claimed },
      looked: attribution ?? { readers: [] },
      notes: [
        `the files of ${present} of ${subjects.length} subjects are here, and unchanged`,
        ...(present === subjects.length
          ? []
          : [
              `the others lie neither in ${dirname(path)} nor in ${world.cwd}, and are signed as they were hashed before`,
            ]),
        ...(isOtherAttempt ? [`it was prepared in ${prepared.identity.run ?? ''}, and says so`] : []),
      ],
    }
    const attestation = await signAndWrite(made, goal).catch((thrown: unknown) => {
      throw request.onOutage === 'defer' && isOutage(thrown, goal) ? new DeferredError(thrown, [path]) : thrown
    })
    if (out === undefined || (await removeUnsigned(path, prepared.statement.sha256))) return attestation
    return { ...attestation, notes: [...attestation.notes, `${path} is signed now and could not be removed`] }
  } finally {
    await sigstore.close()
  }
}

/** The same token as if it were one of that run. */
function inRun(token: VerifiedToken, run: string | null): VerifiedToken {
  const { runInvocationUri: _run, ...extensions } = token.identity.extensions
  const own = run === null ? extensions : { ...extensions, runInvocationUri: run }
  return { ...token, identity: { ...token.identity, extensions: own } }
}

/**
 * The statement as one of this attempt, because its certificate will name this attempt; that another one prepared it is said in
 * a byproduct. Nothing else of it is made anew.
 */
function bytesInRun({ predicate, ...statement }: Statement, token: VerifiedToken, preparing: VerifiedToken): string {
  const written = provenancePredicate.parse(predicate)
  const { runDetails } = written
  const [now, before] = [token, preparing].map((it) => it.identity.extensions.runInvocationUri)
  return JSON.stringify({
    ...statement,
    predicate: {
      ...written,
      runDetails: {
        ...runDetails,
        metadata: { ...runDetails.metadata, invocationId: now },
        byproducts: [...(runDetails.byproducts ?? []), preparedInDescriptor(before ?? '')],
      },
    },
  })
}

/** The members of a statement that `attest` would not have written for this token and checkout. */
function foreignMembers(
  { _type, subject, predicateType, predicate, ...others }: Statement,
  token: VerifiedToken,
  source: Source | undefined,
): string[] {
  if (predicateType !== provenanceV1) return ['predicateType']
  return [
    ...(_type === statementTypeV1 ? [] : ['_type']),
    ...Object.keys(others),
    ...subject.flatMap(({ name: _name, digest: _digest, ...more }) => Object.keys(more).map((it) => `subject.${it}`)),
    ...foreignFields(predicate, token, source),
  ]
}

/** The first of them: names in an edited file may be many and long. */
function listed(names: readonly string[]): string {
  const few = names.slice(0, 10).map((it) => it.slice(0, 200))
  return `${few.join(', ')}${names.length > few.length ? `, and ${names.length - few.length} more` : ''}`
}

/** A subject of which every digest can be held against a file in these folders. Error: `prepared-malformed`. */
function namedSubject({ name, digest }: Statement['subject'][number]): Subject {
  const all = Object.entries(digest)
  if (name === undefined || !all.every(([algorithm, value]) => isDigest(algorithm, value))) {
    throw new CountersignError(
      'prepared-malformed',
      'a subject of the prepared statement has no name, or not our digests',
    )
  }
  // A name is a label that anybody may have written: it leads to no file outside of these folders.
  if (isAbsolute(name) || name.split(/[/\\]/).includes('..')) {
    throw new CountersignError(
      'prepared-malformed',
      'the name of a subject of the prepared statement leaves its folder',
    )
  }
  return { name, digest: Object.fromEntries(all) }
}

/** Beside the prepared file, under the name that stands in it, or where the person says now. */
async function placeOf(request: OutputRequest, { path, name, cwd, ...placing }: Prepared): Promise<Output> {
  const asked = request.path === undefined ? dirname(path) : resolve(cwd, request.path)
  return outputAt((await isFolder(asked)) ? join(asked, name) : asked, request, placing)
}

interface Prepared {
  readonly path: string
  /** Base name of the bundle. */
  readonly name: string
  readonly subjects: readonly Subject[]
  readonly cwd: string
  readonly root: string
}

interface Compared {
  /** Real paths of the files that are here. */
  readonly files: readonly string[]
  /** How many subjects have one. */
  readonly present: number
}

/** Holds every digest of each subject against its file in the folders, if it is there. Error: `subject-mismatch`. */
async function compareFiles(subjects: readonly Subject[], folders: readonly string[]): Promise<Compared> {
  const files = new Set<string>()
  let present = 0
  for (const { name, digest } of subjects) {
    const paths = [...new Set(folders.map((folder) => join(folder, name)))]
    const areFiles = await Promise.all(paths.map(isFile))
    const here = paths.filter((_, index) => areFiles[index])
    for (const path of here) {
      const algorithms = Object.keys(digest) as DigestAlgorithm[]
      const { digest: now } = await hashFile(path, algorithms)
      if (!algorithms.every((algorithm) => now[algorithm] === digest[algorithm])) {
        throw new CountersignError('subject-mismatch', `${path} is not the file that the statement was prepared for`, {
          hint: 'it was built again or changed since; attest anew',
        })
      }
      files.add(await realpath(path))
    }
    if (here.length > 0) present += 1
  }
  return { files: [...files], present }
}
