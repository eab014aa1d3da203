/** What changed in the files that sessions edited, as git tells it whatever its configuration says. */
import { patchPath } from '../model/patch-path.ts'
import { lineKey } from './edits.ts'
import { askGit } from './git.ts'

/** Keys of the lines of a file that a change adds and takes away. */
export interface FileChange {
  readonly added: Set<string>
  readonly removed: Set<string>
  readonly isGone: boolean
}

/** By path, from the root of the working tree. */
export type Changes = Map<string, FileChange>

/** What is staged, beyond HEAD. Undefined where git fails or has too much to say. */
export function stagedChanges(paths: ReadonlySet<string>): Changes | undefined {
  const changes = changesIn(patch(['diff', '--cached'], paths), paths)
  const gone = [...(changes ?? [])].filter(([, { isGone }]) => isGone).map(([path]) => path)
  if (changes === undefined || gone.length === 0) return changes
  const names = renames().filter(([from]) => gone.includes(from))
  const targets = new Set(names.map(([, to]) => to))
  const there = targets.size === 0 ? undefined : changesIn(patch(['diff', '--cached'], targets), targets)
  for (const [from, to] of names) for (const key of there?.get(to)?.added ?? []) changes.get(from)?.added.add(key)
  return changes
}

/** What the working tree has beyond HEAD; undefined as above. */
export function workingChanges(paths: ReadonlySet<string>): Changes | undefined {
  return changesIn(patch(['diff', 'HEAD'], paths), paths)
}

/** What commits changed from which HEAD comes, and this one does not; of many the last. Undefined as above. */
export function changesSince(commit: string, paths: ReadonlySet<string>): Changes | undefined {
  const args = ['log', '--patch', '-m', '--no-show-signature', '--format=', `--max-count=${mostCommits}`]
  return changesIn(patch([...args, `${commit}..HEAD`], paths), paths)
}

const mostCommits = 500

/** What HEAD changed, and its id; undefined where it changed none of these files. */
export function headChanges(paths: ReadonlySet<string>): { commit: string; changes: Changes } | undefined {
  const text = patch(['diff-tree', '-r', '--root', '-m', '--patch', 'HEAD'], paths)
  const changes = changesIn(text, paths)
  const commit = /^[0-9a-f]{40,64}(?=\n)/.exec(text ?? '')?.[0]
  return changes === undefined || changes.size === 0 || commit === undefined ? undefined : { commit, changes }
}

const longestArguments = 64 * 1024

function patch([command = '', ...args]: readonly string[], paths: ReadonlySet<string>): string | undefined {
  // A command line has an end; then the whole change is asked for.
  const asked = [...paths].join(' ').length > longestArguments ? [] : paths
  return askGit([
    ...['--no-pager', '--literal-pathspecs', '-c', 'core.quotePath=false', command, ...args],
    // --text: an attribute cannot hide a file as binary.
    ...['--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--text'],
    ...['--src-prefix=a/', '--dst-prefix=b/', '--', ...asked],
  ])
}

/** Old name → new one, of what is staged. */
function renames(): [from: string, to: string][] {
  const args = ['--find-renames', '--diff-filter=R', '--name-status', '-z', '--no-ext-diff']
  const told = askGit(['--no-pager', 'diff', '--cached', ...args])?.split('\0') ?? []
  return told.flatMap((from, at): [string, string][] => {
    const to = told[at + 1]
    return at % 3 === 1 && to !== undefined ? [[from, to]] : []
  })
}

/** Those of these files that a patch of git changes. */
export function changesIn(text: string | undefined, paths: ReadonlySet<string>): Changes | undefined {
  if (text === undefined) return undefined
  const changes: Changes = new Map()
  let file: FileChange | undefined
  let from: string | undefined
  let isHeader = true
  for (const line of text.split('\n')) {
    if (line.startsWith('diff --git ')) {
      isHeader = true
      file = from = undefined
    } else if (isHeader && line.startsWith('--- ')) from = patchPath(line.slice(4), 'a/')
    else if (isHeader && line.startsWith('+++ ')) {
      const to = patchPath(line.slice(4))
      const path = to ?? from
      if (path === undefined || !paths.has(path)) continue
      file = changes.get(path) ?? { added: new Set(), removed: new Set(), isGone: to === undefined }
      changes.set(path, file)
    } else if (line.startsWith('@@ ')) isHeader = false
    else if (!isHeader && /^[+-]/.test(line)) {
      const key = lineKey(line.slice(1))
      if (key !== undefined) file?.[line.startsWith('+') ? 'added' : 'removed'].add(key)
    }
  }
  return changes
}
