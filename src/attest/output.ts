/** Where a bundle goes (DESIGN §4): a sidecar for one file, `<name>.intoto.jsonl` for several. */
import { basename, dirname, join, resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import type { AttestRequest } from './attest.ts'
import { CountersignError } from '../errors.ts'
import type { NamedFile } from '../collect/subjects/paths.ts'
import type { Subject } from '../model/digest.ts'
import type { Source } from '../model/facts.ts'
import { sidecarOf } from '../store/bundle-file.ts'

export interface Output {
  readonly path: string
  readonly mode: 'new' | 'replace' | 'append'
}

/** What a place is chosen for. */
export interface Placing {
  readonly subjects: readonly Subject[]
  readonly files: readonly NamedFile[]
  readonly source: Source
  readonly cwd: string
}

/** Errors: `output-exists`, `output-failed`. */
export async function outputOf(request: AttestRequest, { subjects, files, source, cwd }: Placing): Promise<Output> {
  const [first] = files
  const single = subjects.length === 1 ? subjects[0] : undefined
  const name = single === undefined ? `${projectName(source, cwd)}.intoto.jsonl` : sidecarOf(basename(single.name))
  const folder = first === undefined ? cwd : dirname(resolve(cwd, first.given))
  const out = request.out === undefined ? undefined : resolve(cwd, request.out)
  const path = out === undefined ? join(folder, name) : (await isFolder(out)) ? join(out, name) : out
  return outputAt(path, request)
}

/** The same for a path that is decided. */
export async function outputAt(path: string, { whenPresent }: AttestRequest): Promise<Output> {
  const mode = whenPresent === 'replace' ? 'replace' : path.endsWith('.jsonl') ? 'append' : 'new'
  const present = await stat(path).catch(() => undefined)
  if (mode === 'new' && present !== undefined) {
    throw new CountersignError('output-exists', `${path} is there already and would be overwritten`)
  }
  if (present?.isFile() === false) throw new CountersignError('output-failed', `${path} is not a regular file`)
  return { path, mode }
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (it) => it.isFile(),
    () => false,
  )
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (it) => it.isDirectory(),
    () => false,
  )
}

function projectName(source: Source, cwd: string): string {
  const fromRemote = source.remote
    ?.split('/')
    .at(-1)
    ?.replace(/\.git$/, '')
  const name = (fromRemote ?? basename(cwd)).replace(/[^A-Za-z0-9._-]+/g, '-')
  return name === '' ? 'release' : name
}
