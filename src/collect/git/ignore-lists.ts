/**
 * What the commit itself says is to be ignored: its .gitignore files as one list. Git reads whichever .gitignore lies in the
 * work tree, and whatever ran before can write one that ignores itself together with all that lies beside it.
 */
import { readBlobs } from './objects.ts'
import type { Repository } from './repository.ts'

/** A .gitignore that is tracked. */
export interface IgnoreFile {
  /** From the root, in the bytes of its name as Latin-1; '' is the root. */
  readonly folder: string
  /** Id of its blob. */
  readonly id: string
}

/** The largest one of GitHub's templates has 8 kB. One that is larger hides nothing, so that more is told, not less. */
const listBytes = 1024 * 1024
/** Git holds every line against every untracked file. */
const allBytes = 8 * 1024 * 1024

/** A list of patterns for `--exclude-from`, in Latin-1, as all bytes of git here. Errors: `object-altered`, `git-failed`. */
export async function ignoreList(repository: Repository, files: readonly IgnoreFile[]): Promise<string> {
  // A nearer list speaks last, and the last word counts.
  const sorted = [...files].sort((a, b) => depthOf(a.folder) - depthOf(b.folder))
  const lines: string[] = []
  let bytes = 0
  const ids = sorted.map((it) => it.id)
  for await (const { index, contents } of readBlobs(repository, ids, listBytes)) {
    if (typeof contents === 'string') continue
    bytes += contents.length
    if (bytes > allBytes) break
    lines.push(...patternsFromRoot(sorted[index]?.folder ?? '', contents.toString('latin1')))
  }
  return lines.map((line) => `${line}\n`).join('')
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length
}

/** UTF-8 of U+FEFF, read as Latin-1. Git skips it where a file begins. */
const byteOrderMark = '\u00ef\u00bb\u00bf'

/** The patterns of the .gitignore in a folder, as the root would have to say them (gitignore(5)). */
export function patternsFromRoot(folder: string, text: string): string[] {
  // No pattern can name such a folder.
  if (folder.includes('\n')) return []
  const start = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0
  return text
    .slice(start)
    .split('\n')
    .flatMap((line) => (line.startsWith('#') ? [] : patternFromRoot(folder, trimmed(line))))
}

function patternFromRoot(folder: string, line: string): string[] {
  const [sign, pattern] = line.startsWith('!') ? ['!', line.slice(1)] : ['', line]
  const rest = pattern.startsWith('/') ? pattern.slice(1) : pattern
  // Nothing has an empty name; below a folder such a pattern would mean the folder itself.
  if (rest === '' || rest === '/') return []
  if (folder === '') return [line]
  const isOfAnyDepth = !pattern.slice(0, -1).includes('/')
  return [`${sign}/${escaped(folder)}/${isOfAnyDepth ? '**/' : ''}${isOfAnyDepth ? pattern : rest}`]
}

/** As git takes a line: up to a NUL, without one carriage return, and without spaces at its end that no backslash keeps. */
function trimmed(line: string): string {
  const [text = ''] = line.replace(/\r$/, '').split('\0')
  const kept = text.replace(/ +$/, '')
  const backslashes = kept.length - kept.replace(/\\+$/, '').length
  return text.slice(0, kept.length + (backslashes % 2))
}

function escaped(folder: string): string {
  return folder.replace(/[\\*?[]/g, (mark) => `\\${mark}`)
}
