/** Files that may be transcripts: those that somebody named, and those in the folders where agents keep theirs. */
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Environment } from '../../platform/environment.ts'
import { isFile, isFolder, systemCode } from '../../platform/files.ts'
import { transcriptFormats } from './formats/index.ts'
import type { TranscriptFormat } from './formats/row.ts'

/** Where is looked. */
export interface TranscriptPlaces {
  /** Paths of files or folders. */
  readonly named: readonly string[]
  /** Whether agents' own folders are looked at, too. */
  readonly areOwn: boolean
}

export interface PlacedFile {
  readonly path: string
  /** Below the folder that was named, with `/`; of a file that was named its own name. */
  readonly name: string
  /** `file`: somebody meant this very one; `folder`: it lies in a folder that somebody named; `own`: an agent keeps it. */
  readonly from: 'file' | 'folder' | 'own'
  /** Of a tool that keeps a session in many files: `path` is the folder, and these are the files below it. */
  readonly files?: readonly string[]
}

/** What of the world decides where that is. */
export interface Surroundings {
  readonly cwd: string
  readonly env: Environment
  readonly platform: NodeJS.Platform
  /** Of whoever runs this. */
  readonly home: string
}

/** In the order of their names, each once. Links below a folder are not followed. Errors: `path-missing`, `input-unreadable`. */
export async function* placedFiles(
  { named, areOwn }: TranscriptPlaces,
  around: Surroundings,
): AsyncGenerator<PlacedFile, void, undefined> {
  const seen = new Set<string>()
  const isNew = (path: string): boolean => seen.size < limits.transcriptFiles && !seen.has(path) && !!seen.add(path)
  for (const it of named) {
    const path = resolve(around.cwd, it)
    if (await isFile(path)) {
      if (isNew(path)) yield { path, name: basename(path), from: 'file' }
    } else if (await isFolder(path)) {
      for (const it of await placedIn(path, 'folder')) if (isNew(placeOf(it))) yield it
    } else throw new CountersignError('path-missing', `${JSON.stringify(it)} is no file and no folder`)
  }
  for (const folder of areOwn ? ownFolders(around) : []) {
    if (!(await isFolder(folder))) continue
    for (const it of await placedIn(folder, 'own')) if (isNew(placeOf(it))) yield it
  }
}

/** A file is itself wherever it was found; a session of many files is none of them. */
function placeOf({ path, name, files }: PlacedFile): string {
  return files === undefined ? path : join(path, name)
}

/** Sessions of many files first, then what is left, but for what another file tells more of. Error: `input-unreadable`. */
async function placedIn(folder: string, from: PlacedFile['from']): Promise<readonly PlacedFile[]> {
  const names: string[] = []
  for await (const name of filesBelow(folder, from)) if (names.push(name) === limits.transcriptFiles) break
  const placed: PlacedFile[] = []
  const taken = new Set<string>()
  for (const { body } of transcriptFormats) {
    for (const { name, files } of body.kind === 'files' ? body.sessions(names) : []) {
      placed.push({ path: folder, name, files, from })
      for (const it of files) taken.add(it)
    }
  }
  const there = new Set(names)
  for (const name of names) {
    if (transcriptFormats.some(({ fuller }) => there.has(fuller?.(name) ?? ''))) taken.add(name)
  }
  return [...placed, ...names.filter((it) => !taken.has(it)).map((name) => ({ path: join(folder, name), name, from }))]
}

/** Whole paths of the folders of all formats. What an environment names comes in place of nothing: both are looked at. */
export function ownFolders(
  { env, platform, home }: Surroundings,
  formats: readonly TranscriptFormat[] = transcriptFormats,
): string[] {
  const system = platform === 'win32' || platform === 'darwin' ? platform : 'linux'
  const folders = formats.flatMap(({ folders: ofSystem }) => ofSystem?.[system] ?? [])
  const whole = folders.flatMap((it) => {
    if (it.startsWith('~/')) return join(home, it.slice(2))
    const [, variable, rest = ''] = /^\$([A-Z_]+)(\/.*)?$/.exec(it) ?? []
    const value = variable === undefined ? undefined : env[variable]
    return value === undefined || value === '' ? [] : join(value, rest)
  })
  return [...new Set(whole)]
}

/** Paths of regular files, with `/`, in the order of their names. Error: `input-unreadable`. */
async function* filesBelow(root: string, from: PlacedFile['from']): AsyncGenerator<string, void, undefined> {
  const left: { readonly name: string; readonly depth: number }[] = [{ name: '', depth: 0 }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { name: folder, depth } = next
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((thrown: unknown) => {
      // What an agent keeps there that may not be read is somebody else's; a folder that was named is looked at as a whole or not at all.
      if (folder !== '' && from === 'own') return []
      throw new CountersignError('input-unreadable', `${JSON.stringify(root)} cannot be read (${systemCode(thrown)})`)
    })
    const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of sorted) {
      if (entry.isFile()) yield folder === '' ? entry.name : `${folder}/${entry.name}`
    }
    if (depth === limits.folderDepth) continue
    for (const entry of sorted.toReversed()) {
      if (entry.isDirectory())
        left.push({ name: folder === '' ? entry.name : `${folder}/${entry.name}`, depth: depth + 1 })
    }
  }
}
