/** The files of a folder of artifacts, all of them: a rebuild is not the same for what nobody looked at. */
import { opendir, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { companionOf } from '../../model/companions.ts'
import { limits } from '../../model/limits.ts'
import { systemCode } from '../../platform/files.ts'
import { isBelow } from '../../platform/links.ts'
import { companionByContent } from '../subjects/companion-content.ts'

export interface FolderFiles {
  /** Path below the folder, with `/` → absolute path, without links. */
  readonly files: ReadonlyMap<string, string>
  readonly leftOut: number
}

interface Place {
  readonly place: string
  readonly kind: 'file' | 'link'
}

/**
 * What lies beside artifacts and is none is left out, as of a glob; hidden files are compared as all others are. Errors: `symlink-escapes-root`,
 * `path-missing` (a link to nothing), `path-not-regular` (also a link to a folder: what it leads to could be another in each build),
 * `subject-limit`, `input-unreadable`.
 */
export async function filesOfFolder(folder: string): Promise<FolderFiles> {
  const root = await realpath(folder)
  const places: Place[] = []
  for await (const it of placesBelow(root)) {
    if (places.push(it) > limits.comparedFiles) {
      throw new CountersignError('subject-limit', `the folder has more than ${limits.comparedFiles} files`)
    }
  }
  const names = new Set(places.map(({ place }) => basename(place)))
  const files = new Map<string, string>()
  let leftOut = 0
  for (const { place, kind } of places) {
    const given = relative(root, place).split(sep).join('/')
    const named = companionOf(place, new Map())
    const real = named !== undefined || kind === 'file' ? place : await behindLink(place, given, root)
    const companion = named ?? (await companionByContent({ place, real }, names))
    if (companion === undefined) files.set(given, real)
    else leftOut += 1
  }
  return { files, leftOut }
}

async function* placesBelow(root: string): AsyncGenerator<Place> {
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const entry of await opendir(folder)) {
        const place = join(folder, entry.name)
        if (entry.isDirectory()) folders.push(place)
        else if (entry.isSymbolicLink()) yield { place, kind: 'link' }
        else if (entry.isFile()) yield { place, kind: 'file' }
        else throw notRegular(relative(root, place), 'is not a regular file')
      }
    } catch (thrown) {
      throw thrown instanceof CountersignError ? thrown : unreadable(relative(root, folder), thrown)
    }
  }
}

async function behindLink(place: string, given: string, root: string): Promise<string> {
  try {
    const real = await realpath(place)
    if (!isBelow(real, root)) {
      const words = `${JSON.stringify(given)} leaves the folder by way of a symbolic link`
      throw new CountersignError('symlink-escapes-root', words)
    }
    const stats = await stat(real)
    if (stats.isFile()) return real
    throw notRegular(given, stats.isDirectory() ? 'is a link to a folder' : 'is not a regular file')
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    if (systemCode(thrown) !== 'ENOENT') throw unreadable(given, thrown)
    throw new CountersignError('path-missing', `${JSON.stringify(given)} is a link to nothing`)
  }
}

function notRegular(given: string, words: string): CountersignError {
  return new CountersignError('path-not-regular', `${JSON.stringify(given)} ${words}`, {
    hint: 'put the files themselves into the folder, or compare them one by one',
  })
}

function unreadable(given: string, thrown: unknown): CountersignError {
  return new CountersignError('input-unreadable', `${JSON.stringify(given)} cannot be read (${systemCode(thrown)})`)
}
