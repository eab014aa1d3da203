/** Where a bundle goes (DESIGN §4): a sidecar for one file, `<name>.intoto.jsonl` for several. */
import { basename, dirname, join, resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import { CountersignError } from '../errors.ts'
import type { NamedFile } from '../collect/subjects/paths.ts'
import type { Subject } from '../model/digest.ts'
import type { Source } from '../model/facts.ts'
import { isFolder } from '../platform/files.ts'
import { fileName } from '../platform/folders.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import { readAppendable, sidecarOf } from '../store/bundle-file.ts'
import type { OutputRequest } from './request.ts'

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
  /** The working tree of the repository. */
  readonly root: string
}

/** Errors: those of `outputAt`. */
export async function outputOf(request: OutputRequest, placing: Placing): Promise<Output> {
  const { subjects, files, source, cwd, root } = placing
  const [first] = files
  const single = subjects.length === 1 ? subjects[0] : undefined
  const name = single === undefined ? `${projectName(source, cwd)}.intoto.jsonl` : sidecarOf(basename(single.name))
  const folder = first === undefined ? cwd : dirname(resolve(cwd, first.given))
  const out = request.path === undefined ? undefined : resolve(cwd, request.path)
  const path = out === undefined ? join(folder, name) : (await isFolder(out)) ? join(out, name) : out
  return outputAt(path, request, root)
}

/**
 * The same for a path that is decided, looked at before anything is signed, because a log entry is for ever. Errors:
 * `output-exists`, `output-failed`, `symlink-in-checkout`; of a file that is added to also `output-not-bundles`, `input-too-large`.
 */
export async function outputAt(path: string, { whenPresent }: OutputRequest, root: string): Promise<Output> {
  await refuseLinksBelow(root, path)
  const mode = whenPresent === 'replace' ? 'replace' : path.endsWith('.jsonl') ? 'append' : 'new'
  const present = await stat(path).catch(() => undefined)
  if (mode === 'new' && present !== undefined) {
    throw new CountersignError('output-exists', `${path} is there already and would be overwritten`, {
      option: 'out',
    })
  }
  if (present?.isFile() === false) throw new CountersignError('output-failed', `${path} is not a regular file`)
  if (mode === 'append') await readAppendable(path)
  return { path, mode }
}

function projectName(source: Source, cwd: string): string {
  const fromRemote = source.remote
    ?.split('/')
    .at(-1)
    ?.replace(/\.git$/, '')
  return fileName(fromRemote ?? basename(cwd), 'release')
}
