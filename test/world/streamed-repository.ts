/** Repositories whose commits and notes this process writes itself, for those who read history and never the work tree. */
import { join } from 'node:path'
import { readRef, writeObject, writeRef, writeTree } from './loose-objects.ts'
import { scratchRepository } from './scratch-repository.ts'
import type { Scratch } from './scratch-repository.ts'

type Bytes = string | Buffer

/** What a ref was made to name here, and the blobs of its files. */
interface Tip {
  readonly id: string
  readonly files: ReadonlyMap<string, string>
}

/**
 * As `scratchRepository`, but that nothing is staged: a commit holds the files of the one before it and those that it is given,
 * which are written to the work tree too.
 */
export function streamedRepository(): Scratch {
  const scratch = scratchRepository()
  const git = join(scratch.folder, '.git')
  const tips = new Map<string, Tip>()
  let clock = 1_700_000_000

  /** The files of what the ref names, also where git itself has moved it. */
  function filesOf(ref: string, id: string): ReadonlyMap<string, string> {
    const tip = tips.get(ref)
    if (tip?.id === id) return tip.files
    const listed = scratch.git(['ls-tree', '-r', '-z', id]).split('\0')
    return new Map(
      listed.filter((it) => it !== '').map((it) => [it.slice(it.indexOf('\t') + 1), it.split(/[ \t]/)[2]!]),
    )
  }

  function committed(ref: string, message: Bytes, changes: { readonly [path: string]: Bytes }): string {
    const parent = readRef(git, ref)
    const files = new Map(parent === undefined ? [] : filesOf(ref, parent))
    for (const [path, contents] of Object.entries(changes)) files.set(path, writeObject(git, 'blob', contents))
    const ann = `Ann <ann@example.org> ${clock} +0000`
    const header = [
      `tree ${writeTree(git, files)}\n`,
      ...(parent === undefined ? [] : [`parent ${parent}\n`]),
      `author ${ann}\ncommitter ${ann}\n\n`,
    ]
    const payload = Buffer.concat([Buffer.from(header.join('')), Buffer.from(message as string)])
    const id = writeObject(git, 'commit', payload)
    writeRef(git, ref, id)
    tips.set(ref, { id, files })
    return id
  }

  return {
    ...scratch,
    commit(message, files = {}) {
      clock += 60
      for (const [path, contents] of Object.entries(files)) scratch.write(path, contents)
      return committed('refs/heads/main', message, files)
    },
    note(commit, contents, ref = 'refs/notes/ai') {
      committed(ref, 'note', { [commit]: contents })
    },
  }
}
