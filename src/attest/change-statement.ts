/** Statement 2 (DESIGN §4): what the released range is made of, change by change, signed and named by the build provenance. */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import type { Change } from '../model/change.ts'
import type { ReleaseContext } from '../model/context.ts'
import { sha256Hex } from '../model/digest.ts'
import type { EvidenceConfig } from '../model/evidence-config.ts'
import type { Facts } from '../model/facts.ts'
import { limits } from '../model/limits.ts'
import { identityKeyBytes, identityKeyId } from '../model/person.ts'
import type { IdentityKey } from '../model/person.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { readRegularFile } from '../platform/files.ts'
import type { World } from '../platform/world.ts'
import { buildChangeProvenance, details, isTold } from '../predicates/build-change-provenance.ts'
import type { ChangeFacts, Detail } from '../predicates/build-change-provenance.ts'
import { configuredKey } from './configured-key.ts'
import { changeProvenanceV1 } from '../predicates/change-provenance.ts'
import type { ChangeProvenancePredicate } from '../predicates/change-provenance.ts'

/** A statement of changes before it is signed. */
export interface ChangeStatement {
  readonly statement: string
  /** SHA-256 of these bytes, in lower-case hex. */
  readonly digest: string
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

/**
 * The organisation's key from the file that the caller names, or else from where the configuration of the commit says, as its bytes
 * are; without either a random key for one statement. Errors: `identity-key-unusable` (shorter than the hash that it keys, or named by
 * a commit where a commit must not name one), and those of reading a file.
 */
export async function identityKeyOf(
  path: string | undefined,
  configured: EvidenceConfig['identityKey'],
  root: string,
  world: World,
): Promise<IdentityKey> {
  if (path === undefined && configured === undefined) {
    return { kind: 'statement', bytes: randomBytes(identityKeyBytes) }
  }
  const bytes =
    path === undefined && configured !== undefined
      ? await configuredKey(configured, root, world)
      : await readRegularFile(resolve(world.cwd, path ?? ''), limits.keyBytes, 'the identity key')
  if (bytes.length < identityKeyBytes) {
    throw new CountersignError('identity-key-unusable', `the identity key has fewer than ${identityKeyBytes} bytes`)
  }
  return { kind: 'organisation', bytes }
}

type Told = Pick<Facts, 'subjects' | 'sessions'> & Pick<ChangeFacts, 'repository'>

/** With as much detail as can be signed; of a range without subjects the same as of a release. Error: `statement-too-large`. */
export function toldChanges(
  { subjects, sessions, repository }: Told,
  changes: readonly Change[],
  key: IdentityKey,
  context?: ReleaseContext,
): { readonly statement: string; readonly predicate: ChangeProvenancePredicate; readonly detail: Detail } {
  const facts: ChangeFacts = { sessions, changes, key, context, repository }
  for (const detail of details) {
    const predicate = buildChangeProvenance(facts, detail)
    const statement = JSON.stringify({
      ...{ _type: statementTypeV1, subject: subjects },
      ...{ predicateType: changeProvenanceV1, predicate },
    })
    if (Buffer.byteLength(statement) <= limits.statementBytes) return { statement, predicate, detail }
  }
  throw new CountersignError('statement-too-large', 'the statement of changes is larger than Sigstore clients accept')
}

/** {@link toldChanges}, with its digest and what is to be said of it. Error: `statement-too-large`. */
export function changeStatementOf(
  told: Told,
  changes: readonly Change[],
  key: IdentityKey,
  context?: ReleaseContext,
): ChangeStatement {
  const { statement, predicate, detail } = toldChanges(told, changes, key, context)
  return {
    statement,
    digest: sha256Hex(statement),
    notes: [
      key.kind === 'organisation'
        ? `people are hashed under the identity key ${identityKeyId(key)}`
        : 'people are hashed under a key that was made for this statement alone: they compare within it, and with nobody outside',
      ...(isTold('files', detail)
        ? []
        : ['the changes are told without their files: with them the statement would be too large']),
      ...(!isTold('source', detail) && changes.some(({ source }) => source.length > 0)
        ? ['the changes are told without what was signed about them: with it the statement would be too large']
        : []),
      ...(!isTold('context', detail) && changes.some(({ context }) => context !== undefined)
        ? ['the changes are told without their context: with it the statement would be too large']
        : []),
      ...(predicate.told === 'ai'
        ? [`only the changes that name AI are told, ${predicate.changes.length} of ${predicate.total ?? 0}`]
        : []),
    ],
  }
}
