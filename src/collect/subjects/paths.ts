/** What the user calls artifacts (paths and globs) → the files that are meant. */
import type { Stats } from 'node:fs'
import { glob, lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { systemCode } from '../../platform/files.ts'
import { isBelow } from '../../platform/links.ts'
import { companionOf, counted } from '../../model/companions.ts'
import type { Companion } from '../../model/companions.ts'
import { companionByContent } from './companion-content.ts'

/**
 * A file that was named. `given` is how it was named or matched, `place` that as an absolute path, `real` the same with every
 * symbolic link resolved.
 */
export interface NamedFile {
  readonly given: string
  readonly place: string
  readonly real: string
}

/** What the paths mean. */
export interface FoundFiles {
  readonly files: readonly NamedFile[]
  /** Absolute path → what it is: files that a glob matched and that are no artifacts. */
  readonly leftOut: ReadonlyMap<string, Companion>
  /** Files that are none either, and are taken because they were named, with what they are. */
  readonly taken: ReadonlyMap<NamedFile, Companion>
  /** Words that name a file and could be read as a glob: both were meant, for nobody can tell which. */
  readonly both: readonly string[]
  /** The working folder with its links resolved, which every `place` that is written relative to it begins with. */
  readonly root: string
}

/**
 * Paths and globs → files, each path once, in the order found. A word with wildcards is a glob, also where a file has it for a
 * name: then it means that file too, for otherwise whoever makes a file called `*` would hide all others. Globs pass over
 * directories and do not look behind links to them; a directory that is named is an error. They pass over what lies beside
 * artifacts as well, known by its name (`model/companions`) or by what is in it (`companion-content`); `own` are paths of such
 * files that only their maker knows.
 *
 * A symbolic link may not lead out of `cwd`: in a checkout that others write to, a link could make the job sign (and so
 * publish the digest of) any file of the runner. A path outside that is written out without links is the user's own word.
 *
 * Errors: `path-missing`, `path-directory`, `path-not-regular`, `symlink-escapes-root`, `glob-empty`, `subject-limit` (a glob
 * that matches very many), `input-unreadable`.
 */
export async function findFiles(
  paths: readonly string[],
  cwd: string,
  own: ReadonlyMap<string, Companion> = new Map(),
  most: number = limits.globMatches,
): Promise<FoundFiles> {
  const root = await resolveLinks(resolve(cwd), cwd)
  const ownHere = new Map<string, Companion>()
  for (const [path, companion] of own) {
    // Whoever names it may go by way of a link, and a glob comes to it without.
    for (const place of [resolve(root, path), await placeBehindLinks(resolve(root, path))])
      ownHere.set(place, companion)
  }
  const words: Word[] = []
  for (const path of new Set(paths)) words.push(await wordOf(path, root, ownHere, most))
  const names = new Set(words.flatMap((it) => [...it.matches.keys(), it.named?.place ?? '']).map((it) => basename(it)))
  const found = new Map<string, NamedFile>()
  const taken = new Map<NamedFile, Companion>()
  for (const { named: file } of words) {
    if (file === undefined || found.has(file.place)) continue
    found.set(file.place, file)
    const companion = companionOf(file.place, ownHere) ?? (await companionByContent(file, names))
    if (companion !== undefined) taken.set(file, companion)
  }
  const leftOut = new Map<string, Companion>()
  const both: string[] = []
  for (const { path, named: literal, matches } of words) {
    const companions: Companion[] = []
    let more = 0
    for (const [place, match] of matches) {
      if (found.has(place)) {
        more += place === literal?.place ? 0 : 1
        continue
      }
      const companion =
        typeof match === 'string' ? match : (leftOut.get(place) ?? (await companionByContent(match, names)))
      if (companion === undefined && typeof match !== 'string') {
        found.set(place, match)
        more += 1
      } else if (companion !== undefined) {
        leftOut.set(place, companion)
        companions.push(companion)
      }
    }
    if (literal !== undefined && more > 0) both.push(path)
    else if (literal === undefined && more === 0) throw noMatch(path, companions)
  }
  return { files: inOrder(words, found), leftOut, taken, both, root }
}

/** What one word means. */
interface Word {
  readonly path: string
  /** The file that has just this name. */
  readonly named: NamedFile | undefined
  /** Of a glob: absolute path → the file, or why it is none that is meant. */
  readonly matches: ReadonlyMap<string, NamedFile | Companion>
}

async function wordOf(path: string, root: string, own: ReadonlyMap<string, Companion>, most: number): Promise<Word> {
  const place = resolve(root, path)
  const isThere = await exists(place)
  if (!wildcard.test(path)) {
    if (!isThere) throw new CountersignError('path-missing', `${JSON.stringify(path)} does not exist`)
    return { path, named: await named(path, root), matches: new Map() }
  }
  const isFile = isThere && (await lstatOf(place))?.isDirectory() !== true
  return { path, named: isFile ? await named(path, root) : undefined, matches: await matched(path, root, own, most) }
}

/** Files in the order of the words. */
function inOrder(words: readonly Word[], found: ReadonlyMap<string, NamedFile>): readonly NamedFile[] {
  const places = words.flatMap((it) => [...(it.named === undefined ? [] : [it.named.place]), ...it.matches.keys()])
  return [...new Set(places)].flatMap((place) => found.get(place) ?? [])
}

function noMatch(pattern: string, companions: readonly Companion[]): CountersignError {
  const but = companions.length === 0 ? '' : ` but what is no artifact: ${counted(companions)}`
  return new CountersignError('glob-empty', `no file matches ${JSON.stringify(pattern)}${but}`)
}

/** The same place with the links of its folder resolved; the file itself need not be there yet. */
async function placeBehindLinks(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  return join(folder, basename(path))
}

async function named(given: string, root: string): Promise<NamedFile> {
  const real = await realPlace(given, root)
  if ((await kindOf(real, given)) === 'directory') {
    throw new CountersignError('path-directory', `${JSON.stringify(given)} is a directory`)
  }
  return { given, place: resolve(root, given), real }
}

/** What a glob of `node:fs` gives a meaning to. */
const wildcard = /[*?[{]|[!@+]\(/

/** Absolute path → the file, or why it is none that is meant. */
async function matched(
  pattern: string,
  root: string,
  own: ReadonlyMap<string, Companion>,
  most: number,
): Promise<ReadonlyMap<string, NamedFile | Companion>> {
  const matches = new Map<string, NamedFile | Companion>()
  for (const given of await expand(pattern, root, most)) {
    const place = resolve(root, given)
    const companion = companionOf(place, own)
    if (companion !== undefined) {
      // It is not read, so nothing of it can leave by way of a link.
      if ((await lstatOf(place))?.isDirectory() === false) matches.set(place, companion)
      continue
    }
    const real = await realPlace(given, root)
    if ((await kindOf(real, given)) === 'file') matches.set(place, { given, place, real })
  }
  return matches
}

async function expand(pattern: string, root: string, most: number): Promise<string[]> {
  try {
    const paths: string[] = []
    for await (const path of glob(pattern, { cwd: root })) {
      // Each is looked at before the subjects are counted, so that a glob over everything would take minutes to be refused.
      if (paths.push(path) > most) {
        throw new CountersignError('subject-limit', `${JSON.stringify(pattern)} matches more than ${most} files`)
      }
    }
    return paths
  } catch (thrown) {
    throw thrown instanceof CountersignError ? thrown : unreadable(pattern, thrown)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (thrown) {
    // Anything else (no permission) is a path that is there and says so when it is used.
    return !['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(thrown))
  }
}

function lstatOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined)
}

async function kindOf(real: string, given: string): Promise<'file' | 'directory'> {
  const stats = await stat(real).catch((thrown: unknown) => {
    throw unreadable(given, thrown)
  })
  if (stats.isDirectory()) return 'directory'
  if (stats.isFile()) return 'file'
  throw new CountersignError('path-not-regular', `${JSON.stringify(given)} is not a regular file`)
}

/** The place of a path with its links resolved. Where there was a link on the way, it must have stayed below `root`. */
async function realPlace(given: string, root: string): Promise<string> {
  const written = resolve(root, given)
  const real = await resolveLinks(written, given)
  if (real !== written && !isBelow(real, root)) {
    throw new CountersignError(
      'symlink-escapes-root',
      `${JSON.stringify(given)} leaves the working folder by way of a symbolic link`,
    )
  }
  return real
}

async function resolveLinks(path: string, given: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw unreadable(given, thrown)
    throw new CountersignError('path-missing', `${JSON.stringify(given)} does not exist, or is a link to nothing`)
  }
}

function unreadable(given: string, thrown: unknown): CountersignError {
  return new CountersignError('input-unreadable', `${JSON.stringify(given)} cannot be read (${systemCode(thrown)})`)
}
