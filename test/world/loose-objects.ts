/** Objects and refs of a repository of SHA-1 as git writes them, by this process: a git for each would cost a hundred times as much. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { constants, deflateSync } from 'node:zlib'

type Bytes = string | Buffer

/** The folder in which git keeps them; undefined where another hash names them, or another folder holds them. */
export function ownGitFolder(folder: string): string | undefined {
  const places = [join(folder, '.git'), folder]
  const git = places.find((it) => existsSync(join(it, 'objects')))
  if (git === undefined || readFileSync(join(git, 'config'), 'utf8').includes('objectformat')) return undefined
  return git
}

/** Its id. `git`: the folder of the repository that has the objects. */
export function writeObject(git: string, type: 'blob' | 'tree' | 'commit', contents: Bytes): string {
  const bytes = Buffer.from(contents as string)
  const stored = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
  const id = createHash('sha1').update(stored).digest('hex')
  const path = join(git, 'objects', id.slice(0, 2), id.slice(2))
  if (existsSync(path)) return id
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, deflateSync(stored, { level: constants.Z_BEST_SPEED }), { mode: 0o444 })
  return id
}

/** What a tree says of a file: its mode as git writes it, and its blob. */
export interface TreeFile {
  readonly mode: string
  readonly id: string
}

/** A tree of files by their paths, of blobs alone where their mode is that of a plain file; its id. */
export function writeTree(git: string, files: ReadonlyMap<string, string | TreeFile>): string {
  const folders = new Map<string, Map<string, string | TreeFile>>()
  const entries: (TreeFile & { readonly name: string })[] = []
  for (const [path, file] of files) {
    const [name = '', ...rest] = path.split('/')
    if (rest.length > 0) folders.set(name, (folders.get(name) ?? new Map<string, string>()).set(rest.join('/'), file))
    else if (typeof file === 'string') entries.push({ name, mode: '100644', id: file })
    else entries.push({ name, mode: file.mode, id: file.id })
  }
  for (const [name, below] of folders) entries.push({ name, mode: '40000', id: writeTree(git, below) })
  // Git sorts a folder as if its name ended with a slash.
  const key = ({ name, mode }: (typeof entries)[number]): Buffer => Buffer.from(mode === '40000' ? `${name}/` : name)
  entries.sort((a, b) => Buffer.compare(key(a), key(b)))
  return writeObject(
    git,
    'tree',
    Buffer.concat(entries.flatMap(({ name, mode, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])),
  )
}

/** Undefined where it is not there as a file of its own. */
export function readRef(git: string, ref: string): string | undefined {
  const path = join(git, ref)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

export function writeRef(git: string, ref: string, id: string): void {
  mkdirSync(dirname(join(git, ref)), { recursive: true })
  writeFileSync(join(git, ref), `${id}\n`)
}
