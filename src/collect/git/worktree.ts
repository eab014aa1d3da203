/**
 * Whether the working tree is what HEAD says: found out without running what the repository's configuration names, and
 * without believing what lies in `.git` and in no commit. Any program that ran before, a dependency's install script for one,
 * can write there: flags and times in the index, exclusions, attributes and settings, and each makes git look away. So the
 * index is made anew from HEAD, and git has to read every file.
 */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync } from 'node:fs'
import { lstat, readdir, readFile, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import type { Source } from '../../model/facts.ts'
import { limits } from '../../model/limits.ts'
import type { UntrackedFiles } from '../../model/source-tree.ts'
import { systemCode } from '../../platform/files.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../../platform/temporary-folder.ts'
import { companionByContent } from '../subjects/companion-content.ts'
import { companionOf } from '../../model/companions.ts'
import type { Companion } from '../../model/companions.ts'
import { forEachField } from './fields.ts'
import { ignoreList } from './ignore-lists.ts'
import type { IgnoreFile } from './ignore-lists.ts'
import { whileReading } from './lent-gits.ts'
import { gitFailure, runGit, streamGit } from './process.ts'
import type { Git } from './process.ts'
import { commitOf, openRepository } from './repository.ts'
import type { Repository } from './repository.ts'
import { readSettings, withoutFilters } from './settings.ts'
import { comparisonArgs } from './comparison.ts'
import type { Settings } from './settings.ts'
import { walkTrees } from './trees.ts'

/** Submodules within submodules deeper than this are no checkout that a release is built from. */
const submoduleDepth = 16
const pathBytes = 65_536
/** The attributes of `.git` are looked at up to this size; git-annex writes two lines. */
const attributesBytes = 65_536

const newIndexArgs = ['read-tree', 'HEAD']

// Submodules are asked one by one: git's own recursion would run the filters of their configuration.
const statusArgs = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-ahead-behind',
  '-z',
  '--untracked-files=no',
  '--ignore-submodules=dirty',
  '--no-renames',
]

// What is ignored, only the .gitignore files of the commit say: neither .git/info/exclude nor core.excludesFile, and no
// .gitignore that is not tracked.
const untrackedArgs = ['ls-files', '--others', '-z']

/** All of it but for HEAD as `Source` has it. */
export interface WorktreeState extends Pick<
  Source,
  'dirty' | 'changed' | 'changedCount' | 'untracked' | 'sparse' | 'submodules'
> {
  /** Commit id of HEAD; undefined where HEAD names no commit. */
  readonly head: string | undefined
}

/** Absolute paths that do not count: what a build made is no change of what it was built from. */
export interface Except {
  readonly made: readonly string[]
  /** Where attestations go. One that lies there is none either; anything else there is what it is. */
  readonly outputs: readonly string[]
}
const noExcept: Except = { made: [], outputs: [] }

/**
 * Dirty: tracked files differ from HEAD, or something hides whether they do; here or in a submodule that is checked out. Files
 * that a sparse checkout leaves out may be missing, and are counted: which they are, only `.git` says. Untracked files that are not ignored are counted, bundles and the like apart. Errors: `object-altered`, `git-failed`.
 */
export async function readWorktree(
  repository: Repository,
  settings: Settings,
  except: Except = noExcept,
  depth = 0,
): Promise<WorktreeState> {
  const folder = await temporaryFolder()
  const index = join(folder, 'index')
  const ignored = join(folder, 'ignored')
  try {
    const git = { ...repository.git, env: { ...repository.git.env, GIT_INDEX_FILE: index } }
    const answer = await runGit(git, [...comparisonArgs(git.platform), ...newIndexArgs])
    if (answer.status === 0) {
      // Some jobs have their temporary folder in the checkout.
      const outside = { ...except, made: [...except.made, index, ignored] }
      const comparison = { except: outside, ignored, depth, actual: repository.git }
      return await whileReading({ ...repository, git }, (all) => compare(all, settings, comparison))
    }
    if ((await commitOf(repository, 'HEAD')) === undefined) {
      const nothing = { untracked: { count: 0 }, sparse: undefined, submodules: { count: 0, first: [] } }
      return { head: undefined, dirty: true, changed: [], changedCount: 0, ...nothing }
    }
    throw gitFailure(newIndexArgs, answer)
  } finally {
    await removeTemporaryFolder(folder)
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await makeTemporaryFolder('index')
  } catch (thrown) {
    throw new CountersignError('git-failed', `there is no place for a temporary index (${systemCode(thrown)})`)
  }
}

interface Comparison {
  readonly except: Except
  /** Path for the list of what is ignored. */
  readonly ignored: string
  readonly depth: number
  /** Git with the index of the repository. */
  readonly actual: Git
}

/** The repository with an index that says what HEAD does. */
async function compare(
  repository: Repository,
  settings: Settings,
  { except, ignored, depth, actual }: Comparison,
): Promise<WorktreeState> {
  const spared = sparedIn(repository.root, except.made)
  const outputs = sparedIn(repository.root, except.outputs)
  const [changes, { listing, untracked }, attributed] = await Promise.all([
    readStatus(repository.git, settings, spared),
    readFiles(repository, { spared, outputs }, ignored),
    hasOwnAttributes(repository),
  ])
  const { head } = changes
  // Attributes come from tracked files; any others are a change already.
  const marked = listing.attributes.size > 0 ? await markedFiles(repository.git) : new Map<string, string>()
  const changed = newPaths()
  changed.add(changes.others)
  changed.add(await notBlobs(repository, changes.converted))
  changed.add(await notBlobsButForIds(repository, marked, changes.missing))
  const sparse = newPaths()
  for (const [path, isLeftOut] of await sortMissing(actual, settings, changes.missing)) {
    const paths = isLeftOut ? sparse : changed
    paths.add([path])
  }
  // Nothing that git says of tracked files is sure then.
  changed.add(untrackedAttributes(repository.root, listing, spared))
  if (attributed) changed.add(['.git/info/attributes'])
  for (const submodule of listing.submodules) {
    const state = await readSubmodule({ ...repository, git: actual }, submodule, except, depth)
    const folder = submodule.path.toString('latin1')
    if (state === 'dirty' || (state !== 'absent' && state.head !== submodule.commit)) changed.add([folder])
    if (typeof state === 'string') continue
    if (state.dirty && state.changedCount === 0) changed.add([folder])
    changed.add(below(folder, state.changed), state.changedCount)
    untracked.join(folder, state.untracked)
    if (state.sparse !== undefined) sparse.add(below(folder, state.sparse.paths ?? []), state.sparse.count)
  }
  return {
    head,
    dirty: changed.count > 0,
    changed: changed.first.map(asText),
    changedCount: changed.count,
    untracked: untracked.value(),
    sparse: sparse.count === 0 ? undefined : { count: sparse.count, paths: sparse.first.map(asText) },
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

/** As many paths as are named, and how many there are, each once. */
interface Paths {
  readonly first: readonly string[]
  readonly count: number
  /** `count`: how many they are, where these are only the first. */
  add(paths: readonly string[], count?: number): void
}

function newPaths(): Paths {
  const known = new Set<string>()
  let unnamed = 0
  return {
    get first() {
      return [...known].slice(0, limits.namedPaths)
    },
    get count() {
      return known.size + unnamed
    },
    add(paths, count = paths.length) {
      unnamed += count - paths.length
      for (const path of paths) known.add(path)
    },
  }
}

/** The untracked files of a checkout, those of its submodules among them. */
interface Untracked {
  add(path: string): void
  /** One beside artifacts. */
  addApart(): void
  join(folder: string, files: UntrackedFiles): void
  value(): UntrackedFiles
}

function newUntracked(): Untracked {
  let [count, apart] = [0, 0]
  const paths: string[] = []
  const name = (path: string): unknown => paths.length < limits.namedPaths && paths.push(path)
  return {
    add(path) {
      count += 1
      name(path)
    },
    addApart() {
      apart += 1
    },
    join(folder, files) {
      count += files.count
      apart += files.apart ?? 0
      for (const path of below(folder, files.paths ?? [])) name(path)
    },
    value: () => ({
      count,
      ...(paths.length === 0 ? {} : { paths: paths.map(asText) }),
      ...(apart === 0 ? {} : { apart }),
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
  /** Files with any other change. */
  readonly others: readonly string[]
}

async function readStatus(git: Git, { foreignFilters }: Settings, spared: ReadonlySet<string>): Promise<Changes> {
  let head: string | undefined
  const others: string[] = []
  const missing = new Set<string>()
  const converted = new Map<string, string>()
  await forEachField(
    streamGit(withoutFilters(git, foreignFilters), [...comparisonArgs(git.platform), ...statusArgs]),
    pathBytes,
    (field) => {
      const line = field.toString('latin1')
      if (line.startsWith('# ')) {
        head ??= /^# branch\.oid ([0-9a-f]+)$/.exec(line)?.[1]
        return
      }
      // 1 XY sub mode-in-HEAD mode-in-index mode-here id-in-HEAD id-in-index path
      const [, kind, mode, modeHere, id = '', path = ''] =
        /^1 \.(\S) \S+ \S+ (\S+) (\S+) \S+ (\S+) (.*)$/s.exec(line) ?? []
      if (spared.has(path)) return
      if (kind === 'D') missing.add(path)
      else if (kind === 'M' && mode?.startsWith('100') === true && mode === modeHere) converted.set(path, id)
      else others.push(path === '' ? line.slice(0, namedCharacters) : path)
    },
  )
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
  }
  return changed
}

/** Path → id of the blob of the files whose attributes ask for `ident`. */
async function markedFiles(git: Git): Promise<ReadonlyMap<string, string>> {
  const marked = new Map<string, string>()
  const args = [...comparisonArgs(git.platform), 'ls-files', '--cached', '--stage', '-z', '--', ':(top,attr:ident)']
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
  }
  return changed
}

/**
 * The files that are not there, and whether a sparse checkout leaves them out. The flag alone is set by one command in any
 * checkout; so is the setting, and therefore these files are told all the same.
 */
async function sortMissing(
  git: Git,
  { sparse }: Settings,
  missing: ReadonlySet<string>,
): Promise<ReadonlyMap<string, boolean>> {
  const sorted = new Map([...missing].map((path) => [path, false]))
  if (missing.size === 0 || !sparse) return sorted
  await forEachField(streamGit(git, ['ls-files', '--cached', '-v', '-z']), pathBytes, (entry) => {
    const path = entry.toString('latin1', 2)
    if (entry.toString('latin1', 0, 2).toUpperCase() === 'S ' && sorted.has(path)) sorted.set(path, true)
  })
  return sorted
}

interface Submodule {
  readonly path: Buffer
  /** The commit that it should be at. */
  readonly commit: string
}

/** What is tracked. */
interface Listing {
  readonly submodules: readonly Submodule[]
  /** Folders that hold tracked files, at any depth; the root is the empty one. */
  readonly folders: ReadonlySet<string>
  /** Files that tell git how to look at others. */
  readonly attributes: ReadonlySet<string>
  readonly ignoreFiles: readonly IgnoreFile[]
}

interface Files {
  readonly listing: Listing
  /** Files that are not tracked, and not ignored by a file of the commit. */
  readonly untracked: Untracked
}

async function readFiles(repository: Repository, places: Places, ignored: string): Promise<Files> {
  const listing = await readListing(repository)
  await writeFile(ignored, await ignoreList(repository, listing.ignoreFiles), 'latin1')
  return { listing, untracked: await readUntracked(repository, places, ignored) }
}

/** From the trees, each hashed again: the index was made from them, and a file that is not in them is seen by that. */
async function readListing(repository: Repository): Promise<Listing> {
  const submodules: { place: string; commit: string }[] = []
  const folders = new Set([''])
  const attributes = new Set<string>()
  const ignoreFiles: IgnoreFile[] = []
  await walkTrees(repository, 'HEAD', ({ path, type, mode, id }) => {
    // A folder is one by what lies in it.
    if (type === 'tree') return true
    if (type === 'commit') submodules.push({ place: path, commit: id })
    const parent = folderOf(path)
    for (let folder = parent; !folders.has(folder); folder = folderOf(folder)) folders.add(folder)
    const name = path.slice(parent === '' ? 0 : parent.length + 1)
    if (name === attributesName) attributes.add(path)
    // Git follows no link from one to another (gitignore(5)).
    if (name === '.gitignore' && mode.startsWith('100')) ignoreFiles.push({ folder: parent, id })
    return false
  })
  // A walk goes down folder by folder; git's own lists are in the order of the bytes of the paths.
  submodules.sort((one, other) => (one.place < other.place ? -1 : 1))
  return {
    submodules: submodules.map(({ place, commit }) => ({ path: Buffer.from(place, 'latin1'), commit })),
    folders,
    attributes,
    ignoreFiles,
  }
}

/** `except` as git writes paths. */
interface Places {
  readonly spared: ReadonlySet<string>
  readonly outputs: ReadonlySet<string>
}

/**
 * File by file, however many they are: a folder that is named as a whole would be one for a thousand. What is an attestation by
 * its name or by what is in it is counted apart, or not at all where attestations of this run go: to attest again what was
 * attested says the same again.
 */
async function readUntracked(
  { git, root }: Repository,
  { spared, outputs }: Places,
  ignored: string,
): Promise<Untracked> {
  const untracked = newUntracked()
  const own = new Map([...outputs].map((it) => [it, 'bundle file'] as const))
  const looked: string[] = []
  const unlooked: string[] = []
  await forEachField(
    streamGit(git, [...comparisonArgs(git.platform), ...untrackedArgs, `--exclude-from=${ignored}`]),
    pathBytes,
    (entry) => {
      const path = entry.toString('latin1')
      if (spared.has(path)) return
      // What is written beside an output while it is written is known by the name of that.
      if (companionOf(path, outputs.has(path) ? noneOfOurs : own) !== undefined) {
        if (!outputs.has(path)) untracked.addApart()
      } else if (outputs.has(path) || looked.length < limits.untrackedLooks) looked.push(path)
      else unlooked.push(path)
    },
  )
  for (const path of looked) {
    if (!(await isAttestation(root, path))) untracked.add(path)
    else if (!outputs.has(path)) untracked.addApart()
  }
  for (const path of unlooked) untracked.add(path)
  return untracked
}

/** A path that is no text names no file that was written here. */
async function isAttestation(root: string, path: string): Promise<boolean> {
  const bytes = Buffer.from(path, 'latin1')
  const place = join(root, bytes.toString('utf8'))
  const kind = bytes.equals(Buffer.from(bytes.toString('utf8')))
    ? await companionByContent({ place, real: place }, nothing)
    : undefined
  return kind === 'bundle file' || kind === 'unsigned statement'
}

const nothing: ReadonlySet<string> = new Set()
const noneOfOurs: ReadonlyMap<string, Companion> = new Map()

const attributesName = '.gitattributes'

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The untracked files that tell git how to look at the source. In a folder without tracked files they say nothing about it. */
function untrackedAttributes(root: string, { folders, attributes }: Listing, spared: ReadonlySet<string>): string[] {
  // One call each: as many calls on other threads would take longer.
  const isThere = (path: string): boolean =>
    lstatSync(placeOf(root, Buffer.from(path, 'latin1')), { throwIfNoEntry: false }) !== undefined
  return [...folders]
    .map((folder) => (folder === '' ? attributesName : `${folder}/${attributesName}`))
    .filter((path) => !attributes.has(path) && !spared.has(path) && isThere(path))
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
  { root, git: { env, platform, signal } }: Repository,
  { path }: Submodule,
  except: Except,
  depth: number,
): Promise<WorktreeState | 'absent' | 'dirty'> {
  const names = await readdir(placeOf(root, path)).catch((): string[] => [])
  if (names.length === 0) return 'absent'
  if (!names.includes('.git')) return 'dirty'
  if (depth === submoduleDepth) throw new CountersignError('git-failed', 'submodules are nested too deep')
  const folder = join(root, path.toString('utf8'))
  const submodule = await attemptAsync(() =>
    openRepository(folder, { env, platform, ...(signal === undefined ? {} : { signal }) }),
  )
  if (submodule instanceof CountersignError) {
    if (submodule.code === 'git-no-repository') return 'dirty'
    throw submodule
  }
  return readWorktree(submodule, await readSettings(submodule.git), except, depth + 1)
}
