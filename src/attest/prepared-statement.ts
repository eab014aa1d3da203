/** A prepared statement: read from its file, and held against a fresh token, the checkout and the files of its subjects. */
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { isDigest } from '../model/digest.ts'
import type { DigestAlgorithm, Subject } from '../model/digest.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import { renameFailure } from '../model/json.ts'
import { preparedIdentityOf } from '../model/prepared.ts'
import type { Prepared } from '../model/prepared.ts'
import { parseStatement, statementTypeV1 } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { isFile, isFolder } from '../platform/files.ts'
import { hashFile } from '../platform/hash.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import { deploymentInRun, foreignDeploymentFields } from '../predicates/build-deployment.ts'
import { preparedInDescriptor } from '../predicates/byproducts.ts'
import { foreignChangeFields } from '../predicates/change-match.ts'
import { changeProvenanceV1, readChangeProvenance } from '../predicates/change-provenance.ts'
import { deploymentV1 } from '../predicates/deployment.ts'
import { provenancePredicate, provenanceV1, readProvenanceV1 } from '../predicates/provenance.ts'
import { foreignFields } from '../predicates/token-match.ts'
import { sidecarOf } from '../store/bundle-file.ts'
import { readUnsigned } from '../store/prepared-file.ts'
import { outputAt, realPlace } from './output.ts'
import type { Output } from './output.ts'
import type { OutputRequest, UnsignedAttestation } from './request.ts'

/** What a file holds, compared with nothing but the files of its subjects. */
export interface OpenedStatement {
  readonly path: string
  readonly prepared: Prepared
  readonly bytes: Buffer
  readonly statement: Statement
  readonly subjects: readonly Subject[]
  readonly out: Output | undefined
  /** What attesting has made or read, and so is no change of the source: real paths. */
  readonly made: readonly string[]
  /** Where the bundle goes: real paths, none or one. */
  readonly places: readonly string[]
  readonly notes: readonly string[]
}

interface Folders {
  readonly cwd: string
  readonly root: string
}

/** Errors: `link-in-checkout`, `path-*`, `input-*`, `prepared-malformed`, `subject-mismatch`, and those of an output. */
export async function openPrepared(
  path: string,
  request: OutputRequest | undefined,
  { cwd, root }: Folders,
): Promise<OpenedStatement> {
  await refuseLinksBelow(root, path)
  const { prepared, statement: bytes } = await readUnsigned(path)
  const statement = renameFailure(() => parseStatement(bytes), 'prepared-malformed')
  const subjects = statement.subject.map(namedSubject)
  const placing = { path, name: prepared.output, subjects, cwd, root }
  const out = request === undefined ? undefined : await placeOf(request, placing)
  const { files, present } = await compareFiles(subjects, [dirname(path), cwd])
  return {
    ...{ path, prepared, bytes, statement, subjects, out },
    made: [await realpath(path), ...files.flatMap((it) => [it, sidecarOf(it)])],
    places: out === undefined ? [] : [await realPlace(out.path)],
    notes: [
      `the files of ${present} of ${subjects.length} subjects are here, and unchanged`,
      ...(present === subjects.length
        ? []
        : [`the others lie neither in ${dirname(path)} nor in ${cwd}, and are signed as they were hashed before`]),
    ],
  }
}

/** One that this job may sign. */
export interface HeldStatement {
  readonly opened: OpenedStatement
  readonly made: UnsignedAttestation
  readonly predicateType: typeof provenanceV1 | typeof changeProvenanceV1 | typeof deploymentV1
  /** SHA-256 of a statement of changes: its own of one, of a provenance the one that it names. */
  readonly changes: string | undefined
  readonly range: { readonly since: string | null; readonly until: string } | undefined
}

/**
 * The statement as it is signed now, of a job that may sign what that identity prepared. Held against the attempt that prepared it,
 * which differs from this one in nothing but its number. Error: `prepared-identity-mismatch`.
 */
export function holdAgainst(opened: OpenedStatement, token: VerifiedToken, source: Source | undefined): HeldStatement {
  const { prepared, statement, bytes } = opened
  const { run } = preparedIdentityOf(token)
  const preparing = inRun(token, prepared.identity.run)
  const foreign = foreignMembers(statement, preparing, source)
  if (foreign.length > 0) {
    throw new CountersignError(
      'prepared-identity-mismatch',
      `the prepared statement is not what this token and checkout give: ${listed(foreign)}`,
    )
  }
  const isOtherAttempt = run !== prepared.identity.run
  const notes = [
    ...opened.notes,
    ...(isOtherAttempt ? [`it was prepared in ${prepared.identity.run ?? ''}, and says so`] : []),
  ]
  const common = { subjects: opened.subjects, signer: token.identity.subjectAlternativeName.value }
  // It says nothing of runs, so that the provenances of all attempts can name it.
  if (statement.predicateType === changeProvenanceV1) return heldChanges(opened, common)
  if (statement.predicateType === deploymentV1) {
    const run = isOtherAttempt ? preparing.identity.extensions.runInvocationUri : undefined
    return heldDeployment(opened, { ...common, notes }, run === undefined ? undefined : { token, run })
  }
  const { sessions, attribution, changeStatement } = readProvenanceV1(statement.predicate)
  const { total, claimed } = attribution?.commits ?? { total: 0, claimed: 0 }
  const signed = isOtherAttempt ? bytesInRun(statement, token, preparing) : bytes.toString('utf8')
  return {
    ...{ opened, predicateType: provenanceV1, changes: changeStatement, range: attribution?.range },
    made: {
      ...{ ...common, notes, statement: signed, sessions, commits: { total, claimed } },
      looked: attribution ?? { readers: [] },
    },
  }
}

function heldChanges(opened: OpenedStatement, common: Pick<UnsignedAttestation, 'subjects' | 'signer'>): HeldStatement {
  const { changes, sessions, range, readers } = readChangeProvenance(opened.statement.predicate)
  const claimed = changes.filter((it) => it.sessions !== undefined).length
  return {
    ...{ opened, predicateType: changeProvenanceV1, changes: opened.prepared.statement.sha256, range },
    made: {
      ...{ ...common, notes: opened.notes, statement: opened.bytes.toString('utf8'), sessions },
      ...{ commits: { total: changes.length, claimed }, looked: { readers } },
    },
  }
}

/** `other`: the token of another attempt than prepared it, and the run of that one. */
function heldDeployment(
  opened: OpenedStatement,
  common: Pick<UnsignedAttestation, 'subjects' | 'signer' | 'notes'>,
  other: { readonly token: VerifiedToken; readonly run: string } | undefined,
): HeldStatement {
  const { predicate, ...statement } = opened.statement
  const signed =
    other === undefined
      ? opened.bytes.toString('utf8')
      : JSON.stringify({ ...statement, predicate: deploymentInRun(predicate, other.token, other.run) })
  return {
    ...{ opened, predicateType: deploymentV1, changes: undefined, range: undefined },
    made: { ...common, statement: signed, sessions: [], commits: { total: 0, claimed: 0 }, looked: { readers: [] } },
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

/** What is written here, each held against what token and checkout give. */
const foreignBy: ReadonlyMap<string, typeof foreignFields> = new Map([
  [provenanceV1, foreignFields],
  [changeProvenanceV1, foreignChangeFields],
  [deploymentV1, foreignDeploymentFields],
])

/** The members of a statement that `attest` would not have written for this token and checkout. */
function foreignMembers(
  { _type, subject, predicateType, predicate, ...others }: Statement,
  token: VerifiedToken,
  source: Source | undefined,
): string[] {
  const foreign = foreignBy.get(predicateType)
  if (foreign === undefined) return ['predicateType']
  return [
    ...(_type === statementTypeV1 ? [] : ['_type']),
    ...Object.keys(others),
    ...subject.flatMap(({ name: _name, digest: _digest, ...more }) => Object.keys(more).map((it) => `subject.${it}`)),
    ...foreign(predicate, token, source),
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
async function placeOf(request: OutputRequest, { path, name, cwd, ...placing }: BundlePlace): Promise<Output> {
  const asked = request.path === undefined ? dirname(path) : resolve(cwd, request.path)
  return outputAt((await isFolder(asked)) ? join(asked, name) : asked, request, placing)
}

interface BundlePlace {
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
