/** A repository of our own over the objects of another, with all its refs: what is under test never writes into the original. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { git } from './git.ts'

/** A clean work tree in which every file of the last commit counts as left out, as in a sparse checkout. */
export function copyOf(original: string): string {
  const common = resolve(original, git(original, ['rev-parse', '--git-common-dir']).trim())
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'evidence-counter-'))
  git(folder, ['init', '--quiet', '.'])
  writeFileSync(join(folder, '.git/objects/info/alternates'), `${join(common, 'objects')}\n`)
  const refs = git(original, ['for-each-ref', '--format=%(objectname) %(refname)'])
  writeFileSync(join(folder, '.git/packed-refs'), refs)
  const head = git(original, ['symbolic-ref', 'HEAD']).trim()
  git(folder, ['symbolic-ref', 'HEAD', head])
  git(folder, ['read-tree', 'HEAD'])
  const files = git(folder, ['ls-files', '-z'])
  git(folder, ['update-index', '-z', '--skip-worktree', '--stdin'], files)
  mkdirSync(join(folder, '.git/info'), { recursive: true })
  return folder
}
