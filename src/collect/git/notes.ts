/** A ref of git notes: which blob stands for which commit. */
import { CountersignError, attemptAsync } from '../../errors.ts'
import { once } from './lent-gits.ts'
import { gitFailure, runGit } from './process.ts'
import type { Answer } from './process.ts'
import { isObjectId } from './repository.ts'
import type { Repository } from './repository.ts'
import { walkTrees } from './trees.ts'

/** The commit of the notes; undefined without such a ref. A ref that cannot be read is a `git-failed`. */
export async function notesTree({ git }: Repository, notesRef: string): Promise<string | undefined> {
  if (notesRef.startsWith(allNotes)) {
    const listed = await once(git, allNotes, () => attemptAsync(() => runGit(git, listing(allNotes))))
    // Where something is the matter with the others, only an answer about this one tells.
    const isClean = !(listed instanceof CountersignError) && listed.status === 0 && listed.stderr === ''
    if (isClean) return treeIn(listed, notesRef)
  }
  const answer = await runGit(git, listing(notesRef))
  if (answer.status !== 0 || answer.stderr.includes('broken ref')) throw gitFailure(listing(notesRef), answer)
  return treeIn(answer, notesRef)
}

const allNotes = 'refs/notes/'

function listing(pattern: string): string[] {
  return ['for-each-ref', '--format=%(objectname) %(refname)', pattern]
}

function treeIn({ stdout }: Answer, notesRef: string): string | undefined {
  const lines = stdout.toString('utf8').split('\n')
  return lines.find((line) => line.endsWith(` ${notesRef}`))?.split(' ')[0]
}

/** Git fans out the notes of 16 million commits into as many; a few trees that hold one another have more. */
const mostFolders = 66_000

/** Commit → blob, for every commit that the notes name; null where there are two. */
export type NoteBlobs = ReadonlyMap<string, string | null>

/**
 * The notes of a tree. The name of an entry is the id of the
 * commit, with slashes after every second digit where git has fanned out the tree; both forms can stand in one tree. Not
 * `git notes list`: it would write a merged note where one is double.
 */
export async function listNotes(repository: Repository, tree: string): Promise<NoteBlobs> {
  const blobOf = new Map<string, string | null>()
  let folders = 0
  await walkTrees(repository, tree, ({ path, type, id }) => {
    if (type === 'tree') {
      if (!/^(?:[0-9a-f]{2}\/)*[0-9a-f]{2}$/.test(path)) return false
      folders += 1
      if (folders > mostFolders)
        throw new CountersignError('git-failed', `the notes lie in more than ${mostFolders} folders`)
      return true
    }
    const commit = path.replaceAll('/', '')
    const isNote = type === 'blob' && isObjectId(repository, commit) && /^(?:[0-9a-f]{2}\/)*[0-9a-f]+$/.test(path)
    if (isNote) blobOf.set(commit, blobOf.has(commit) ? null : id)
    return false
  })
  return blobOf
}
