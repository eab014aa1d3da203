/**
 * Where an embedded Sigstore keeps itself: in memory, or in a folder that a later run continues with the same keys and the
 * same logs. Everything is written whole or not at all.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { asFailure, CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { writeWholeFile } from '../platform/files.ts'
import { makeFolders } from '../platform/folders.ts'
import { acquireLock } from '../platform/lock.ts'
import type { Lock, Machine } from '../platform/lock.ts'
import { createMaterial } from './create-material.ts'
import { memoryStore, openEntryFile } from './entry-store.ts'
import type { EntryStore } from './entry-store.ts'
import { readMaterial, serializeMaterial } from './material.ts'
import type { Material } from './material.ts'
import { readStateFile, stateFiles } from './state-files.ts'
import { trustedRootOf } from './trust-config.ts'

export interface LocalState {
  readonly material: Material
  readonly rekorV1: EntryStore
  readonly rekorV2: EntryStore
  /** Frees the folder for others. */
  close(): void
}

/** Forgotten at the end of the process. */
export function memoryState(now: Date): LocalState {
  return {
    material: createMaterial(now),
    rekorV1: memoryStore(),
    rekorV2: memoryStore(),
    close: () => undefined,
  }
}

const lockCodes = { busy: 'local-state-busy', failed: 'output-failed', foreign: 'local-state-malformed' } as const

/**
 * Opens the folder, or makes it. It is ours until `close`: two would hand out two different trees. Errors: `local-state-busy`, `local-state-malformed`,
 * `output-failed`, `output-exists` (a folder with other things in it).
 */
export async function openState(folder: string, now: Date, world: Machine): Promise<LocalState> {
  makeFolder(folder)
  const locking = {
    ...{ what: 'this embedded Sigstore', codes: lockCodes, patience: limits.localLockPatience },
    ...{ clock: world, system: world.platform },
  }
  const lock = await acquireLock(join(folder, stateFiles.lock), locking)
  try {
    const material = (await readMaterial(folder)) ?? (await initialize(folder, createMaterial(now), world))
    await keepTrustedRoot(folder, material, world)
    return openLogs(folder, material, lock)
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

function openLogs(folder: string, material: Material, lock: Lock): LocalState {
  const rekorV1 = openEntryFile(join(folder, stateFiles.rekorV1), () => lock.assertHeld())
  try {
    const rekorV2 = openEntryFile(join(folder, stateFiles.rekorV2), () => lock.assertHeld())
    return {
      material,
      rekorV1,
      rekorV2,
      close(): void {
        rekorV1.close()
        rekorV2.close()
        lock.release()
      },
    }
  } catch (thrown) {
    rekorV1.close()
    throw thrown
  }
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder)
  } catch (thrown) {
    throw asFailure(thrown, 'output-failed', `the folder ${folder} cannot be made`)
  }
  // A slip such as `--local-state .` must not put our .gitignore into somebody's project.
  const ours = Object.values<string>(stateFiles)
  const foreign = readdirSync(folder).find((name) => !ours.some((it) => name === it || name.startsWith(`${it}.`)))
  if (foreign !== undefined) {
    throw new CountersignError('output-exists', `the folder ${folder} holds other things than an embedded Sigstore`, {
      hint: 'name a new or an empty folder',
    })
  }
}

/** Lays out a new folder, keys last: with them it counts as finished, and from then on logs must be there. */
async function initialize(folder: string, material: Material, world: Machine): Promise<Material> {
  for (const log of [stateFiles.rekorV1, stateFiles.rekorV2]) {
    const path = join(folder, log)
    if (existsSync(path) && statSync(path).size > 0) {
      throw new CountersignError('local-state-malformed', `${folder} has a log but no keys`)
    }
    await writeOwn(path, '', world)
  }
  const gitignore = join(folder, stateFiles.gitignore)
  if (!existsSync(gitignore)) await writeOwn(gitignore, '*\n', world)
  await writeOwn(join(folder, stateFiles.trustedRoot), trustedRootText(material), world)
  await writeOwn(join(folder, stateFiles.keys), serializeMaterial(material), world)
  return material
}

/** The trusted root follows from the keys; a file that says something else is put right. */
async function keepTrustedRoot(folder: string, material: Material, world: Machine): Promise<void> {
  const text = trustedRootText(material)
  const found = await readStateFile(folder, 'trustedRoot', limits.trustedRootBytes)
  if (found?.toString('utf8') !== text) await writeOwn(join(folder, stateFiles.trustedRoot), text, world)
}

/** Readable by the user alone. Error: `output-failed`. */
function writeOwn(path: string, text: string, world: Machine): Promise<void> {
  const system = { platform: world.platform, clock: world }
  return writeWholeFile(path, text, { present: 'replace', mode: 0o600, system })
}

function trustedRootText(material: Material): string {
  return `${JSON.stringify(trustedRootOf(material), null, 2)}\n`
}
