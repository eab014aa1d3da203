/**
 * Whether the working tree is what HEAD says: found out without running what the repository's configuration names, and
 * without believing what lies in `.git` and in no commit. Any program that ran before, a dependency's install script for one,
 * can write there: flags and times in the index, exclusions, attributes and settings, and each makes git look away. So the
 * index is made anew from HEAD, and git has to read every file.
 */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync } from 'node:fs'
import { lstat, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative, sep } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import type { Source } from '../../model/facts.ts'
import { limits } from '../../model/limits.ts'
import type { UntrackedFiles } from '../../model/source-tree.ts'
import { systemCode } from '../../platform/files.ts'
import { companionOf } from '../../model/companions.ts'
import type { Companion } from '../../model/companions.ts'
import { forEachField } from './fields.ts'
import { gitFailure, runGit, streamGit } from './process.ts'
import type { Git } from './process.ts'
import { commitOf, openRepository } from './repository.ts'
import type { Repository } from './repository.ts'
import { readSettings, withoutFilters } from './settings.ts'
import type { Settings } from './settings.ts'
import { checkTrees } from './trees.ts'

/** Submodules within submodules deeper than this are no checkout that a release is built from. */
const submoduleDepth = 16
const pathBytes = 65_536
/** The attributes of `.git` are looked at up to this size; git-annex writes two lines. */
const attributesBytes = 65_536

/** How files are compared, whatever the repository's configuration says. */
const comparison = [
  'core.attributesFile=/dev/null',
  // On Windows these are what git init and the installer say, and right.
  ...(process.platform === 'win32' ? [] : ['core.fileMode=true', 'core.symlinks=true', 'core.autocrlf=false']),
  // Where names differ in case, `makefile` is not the tracked `Makefile`.
  ...(process.platform === 'win32' || process.platform === 'darwin' ? [] : ['core.ignoreCase=false']),
].flatMap((setting) => ['-c', setting])

const newIndexArgs = [...comparison, 'read-tree', 'HEAD']

// Submodules are asked one by one: git's own recursion would run the filters of their configuration.
const statusArgs = [
  ...comparison,
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-ahead-behind',
  '-z',
  '--untracked-files=no',
  '--ignore-submodules=dirty',
  '--no-renames',
]

// What is ignored, only the .gitignore files of the tree say, not .git/info/exclude and core.excludesFile. The untracked
// files come first; -v tells them apart.
const listArgs = [
  ...comparison,
  'ls-files',
  '--others',
  '--exclude-per-directory=.gitignore',
  '--cached',
  '--stage',
  '-v',
  '-z',
]

/** All of it but for HEAD as `Source` has it. */
export interface WorktreeState extends Pick<Source, 'dirty' | 'changed' | 'untracked' | 'submodules'> {
  /** Commit id of HEAD; undefined where HEAD names no commit. */
  readonly head: string | undefined
}

/**
 * Dirty: tracked files differ from HEAD, or something hides whether they do; here or in a submodule that is checked out. Files
 * that a sparse checkout leaves out may be missing. Untracked files that are not ignored are counted. `except` are absolute
 * paths that do not count: what a build made is no change of what it was built from. Errors: `object-altered`, `git-failed`.
 */
export async function readWorktree(
  repository: Repository,
  settings: Settings,
  except: readonly string[] = [],
  depth = 0,
): Promise<WorktreeState> {
  const folder = await temporaryFolder()
  const index = join(folder, 'index')
  try {
    const git = { ...repository.git, env: { ...repository.git.env, GIT_INDEX_FILE: index } }
    const answer = await runGit(git, newIndexArgs)
    if (answer.status === 0) {
      // Some jobs have their temporary folder in the checkout.
      const outside = { except: [...except, index], depth, actual: repository.git }
      return await compare({ ...repository, git }, settings, outside)
    }
    if ((await commitOf(repository, 'HEAD')) === undefined) {
      return { head: undefined, dirty: true, changed: [], untracked: { count: 0 }, submodules: { count: 0, first: [] } }
    }
    throw gitFailure(newIndexArgs, answer)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(await realpath(tmpdir()), 'countersign-index-'))
  } catch (thrown) {
    throw new CountersignError('git-failed', `there is no place for a temporary index (${systemCode(thrown)})`)
  }
}

interface Comparison {
  readonly except: readonly string[]
  readonly depth: number
  /** Git with the index of the repository. */
  readonly actual: Git
}

/** The repository with an index that says what HEAD does. */
async function compare(
  repository: Repository,
  settings: Settings,
  { except, depth, actual }: Comparison,
): Promise<WorktreeState> {
  const spared = sparedIn(repository.root, except)
  const [changes, listing, attributed] = await Promise.all([
    readStatus(repository.git, settings, spared),
    readListing(repository, spared),
    hasOwnAttributes(repository),
    // The index was made from the trees; a file that is not in them under its own id is seen by that.
    checkTrees({ ...repository, git: actual }, 'HEAD'),
  ])
  const { head } = changes
  // Attributes come from tracked files; any others are a change already.
  const hasAttributes = [...listing.guides].some((path) => path.endsWith('.gitattributes'))
  const marked = hasAttributes ? await markedFiles(repository.git) : new Map<string, string>()
  const guides = untrackedGuidesOf(repository.root, listing, spared)
  const changed = newPaths()
  changed.add(changes.others)
  changed.add(await notBlobs(repository, changes.converted))
  changed.add(await notBlobsButForIds(repository, marked, changes.missing))
  changed.add(await notLeftOut(actual, changes.missing))
  // Nothing that git says of tracked files is sure then.
  changed.add(guides.filter((path) => path.endsWith('.gitattributes')))
  if (attributed) changed.add(['.git/info/attributes'])
  const untracked = newUntracked(listing.untracked)
  for (const path of guides) if (path.endsWith('.gitignore')) untracked.addGuide(path)
  for (const submodule of listing.submodules) {
    const state = await readSubmodule({ ...repository, git: actual }, submodule, except, depth)
    const folder = submodule.path.toString('latin1')
    if (state === 'dirty' || (state !== 'absent' && state.head !== submodule.commit)) changed.add([folder])
    if (typeof state === 'string') continue
    if (state.dirty) changed.add(state.changed.length === 0 ? [folder] : below(folder, state.changed))
    untracked.join(folder, state.untracked)
  }
  return {
    head,
    dirty: changed.count > 0,
    changed: changed.first.map(asText),
    untracked: untracked.value(),
    submodules: {
      count: listing.submodules.length,
      first: listing.submodules
        .slice(0, limits.namedSubmodules)
        .map(({ path, commit }) => ({ path: asText(path.toString('latin1')), commit })),
    },
  }
}

/** Paths that git knows as bytes, as they are signed and shown. Theirs of a submodule are text already. */
function asText(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8').slice(0, namedCharacters)
}

/** Longer paths than PATH_MAX are none that somebody wants to read. */
const namedCharacters = 4_096

/** Paths of a submodule as paths of the repository that holds it, in Latin-1 again. */
function below(folder: string, paths: readonly string[]): string[] {
  return paths.map((path) => `${folder}/${Buffer.from(path).toString('latin1')}`)
}

/** As many paths as are named, and how many there are. */
interface Paths {
  readonly first: readonly string[]
  readonly count: number
  add(paths: readonly string[]): void
}

function newPaths(): Paths {
  const first = new Set<string>()
  let count = 0
  return {
    get first() {
      return [...first]
    },
    get count() {
      return count
    },
    add(paths) {
      for (const path of paths) {
        count += 1
        if (first.size < limits.namedPaths) first.add(path)
      }
    },
  }
}

/** The untracked files of a checkout, those of its submodules among them. */
interface Untracked {
  /** A file that says what is ignored, so that others may hide behind it. */
  addGuide(path: string): void
  join(folder: string, files: UntrackedFiles): void
  value(): UntrackedFiles
}

function newUntracked({ count, first, guides, apart }: UntrackedListing): Untracked {
  let [total, beside, more] = [count, apart, false]
  const paths = new Set(first)
  const name = (path: string): unknown => (paths.size < limits.namedPaths ? paths.add(path) : undefined)
  return {
    addGuide(path) {
      more = true
      // One that is ignored by itself is on no list.
      if (!guides.has(path)) total += 1
      name(path)
    },
    join(folder, files) {
      total += files.count
      beside += files.apart ?? 0
      more ||= files.more === true
      for (const path of below(folder, files.paths ?? [])) name(path)
    },
    value: () => ({
      count: total,
      ...(paths.size === 0 ? {} : { paths: [...paths].map(asText) }),
      ...(more ? { more } : {}),
      ...(beside === 0 ? {} : { apart: beside }),
    }),
  }
}

/** Those of the paths that lie below the root, as git writes them, in the bytes of their names read as Latin-1. */
function sparedIn(root: string, except: readonly string[]): ReadonlySet<string> {
  const inside = except
    .map((path) => relative(root, path))
    .filter((path) => path !== '' && !path.startsWith('..') && !isAbsolute(path))
  return new Set(inside.map((path) => Buffer.from(path.split(sep).join('/')).toString('latin1')))
}

/** Tracked files that are not what git expects, and why that may be fine. Paths are Latin-1, as everywhere here. */
interface Changes {
  /** HEAD on the way; undefined where it names no commit. */
  readonly head: string | undefined
  /** Files that are not there. */
  readonly missing: ReadonlySet<string>
  /** Path → id of the blob: files that do not give their blob once their attributes are applied. */
  readonly converted: ReadonlyMap<string, string>
  /** Files with any other change, as many as are named; then not all of these were listed. */
  readonly others: readonly string[]
}

async function readStatus(git: Git, { foreignFilters }: Settings, spared: ReadonlySet<string>): Promise<Changes> {
  let head: string | undefined
  const others: string[] = []
  const missing = new Set<string>()
  const converted = new Map<string, string>()
  await forEachField(streamGit(withoutFilters(git, foreignFilters), statusArgs), pathBytes, (field) => {
    const line = field.toString('latin1')
    if (line.startsWith('# ')) {
      head ??= /^# branch\.oid ([0-9a-f]+)$/.exec(line)?.[1]
      return true
    }
    // 1 XY sub mode-in-HEAD mode-in-index mode-here id-in-HEAD id-in-index path
    const [, kind, mode, modeHere, id = '', path = ''] =
      /^1 \.(\S) \S+ \S+ (\S+) (\S+) \S+ (\S+) (.*)$/s.exec(line) ?? []
    if (spared.has(path)) return true
    if (kind === 'D') missing.add(path)
    else if (kind === 'M' && mode?.startsWith('100') === true && mode === modeHere) converted.set(path, id)
    else others.push(path === '' ? line.slice(0, namedCharacters) : path)
    return others.length < limits.namedPaths
  })
  return { head, missing, converted, others }
}

/**
 * The files that are not, byte for byte, the blobs with these ids. A file that was committed as its attributes would not have
 * it, with CRLF or past Git LFS, looks changed in every checkout, and is not.
 */
async function notBlobs({ root, objectFormat }: Repository, files: ReadonlyMap<string, string>): Promise<string[]> {
  const changed: string[] = []
  for (const [path, id] of files) {
    const place = placeOf(root, Buffer.from(path, 'latin1'))
    const hash = createHash(objectFormat)
    try {
      hash.update(`blob ${(await lstat(place)).size}\0`)
      for await (const chunk of createReadStream(place)) hash.update(chunk as Buffer)
    } catch {
      changed.push(path)
      continue
    }
    if (hash.digest('hex') !== id) changed.push(path)
    if (changed.length === limits.namedPaths) break
  }
  return changed
}

/** Path → id of the blob of the files whose attributes ask for `ident`. */
async function markedFiles(git: Git): Promise<ReadonlyMap<string, string>> {
  const marked = new Map<string, string>()
  const args = [...comparison, 'ls-files', '--cached', '--stage', '-z', '--', ':(top,attr:ident)']
  await forEachField(streamGit(git, args), pathBytes, (entry) => {
    const tab = entry.indexOf('\t')
    const [mode = '', id = ''] = entry.toString('latin1', 0, tab).split(' ')
    if (mode.startsWith('100')) marked.set(entry.toString('latin1', tab + 1), id)
  })
  return marked
}

/** Larger files are no source in which somebody wants to read an id. */
const markedBytes = 64 * 1024 * 1024

/**
 * For git all that stands between `$Id:` and the next `$` is as good as nothing (gitattributes(5), `ident`), program text too.
 * Here it is an object id, or a change.
 */
async function notBlobsButForIds(
  { root, objectFormat }: Repository,
  files: ReadonlyMap<string, string>,
  missing: ReadonlySet<string>,
): Promise<string[]> {
  const changed: string[] = []
  for (const [path, id] of files) {
    if (missing.has(path)) continue
    const place = placeOf(root, Buffer.from(path, 'latin1'))
    const stats = await lstat(place).catch(() => undefined)
    if (stats?.isFile() !== true || stats.size > markedBytes) {
      changed.push(path)
      continue
    }
    const text = (await readFile(place, 'latin1')).replace(/\$Id: (?:[0-9a-f]{40}|[0-9a-f]{64}) \$/g, () => '$Id$')
    const isBlob = (content: string): boolean =>
      createHash(objectFormat).update(`blob ${content.length}\0`).update(content, 'latin1').digest('hex') === id
    if (!isBlob(text) && !isBlob(text.replaceAll('\r\n', '\n'))) changed.push(path)
    if (changed.length === limits.namedPaths) break
  }
  return changed
}

/** The files that are not there, but for those that a sparse checkout leaves out. */
async function notLeftOut(git: Git, missing: ReadonlySet<string>): Promise<string[]> {
  if (missing.size === 0) return []
  const gone = new Set(missing)
  await forEachField(streamGit(git, ['ls-files', '--cached', '-v', '-z']), pathBytes, (entry) => {
    if (entry.toString('latin1', 0, 2).toUpperCase() === 'S ') gone.delete(entry.toString('latin1', 2))
  })
  return [...gone]
}

interface Submodule {
  readonly path: Buffer
  /** The commit that it should be at. */
  readonly commit: string
}

/** Files that are not tracked, and not ignored by a file of the tree. */
interface UntrackedListing {
  readonly count: number
  readonly first: readonly string[]
  /** Those that tell git what to ignore, up to a number of them. */
  readonly guides: ReadonlySet<string>
  /** Those that lie beside artifacts. */
  readonly apart: number
}

/** What is tracked, and what is not. */
interface Listing {
  readonly untracked: UntrackedListing
  readonly submodules: readonly Submodule[]
  /** Folders that hold tracked files, at any depth; the root is the empty one. */
  readonly folders: ReadonlySet<string>
  /** Tracked files that tell git how to look at others. */
  readonly guides: ReadonlySet<string>
}

async function readListing({ git }: Repository, spared: ReadonlySet<string>): Promise<Listing> {
  const submodules: Submodule[] = []
  const folders = new Set([''])
  const guides = new Set<string>()
  const untracked = newPaths()
  const untrackedGuides = new Set<string>()
  let apart = 0
  // File by file, however many they are: a folder that is named as a whole would be one for a thousand.
  await forEachField(streamGit(git, listArgs), pathBytes, (entry) => {
    if (entry.toString('latin1', 0, 2) === '? ') {
      const path = entry.toString('latin1', 2)
      if (spared.has(path)) return true
      if (companionOf(path, noneOfOurs) !== undefined) apart += 1
      else untracked.add([path])
      if (isGuide(path) && untrackedGuides.size < mostGuides) untrackedGuides.add(path)
      return true
    }
    const start = entry.indexOf('\t') + 1
    const path = entry.toString('latin1', start)
    const [, mode, id = ''] = entry.toString('latin1', 0, start).split(' ')
    if (mode === '160000') submodules.push({ path: Buffer.from(entry.subarray(start)), commit: id })
    for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder)) folders.add(folder)
    if (isGuide(path)) guides.add(path)
    return true
  })
  const { count, first } = untracked
  return { untracked: { count, first, guides: untrackedGuides, apart }, submodules, folders, guides }
}

const noneOfOurs: ReadonlyMap<string, Companion> = new Map()

const guideNames = ['.gitignore', '.gitattributes']
/** A checkout with more untracked ones is not counted to the last file. */
const mostGuides = 10_000

function isGuide(path: string): boolean {
  return guideNames.includes(path.slice(path.lastIndexOf('/') + 1))
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/**
 * The untracked files that tell git how to look at the source: a .gitignore can ignore itself. In a folder without tracked
 * files it says nothing about the source.
 */
function untrackedGuidesOf(root: string, { folders, guides }: Listing, spared: ReadonlySet<string>): string[] {
  // One call each: as many calls on other threads would take longer.
  const isThere = (path: string): boolean =>
    lstatSync(placeOf(root, Buffer.from(path, 'latin1')), { throwIfNoEntry: false }) !== undefined
  return [...folders].flatMap((folder) =>
    guideNames
      .map((name) => (folder === '' ? name : `${folder}/${name}`))
      .filter((path) => !guides.has(path) && !spared.has(path) && isThere(path)),
  )
}

/** Paths are bytes for git, and not all of them are text. */
function placeOf(root: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), path])
}

/** `info/attributes` can make git compare something else than the file; only an empty one is not in the way. */
async function hasOwnAttributes({ ownAttributes }: Repository): Promise<boolean> {
  const stats = await lstat(ownAttributes).catch(() => undefined)
  if (stats === undefined) return false
  if (!stats.isFile() || stats.size > attributesBytes) return true
  return /^[^\S\n]*[^\s#]/m.test(await readFile(ownAttributes, 'latin1'))
}

/** A folder with anything in it is a checkout of a repository of its own, or nobody knows what it holds. */
async function readSubmodule(
  { root, git: { env, signal } }: Repository,
  { path }: Submodule,
  except: readonly string[],
  depth: number,
): Promise<WorktreeState | 'absent' | 'dirty'> {
  const names = await readdir(placeOf(root, path)).catch((): string[] => [])
  if (names.length === 0) return 'absent'
  if (!names.includes('.git')) return 'dirty'
  if (depth === submoduleDepth) throw new CountersignError('git-failed', 'submodules are nested too deep')
  const folder = join(root, path.toString('utf8'))
  const submodule = await attemptAsync(() => openRepository(folder, signal === undefined ? { env } : { env, signal }))
  if (submodule instanceof CountersignError) {
    if (submodule.code === 'git-no-repository') return 'dirty'
    throw submodule
  }
  return readWorktree(submodule, await readSettings(submodule.git), except, depth + 1)
}
