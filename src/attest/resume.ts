/** Signing later: a statement that was kept when services were out, under a fresh token of the same job. */
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { openRepository } from '../collect/git/repository.ts'
import { readSource } from '../collect/git/source.ts'
import { isDigest } from '../model/digest.ts'
import type { Subject } from '../model/digest.ts'
import { renameFailure } from '../model/json.ts'
import { preparedIdentityOf, requireSameIdentity } from '../model/prepared.ts'
import { parseStatement } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { isFile, isFolder } from '../platform/files.ts'
import { hashFile } from '../platform/hash.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import { worldOf } from '../platform/world.ts'
import { provenanceV1, readProvenanceV1 } from '../predicates/provenance.ts'
import { foreignFields } from '../predicates/token-match.ts'
import { readUnsigned, removeUnsigned } from '../store/prepared-file.ts'
import { outputAt } from './output.ts'
import type { Output } from './output.ts'
import type { Attestation, OutputRequest, ResumeRequest, UnsignedAttestation } from './request.ts'
import { refuseOtherCommit, refusePrivateToPublic, signAndWrite } from './sign-and-write.ts'
import { openSigstore } from './sigstore.ts'

/**
 * Signs a prepared statement. The file does not say who signs: the fresh token does, the statement must say what that token
 * says, and the files of its subjects, where they are here, must be the ones that it names. All of that is known before
 * anything is signed. Sessions, inputs and the digests of absent files are taken as they stand, from an earlier step of the
 * same run (SECURITY.md).
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
  const repository = await openRepository(world.cwd, { env: world.env })
  const { root } = repository
  await refuseLinksBelow(root, path)
  const { prepared, statement } = await readUnsigned(path)
  const { subject, predicateType, predicate } = renameFailure(() => parseStatement(statement), 'prepared-malformed')
  const subjects = subject.map(namedSubject)
  const out =
    request.out === undefined
      ? undefined
      : await placeOf(request.out, { path, name: prepared.output, cwd: world.cwd, root })
  const found = await compareFiles(subjects, [dirname(path), world.cwd])
  const source = await readSource(repository)

  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    const goal = { sigstore, token, out, world }
    requireSameIdentity(prepared.identity, preparedIdentityOf(token))
    refuseOtherCommit(token, source)
    refusePrivateToPublic(request, goal)
    const foreign = predicateType === provenanceV1 ? foreignFields(predicate, token, source) : ['predicateType']
    if (foreign.length > 0) {
      throw new CountersignError(
        'prepared-identity-mismatch',
        `the prepared statement is about another build than the token: ${foreign.join(', ')}`,
      )
    }
    const { sessions, attribution } = readProvenanceV1(predicate)
    const { total, claimed } = attribution?.commits ?? { total: 0, claimed: 0 }
    const made: UnsignedAttestation = {
      statement: statement.toString('utf8'),
      subjects,
      signer: token.identity.subjectAlternativeName.value,
      sessions,
      commits: { total, claimed },
      notes: [`the files of ${found} of ${subjects.length} subjects are here, and unchanged`],
    }
    const attestation = await signAndWrite(made, goal)
    if (out === undefined || (await removeUnsigned(path))) return attestation
    return { ...attestation, notes: [...attestation.notes, `${path} is signed now and could not be removed`] }
  } finally {
    await sigstore.close()
  }
}

function namedSubject({ name, digest: { sha256, sha384, sha512 } }: Statement['subject'][number]): Subject {
  if (name === undefined || sha256 === undefined || !isDigest('sha256', sha256)) {
    throw new CountersignError('prepared-malformed', 'a subject of the prepared statement has no name or no sha256')
  }
  const others = { ...(sha384 === undefined ? {} : { sha384 }), ...(sha512 === undefined ? {} : { sha512 }) }
  return { name, digest: { sha256, ...others } }
}

/** Beside the prepared file, under the name that stands in it, or where the person says now. */
async function placeOf(request: OutputRequest, { path, name, cwd, root }: Prepared): Promise<Output> {
  const asked = request.path === undefined ? dirname(path) : resolve(cwd, request.path)
  return outputAt((await isFolder(asked)) ? join(asked, name) : asked, request, root)
}

interface Prepared {
  readonly path: string
  /** Base name of the bundle. */
  readonly name: string
  readonly cwd: string
  readonly root: string
}

/** How many subjects have a file in one of the folders. Error: `subject-mismatch` if one is not what was prepared. */
async function compareFiles(subjects: readonly Subject[], folders: readonly string[]): Promise<number> {
  let found = 0
  for (const { name, digest } of subjects) {
    const paths = new Set(folders.map((folder) => join(folder, name)))
    // A name is a label that anybody may have written: it leads to no file outside of these folders.
    const inside = isAbsolute(name) || name.split(/[/\\]/).includes('..') ? [] : paths
    let present = false
    for (const path of inside) {
      if (!(await isFile(path))) continue
      present = true
      const { digest: now } = await hashFile(path)
      if (now.sha256 !== digest.sha256) {
        throw new CountersignError('subject-mismatch', `${path} is not the file that the statement was prepared for`, {
          hint: 'it was built again or changed since; attest anew',
        })
      }
    }
    if (present) found += 1
  }
  return found
}
