/** Where a bundle goes (DESIGN §4): a sidecar for one file, `<name>.intoto.jsonl` for several. */
import { basename, dirname, join, resolve } from 'node:path'
import { lstat, realpath } from 'node:fs/promises'
import { CountersignError, option } from '../errors.ts'
import type { SubjectFile } from '../collect/subjects/subjects.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Subject } from '../model/digest.ts'
import { isFolder } from '../platform/files.ts'
import { fileName } from '../platform/folders.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import { readAppendable, refuseNoFile, sidecarOf } from '../store/bundle-file.ts'
import type { WriteMode } from '../store/bundle-file.ts'
import { indexBundleFile } from '../store/bundle-index.ts'
import type { OutputRequest } from './request.ts'

export interface Output {
  readonly path: string
  readonly mode: WriteMode
  /** Bundles in the file about one of the subjects: another statement beside or in place of theirs has to be asked for. */
  readonly present: readonly Bundle[]
}

/** What a place is chosen for. */
export interface Placing {
  readonly subjects: readonly Subject[]
  readonly files: readonly SubjectFile[]
  /** Of the checkout, if there is one: what is built here is called by it. Asked only for several subjects. */
  readonly remote: () => Promise<string | undefined>
  readonly cwd: string
  /** The working tree of the repository, or else the working folder. */
  readonly root: string
}

/** What a bundle is called where nobody says it: of one artifact, and of several of a project. */
export interface BundleNames {
  readonly one: (artifact: string) => string
  readonly several: (project: string) => string
}

const attestationNames: BundleNames = { one: sidecarOf, several: (project) => `${project}.intoto.jsonl` }

/** Errors: those of `outputAt`, `usage` (the place is that of a subject). */
export async function outputOf(
  request: OutputRequest,
  placing: Placing,
  names: BundleNames = attestationNames,
): Promise<Output> {
  const { subjects, files, remote, cwd, root } = placing
  const [first] = files
  const single = subjects.length === 1 ? subjects[0] : undefined
  const name = single === undefined ? names.several(projectName(await remote(), cwd)) : names.one(basename(single.name))
  const folder = first === undefined ? cwd : dirname(resolve(cwd, first.given))
  const out = request.path === undefined ? undefined : resolve(cwd, request.path)
  const isInFolder = out === undefined || (await isFolder(out))
  if (!isInFolder) await refuseNoFile(out, request.path ?? out)
  const path = isInFolder ? join(out ?? folder, name) : out
  await refuseSubject(path, files)
  return outputAt(path, request, { root, subjects })
}

/**
 * An attestation cannot be about the file that it is written to: with its first byte it would be wrong. A shell that writes out
 * `dist/*` names the file of the run before. Error: `usage`.
 */
export async function refuseSubject(path: string, files: readonly SubjectFile[]): Promise<void> {
  const real = await realpath(path).catch(() => undefined)
  const same = files.find((it) => it.real === real)
  if (same === undefined) return
  throw new CountersignError(
    'usage',
    `${JSON.stringify(same.given)} is a subject, and the bundle would be written to it`,
    {
      option: 'out',
      hint: `do not name it, quote the glob so that it leaves out bundles, or choose another place (${option('out')})`,
    },
  )
}

/**
 * The place of each subject's own bundle, in their order: a sidecar for each, in one folder or beside its file, or one `.jsonl`
 * to which all are added. Errors: those of `outputAt`, `usage` (two of them in one file).
 */
export async function outputsOf(request: OutputRequest, { subjects, files, ...placing }: Placing): Promise<Output[]> {
  const outputs: Output[] = []
  for (const subject of subjects) {
    const own = files.filter((it) => it.name === subject.name)
    const output = await outputOf(request, { ...placing, subjects: [subject], files: own })
    await refuseSubject(output.path, files)
    const isShared = outputs.some(({ path }) => path === output.path)
    const isList = output.path.endsWith('.jsonl')
    // The first takes the place of the file, the others are added to that.
    if (isShared && isList) outputs.push({ ...output, mode: 'append' })
    else if (!isShared || output.mode === 'append') outputs.push(output)
    else {
      const { path } = output
      throw new CountersignError('usage', `two attestations would be written to ${path}`, {
        option: 'out',
        hint: `name a folder or a .jsonl (${option('out')})`,
      })
    }
  }
  return outputs
}

/**
 * The same for a path that is decided, looked at before anything is signed, because a log entry is for ever. Errors:
 * `usage` (`-`), `path-missing` (its folder), `output-exists`, `output-failed`, `symlink-in-checkout`; of a file that is added to also `output-not-bundles`, `input-too-large`.
 */
export async function outputAt(
  path: string,
  { path: asked = path, whenPresent = 'refuse' }: OutputRequest,
  { root, subjects }: Pick<Placing, 'root' | 'subjects'>,
): Promise<Output> {
  await refuseNoFile(path, asked === '-' ? asked : path)
  await refuseLinksBelow(root, path)
  const status = await lstat(path).catch(() => undefined)
  if (status?.isFile() === false) throw new CountersignError('output-failed', `${path} is not a regular file`)
  if (whenPresent === 'replace') return { path, mode: 'replace', present: [] }
  const mode = whenPresent === 'append' || path.endsWith('.jsonl') ? 'append' : 'new'
  if (mode === 'append') await readAppendable(path)
  const present = status === undefined || whenPresent === 'append' ? [] : await bundlesAbout(subjects, path)
  if (mode === 'new' && status !== undefined && present.length === 0) {
    throw inTheWay(`${path} is there already and would be overwritten`)
  }
  return { path, mode, present }
}

/** An output that is in the way. */
export function inTheWay(message: string): CountersignError {
  return new CountersignError('output-exists', message, {
    option: 'whenPresent',
    hint: `replace it or add to it (${option('whenPresent')}), or choose another place (${option('out')})`,
  })
}

async function bundlesAbout(subjects: readonly Subject[], path: string): Promise<readonly Bundle[]> {
  const digests = subjects.flatMap(({ digest }) => Object.entries(digest).map(([name, value]) => `${name}:${value}`))
  const { about } = await indexBundleFile(path, 'found')
  return Promise.all(about(digests).map((it) => it.read()))
}

/** Where a path lies without the links on the way; it itself may not be there yet. */
export async function realPlace(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  return join(folder, basename(path))
}

function projectName(remote: string | undefined, cwd: string): string {
  const fromRemote = remote
    ?.split('/')
    .at(-1)
    ?.replace(/\.git$/, '')
  return fileName(fromRemote ?? basename(cwd), 'release')
}
