/** What a person calls artifacts → artifacts: files, globs, folders, digests, standard input. */
import type { Dirent } from 'node:fs'
import { glob, lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { CountersignError, attemptAsync } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import { howToName } from './artifact.ts'
import { digestAlgorithms, isDigest } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { byText } from '../model/text-order.ts'
import { systemCode } from '../platform/files.ts'
import { isBelow } from '../platform/links.ts'
import { companionsAmong, isCompanion } from './set-aside.ts'

/** Where the words were said. */
export interface Saying {
  readonly cwd: string
  /** Standard input, for the word `-`. */
  readonly input?: () => AsyncIterable<Uint8Array>
}

export interface FoundArtifacts {
  readonly artifacts: readonly ArtifactInput[]
  /** What a glob, a folder or a shell named and needs no verdict of its own, a line each. */
  readonly notes: readonly string[]
}

/**
 * Words → artifacts, in their order. What is there is a file, and where its name reads as a glob that as well: a file called
 * `*` would hide all others otherwise. A folder means all files in it, a glob those that it matches, without
 * what lies beside artifacts (`set-aside.ts`: by name and by content). A link that leads out of the folder is an artifact whose
 * verdict says so. A file that was named is passed over only where it holds attestations and belongs to another one: a shell that
 * writes out `dist/*` names these too. A file that is not there stays one, and its verdict says so.
 *
 * Errors: `usage` (a scheme that is not fetched, a digest that is malformed), `glob-empty`, `input-too-large`, `input-unreadable`.
 *
 * @example
 * ```ts
 * import { findArtifacts, judgeAll } from 'countersign/verify'
 *
 * const { artifacts } = await findArtifacts(['dist/*.tgz'], { cwd: process.cwd() })
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * for await (const { outcome } of judgeAll(artifacts, { trust, question: { repo: 'acme/widget' } })) console.log(outcome)
 * ```
 */
export async function findArtifacts(words: readonly string[], saying: Saying): Promise<FoundArtifacts> {
  const { cwd } = saying
  if (words.filter((it) => it === '-').length > 1) {
    throw new CountersignError('usage', 'standard input is named twice', { option: 'artifact' })
  }
  const found: Found[] = []
  const places = new Set<string>()
  const notes: string[] = []
  for (const word of words) {
    const meant = await meaningOf(word, saying)
    if ('artifact' in meant) {
      const place = 'path' in meant.artifact ? resolve(cwd, meant.artifact.path) : undefined
      found.push({ artifact: meant.artifact, named: word, place })
      if (place !== undefined) places.add(place)
    } else {
      notes.push(...meant.notes)
      for (const { file, below } of meant.files) {
        const place = resolve(cwd, file.path)
        if (!places.has(place)) found.push({ artifact: file, place, below })
        places.add(place)
      }
    }
  }
  const named = found.flatMap((it) => (it.named === undefined ? [] : (it.place ?? [])))
  const companions = await companionsAmong(named, places, cwd)
  const beside = found.filter((it) => it.named !== undefined && companions.has(it.place ?? ''))
  const others = found.filter((it) => !beside.includes(it))
  const left = beside.flatMap((it) => it.named ?? [])
  return { artifacts: distinct(others), notes: left.length === 0 ? notes : [...notes, besideWords(left)] }
}

interface Found {
  readonly artifact: ArtifactInput
  /** The word, of what was named itself. */
  readonly named?: string
  /** Absolute path, of a file. */
  readonly place: string | undefined
  /** Of what was searched for: its path from the folder that was searched. */
  readonly below?: string
}

function besideWords(paths: readonly string[]): string {
  return `not verified, because it lies beside artifacts: ${someOf(paths)}`
}

/** Names that a note has room for. */
const shownNames = 5

function someOf(paths: readonly string[]): string {
  const more = paths.length - shownNames
  return `${paths.slice(0, shownNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/**
 * Names are base names, as attestations have them, and paths in folders below that which was searched; where two files share a
 * base name, each has the path under which it was found.
 */
function distinct(found: readonly Found[]): readonly ArtifactInput[] {
  const byName = Map.groupBy(new Set(found.flatMap(({ place }) => place ?? [])), (place) => basename(place))
  return found.map(({ artifact, place, below }) => {
    if (place === undefined || !('path' in artifact)) return artifact
    if ((byName.get(basename(place))?.length ?? 0) > 1) return { ...artifact, name: artifact.path }
    return below === undefined ? artifact : { ...artifact, name: below }
  })
}

/** A file that was searched for. */
interface FoundFile {
  readonly file: ArtifactInput & { readonly path: string }
  /** Its path from the folder that was searched. */
  readonly below: string
}

interface Files {
  readonly files: readonly FoundFile[]
  readonly notes: readonly string[]
}

type Meaning = { readonly artifact: ArtifactInput } | Files

async function meaningOf(word: string, { cwd, input }: Saying): Promise<Meaning> {
  // As a path it would be the working folder, and so everything in it.
  if (word === '') throw new CountersignError('usage', 'the name of an artifact is empty', { option: 'artifact' })
  if (word === '-' && input !== undefined) return { artifact: { stream: input(), name: 'standard input' } }
  const place = resolve(cwd, word)
  const status = await statusOf(place)
  if (status === 'folder') return chosen(await filesIn(place, word), { cwd, root: place, word })
  if (status === 'none') {
    const digest = digestOf(word)
    if (digest !== undefined) return { artifact: { digest } }
    refuseAddress(word, 'artifact')
    if (wildcard.test(word)) {
      return chosen(await meantByGlob(word, cwd), { cwd, root: resolve(cwd, fixedPart(word)), word })
    }
  }
  if (status === 'file' && wildcard.test(word)) {
    const others = (await meantByGlob(word, cwd)).filter((it) => resolve(cwd, it) !== place)
    const root = resolve(cwd, fixedPart(word))
    const found = await attemptAsync(() => chosen(others, { cwd, root, word }))
    if (found instanceof CountersignError && found.code !== 'glob-empty') throw found
    if (!(found instanceof CountersignError)) {
      const both = `there is a file called ${word}, and it was read as a glob as well`
      const literal = { file: { path: word }, below: relative(root, place).split(sep).join('/') }
      return { files: [literal, ...found.files], notes: [...found.notes, both] }
    }
  }
  return { artifact: { path: word } }
}

/** What the file system says of a path; what it will not say is a file, whose verdict tells why. */
export async function statusOf(path: string): Promise<'file' | 'folder' | 'none'> {
  try {
    if ((await lstat(path)).isSymbolicLink()) {
      return (await stat(path).catch(() => undefined))?.isDirectory() === true ? 'folder' : 'file'
    }
    return (await lstat(path)).isDirectory() ? 'folder' : 'file'
  } catch (thrown) {
    return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(thrown)) ? 'none' : 'file'
  }
}

/** `sha256:HEX`, in letters of either case; undefined for what has another form. Error: `usage` (no whole digest, or its hex digits alone). */
function digestOf(word: string): string | undefined {
  const bare = Object.entries(digestAlgorithms).find(([, digits]) => digits === word.length)?.[0]
  if (bare !== undefined && isDigest(bare, word.toLowerCase())) {
    throw new CountersignError('usage', `there is no file ${word}`, {
      option: 'artifact',
      hint: `if the digest of an artifact is meant, write ${bare}: before it`,
    })
  }
  const [, name, value] = /^(sha-?\d+|md5):(.*)$/is.exec(word) ?? []
  if (name === undefined || value === undefined) return undefined
  const [algorithm, hex] = [name.toLowerCase(), value.toLowerCase()]
  if (isDigest(algorithm, hex)) return `${algorithm}:${hex}`
  const lengths = Object.entries(digestAlgorithms).map(([it, length]) => `${it} with ${length}`)
  throw new CountersignError('usage', `${shown(word)} is neither a file nor a whole digest`, {
    option: 'artifact',
    hint: `a digest is its algorithm and hex digits: ${lengths.join(', ')}`,
  })
}

const images = ['oci', 'oci-archive', 'oci-layout', 'docker', 'docker-archive', 'docker-daemon', 'containers-storage']

/**
 * Refuses the name of something that would have to be fetched: nothing is, and a file of such a name would be there. Error:
 * `usage`.
 */
export function refuseAddress(word: string, of: 'artifact' | 'bundle'): void {
  const [, digest] = /^[^\s:]\S*@(sha(?:256|384|512):[0-9a-f]+)$/.exec(word) ?? []
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(word)?.[1]?.toLowerCase()
  if (digest === undefined && scheme === undefined) return
  const what = of === 'artifact' ? 'the artifact' : 'the bundle'
  const orDigest = of === 'artifact' ? `, or name its digest: ${digest ?? 'sha256:HEX'}` : ''
  const isImage = (digest !== undefined && scheme === undefined) || images.includes(scheme ?? '')
  const hint =
    scheme === 'file'
      ? 'write its path alone'
      : isImage
        ? `pull it first (crane, oras, docker save) and verify the file${orDigest}`
        : `download it first and verify the file${orDigest}`
  throw new CountersignError('usage', `${shown(word)} is no file, and ${what} is not fetched from anywhere`, {
    option: of,
    hint,
  })
}

/** What stands behind a question mark, or before an at sign, may be a secret. */
export function shown(word: string): string {
  return JSON.stringify(
    word
      .replace(/\/\/[^/@]*@/, '//')
      .replace(/\?.*$/s, '?…')
      .slice(0, 200),
  )
}

/** What a glob of `node:fs` gives a meaning to. */
export const wildcard = /[*?[{]|[!@+]\(/

/** The folder that a glob names before its first wildcard. */
export function fixedPart(pattern: string): string {
  const parts = pattern.split('/')
  const at = parts.findIndex((it) => wildcard.test(it))
  const fixed = parts.slice(0, at).join('/')
  return fixed === '' && pattern.startsWith('/') ? '/' : fixed
}

/** What a shell that writes out the glob would name: of a folder, then, all files in it. */
async function meantByGlob(pattern: string, cwd: string): Promise<readonly string[]> {
  const paths = new Set<string>()
  for (const path of await matchesOf(pattern, cwd)) {
    const isFolder = (await lstat(resolve(cwd, path)).catch(() => undefined))?.isDirectory() === true
    for (const each of isFolder ? await filesIn(resolve(cwd, path), path) : [path]) paths.add(each)
    checkCount(paths.size, pattern)
  }
  return [...paths].sort(byText)
}

export async function matchesOf(pattern: string, cwd: string): Promise<readonly string[]> {
  try {
    const paths: string[] = []
    for await (const path of glob(pattern, { cwd })) {
      paths.push(path)
      checkCount(paths.length, pattern)
    }
    return paths.sort(byText)
  } catch (thrown) {
    throw unreadable(pattern, thrown)
  }
}

/** Files below a folder, and links; as paths that begin like `word`. */
export async function filesIn(folder: string, word: string): Promise<readonly string[]> {
  const files: string[] = []
  const waiting = [{ folder, word, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.depth > limits.folderDepth) throw tooLarge(word, `folders below folders, more than ${limits.folderDepth}`)
    for (const entry of await entriesOf(next.folder, next.word)) {
      const path = join(next.word, entry.name)
      if (entry.isDirectory()) {
        waiting.push({ folder: join(next.folder, entry.name), word: path, depth: next.depth + 1 })
      } else files.push(path)
    }
    checkCount(files.length + waiting.length, word)
  }
  return files.sort(byText)
}

async function entriesOf(folder: string, word: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (thrown) {
    throw unreadable(word, thrown)
  }
}

interface Search {
  readonly cwd: string
  /** The folder that was searched. */
  readonly root: string
  readonly word: string
}

/** Those of the paths that are artifacts, and what became of the others. Error: `glob-empty`. */
async function chosen(paths: readonly string[], { cwd, root, word }: Search): Promise<Files> {
  const all = new Set(paths.map((it) => resolve(cwd, it)))
  const realRoot = await realpath(root).catch(() => root)
  const files: FoundFile[] = []
  const beside: string[] = []
  const aliases: string[] = []
  // All that lies in a folder is found in its own place.
  const isWhole = root === resolve(cwd, word)
  for (const path of paths) {
    const place = resolve(cwd, path)
    const kind = await kindOf(place, realRoot)
    if (kind === 'folder') continue
    const below = relative(root, place).split(sep).join('/')
    if (kind === 'alias' && isWhole) aliases.push(path)
    else if (kind === 'alias' || kind === 'link') files.push({ file: { path, within: root }, below })
    else if (await isCompanion(place, all)) beside.push(path)
    else files.push({ file: { path }, below })
  }
  const notes = [
    ...(beside.length === 0 ? [] : [besideWords(beside)]),
    ...(aliases.length === 0
      ? []
      : [`not followed, because what it leads to has its own verdicts: ${someOf(aliases)}`]),
  ]
  if (files.length > 0) return { files, notes }
  const but = notes.length === 0 ? '' : ` (${notes.join('; ')})`
  throw new CountersignError('glob-empty', `there is no artifact in ${shown(word)}${but}`, {
    option: 'artifact',
    hint: howToName,
  })
}

/** A link out of the folder, or to another folder in it (`alias`), is not followed. */
export async function kindOf(place: string, realRoot: string): Promise<'file' | 'folder' | 'link' | 'alias'> {
  const isLink = (await lstat(place).catch(() => undefined))?.isSymbolicLink() === true
  const real = await realpath(place).catch(() => undefined)
  // A link to nothing, or what may not be looked at: its verdict says so.
  if (real === undefined) return 'file'
  if (!isBelow(real, realRoot)) return 'link'
  if ((await stat(real).catch(() => undefined))?.isDirectory() !== true) return 'file'
  return isLink ? 'alias' : 'folder'
}

function checkCount(count: number, word: string): void {
  if (count > limits.artifacts) throw tooLarge(word, `more than ${limits.artifacts} files`)
}

function tooLarge(word: string, what: string): CountersignError {
  return new CountersignError('input-too-large', `${shown(word)} means ${what}`, { option: 'artifact' })
}

function unreadable(word: string, thrown: unknown): CountersignError {
  if (thrown instanceof CountersignError) return thrown
  return new CountersignError('input-unreadable', `${shown(word)} cannot be read (${systemCode(thrown)})`)
}
