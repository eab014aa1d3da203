/**
 * Which sessions wrote a line of what is about to be committed. Having been seen here is not enough, nor is a file that was edited
 * once and put back since: a line that the session wrote must be among those that this commit adds to the same file.
 */
import { askGit } from './git.ts'
import { unique } from './environment-sessions.ts'
import type { SessionName } from './session-name.ts'
import { lineKey } from './state.ts'
import type { PendingEdit } from './state.ts'

/** In the order of their first edit. */
export function sessionsStaged(edits: readonly PendingEdit[], patch: string | undefined): SessionName[] {
  if (edits.length === 0 || patch === undefined) return []
  const added = addedKeys(patch, new Set(edits.map(({ path }) => path)))
  return unique(
    edits
      .filter(({ path, lines }) => {
        const keys = added.get(path)
        return keys !== undefined && lines.some((it) => keys.has(it))
      })
      .map(({ session }) => session),
  )
}

const longestArguments = 64 * 1024

/** The staged change of these files, as a patch. */
export function stagedPatch(paths: readonly string[]): string | undefined {
  const names = [...new Set(paths)].filter((it) => !it.includes('\0'))
  // A command line has an end; then the whole change is asked for.
  const asked = names.join(' ').length > longestArguments ? [] : names
  const args = ['--no-pager', '--literal-pathspecs', '-c', 'core.quotePath=false', 'diff', '--cached', '--unified=0']
  const options = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/']
  return askGit([...args, ...options, '--', ...asked])
}

/** File → keys of the lines that a patch adds to it. */
function addedKeys(patch: string, paths: ReadonlySet<string>): Map<string, Set<string>> {
  const added = new Map<string, Set<string>>()
  let keys: Set<string> | undefined
  let isHeader = true
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) {
      isHeader = true
      keys = undefined
    } else if (isHeader && line.startsWith('+++ ')) {
      const path = line.slice(4).replace(/\t$/, '').replace(/^b\//, '')
      keys = paths.has(path) ? new Set() : undefined
      if (keys !== undefined) added.set(path, keys)
    } else if (line.startsWith('@@ ')) {
      isHeader = false
    } else if (!isHeader && line.startsWith('+')) {
      const key = lineKey(line.slice(1))
      if (key !== undefined) keys?.add(key)
    }
  }
  return added
}
