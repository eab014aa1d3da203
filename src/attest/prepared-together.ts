/**
 * A statement of changes and the provenance that names its bytes, when both were kept: in which order they are signed, that they
 * belong together, and what is missing where one of them is not there.
 */
import { dirname, join } from 'node:path'
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { parseStatement } from '../model/statement.ts'
import { changeProvenanceV1 } from '../predicates/change-provenance.ts'
import { provenanceV1, readProvenanceV1 } from '../predicates/provenance.ts'
import { visitBundleFile } from '../store/bundle-index.ts'
import { readUnsigned, unsignedIn } from '../store/prepared-file.ts'
import { newFolderReader, ownSidecars } from '../store/sidecars.ts'
import type { HeldStatement } from './prepared-statement.ts'

/**
 * Statements of changes first, so that no provenance is logged that names what was never signed; else as they were given. Error:
 * `prepared-changes-mismatch` (given together, and one of them names other changes than those, or those are named by none).
 */
export function inSigningOrder(held: readonly HeldStatement[]): readonly HeldStatement[] {
  const { changes = [], others = [] } = Object.groupBy(held, (it) => (isChanges(it) ? 'changes' : 'others'))
  const naming = others.filter((it) => it.changes !== undefined)
  if (changes.length === 0) return others
  for (const { changes: named, range, opened } of naming) {
    const own = changes.find((it) => it.changes === named)
    if (own === undefined) throw mismatch(`${opened.path} names other changes than those given, sha256:${named ?? ''}`)
    if (own.range?.since !== range?.since || own.range?.until !== range?.until) {
      throw mismatch(`${own.opened.path} tells another range of commits than ${opened.path}, which names it`)
    }
  }
  const unnamed = changes.find(
    (it) =>
      others.some((it) => it.predicateType === provenanceV1) &&
      naming.every(({ changes: named }) => named !== it.changes),
  )
  if (unnamed !== undefined) throw mismatch(`${unnamed.opened.path} is named by no provenance that was given with it`)
  return [...changes, ...others]
}

function isChanges({ predicateType }: HeldStatement): boolean {
  return predicateType === changeProvenanceV1
}

function mismatch(message: string): CountersignError {
  return new CountersignError('prepared-changes-mismatch', message)
}

/**
 * What is missing beside it, a line at most: half of a pair verifies, but says less than what was meant to be said. Looked for among
 * the statements that are signed now, those that still wait in its folder, and the bundles beside the files of its subjects.
 */
export async function missingBeside(one: HeldStatement, all: readonly HeldStatement[]): Promise<readonly string[]> {
  const { changes } = one
  if (changes === undefined || all.some((it) => it.changes === changes && isChanges(it) !== isChanges(one))) return []
  const belongs = isChanges(one)
    ? (statement: Uint8Array): boolean => namedChanges(statement) === changes
    : (statement: Uint8Array): boolean => sha256Hex(statement) === changes
  const what = isChanges(one)
    ? `the provenance that names these changes (sha256:${changes})`
    : `the statement of changes that this provenance names (sha256:${changes})`
  const { path, made } = one.opened
  const waiting = await waitingIn(dirname(path), belongs)
  if (waiting !== undefined) return [`${what} is not signed yet: it waits in ${waiting}`]
  if (await isSignedBeside(made, belongs)) return []
  return [`${what} is neither signed with this nor beside it: without it the two cannot be verified together`]
}

function namedChanges(statement: Uint8Array): string | undefined {
  const found = attempt(() => {
    const { predicateType, predicate } = parseStatement(statement)
    return predicateType === provenanceV1 ? readProvenanceV1(predicate).changeStatement : undefined
  })
  return found instanceof CountersignError ? undefined : found
}

type Belongs = (statement: Uint8Array) => boolean

async function waitingIn(folder: string, belongs: Belongs): Promise<string | undefined> {
  for (const name of (await unsignedIn(folder)).slice(0, limits.preparedBeside)) {
    const found = await attemptAsync(() => readUnsigned(join(folder, name)))
    if (!(found instanceof CountersignError) && belongs(found.statement)) return join(folder, name)
  }
  return undefined
}

/** Said by its bytes alone: nothing is believed of it, and who signed it is the question of whoever verifies both. */
async function isSignedBeside(files: readonly string[], belongs: Belongs): Promise<boolean> {
  const folder = newFolderReader()
  for (const file of files) {
    for (const path of await ownSidecars(file, folder)) {
      const found: true[] = []
      await attemptAsync(() =>
        visitBundleFile(path, (_, { envelope }) => {
          if (envelope !== undefined && belongs(envelope.payload)) found.push(true)
        }),
      )
      if (found.length > 0) return true
    }
  }
  return false
}
