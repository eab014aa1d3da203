/** Repositories whose commits and notes are made by one process each, for those who read history and never the work tree. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { scratchRepository } from './scratch-repository.ts'
import type { Scratch } from './scratch-repository.ts'

type Bytes = string | Buffer

/**
 * As `scratchRepository`, but that nothing is staged: a commit holds the files of the one before it and those that it is given,
 * which are written to the work tree too.
 */
export function streamedRepository(): Scratch {
  const scratch = scratchRepository()
  let clock = 1_700_000_000

  function imported(ref: string, message: Bytes, changes: readonly Bytes[]): string {
    const from = existsSync(join(scratch.folder, '.git', ref)) ? `from ${ref}^0\n` : ''
    const stream = [
      `commit ${ref}\nmark :1\ncommitter Ann <ann@example.org> ${clock} +0000\n`,
      ...[...data(message), from, ...changes, '\nget-mark :1\n'],
    ]
    return scratch.git(['fast-import', '--quiet'], Buffer.concat(stream.map((it) => Buffer.from(it as string))))
  }

  return {
    ...scratch,
    commit(message, files = {}) {
      clock += 60
      for (const [path, contents] of Object.entries(files)) scratch.write(path, contents)
      const changes = Object.entries(files).flatMap(([path, it]) => [`M 100644 inline ${path}\n`, ...data(it)])
      return imported('refs/heads/main', message, changes)
    },
    note(commit, contents, ref = 'refs/notes/ai') {
      imported(ref, 'note', [`N inline ${commit}\n`, ...data(contents)])
    },
  }
}

const data = (bytes: Bytes): Bytes[] => [`data ${Buffer.byteLength(bytes)}\n`, bytes, '\n']
