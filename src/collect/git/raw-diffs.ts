/**
 * Whether commits change the same, as far as their trees tell: which files, from which contents to which. Nothing is read but
 * trees, so a pair costs a tenth of what its patches would.
 */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { forEachField } from './fields.ts'
import { streamGit } from './process.ts'
import { isObjectId } from './repository.ts'
import type { Repository } from './repository.ts'

/**
 * - `same`: the same files, contents and modes, before and after; and not none
 * - `other`: other files, or such as have names that are not read whole
 * - `open`: the same files with other contents, as where somebody else had changed another part of one
 */
export type Likeness = 'same' | 'other' | 'open'

const args = ['diff-tree', '--stdin', '--always', '--root', '-r', '--raw', '-z', '--no-abbrev', '--no-renames']

/** PATH_MAX, with room. */
const fieldBytes = 16 * 1024

/** How alike the changes of each pair of commits are, in their order. One process. Errors: `git-failed`. */
export async function compareChanges(
  repository: Repository,
  pairs: Iterable<readonly [string, string]>,
): Promise<Likeness[]> {
  const likenesses: Likeness[] = []
  const input = [...pairs].flat()
  if (input.length === 0) return likenesses
  let first: Digests | undefined
  let open: OpenDiff | undefined
  const close = (): void => {
    if (open === undefined) return
    const digests = digestsOf(open)
    open = undefined
    if (first === undefined) first = digests
    else {
      likenesses.push(likenessOf(first, digests))
      first = undefined
    }
  }
  let isPath = false
  await forEachField(streamGit(repository.git, args, `${input.join('\n')}\n`), fieldBytes, (field, whole) => {
    if (isPath) {
      open?.paths.update(field).update('\0')
      isPath = false
    } else if (field[0] === colon) {
      isPath = true
    } else if (isObjectId(repository, field.toString('latin1'))) {
      close()
      open = { whole: createHash('sha256'), paths: createHash('sha256'), isEmpty: true, isCut: false }
      return
    }
    if (open === undefined) return
    open.whole.update(field).update('\0')
    open.isEmpty = false
    open.isCut ||= !whole
  })
  close()
  return likenesses
}

const colon = 0x3a

interface OpenDiff {
  readonly whole: Hash
  readonly paths: Hash
  isEmpty: boolean
  isCut: boolean
}

type Digests = { readonly [part in 'whole' | 'paths']: string } & Readonly<Pick<OpenDiff, 'isEmpty' | 'isCut'>>

function digestsOf({ whole, paths, isEmpty, isCut }: OpenDiff): Digests {
  return { whole: whole.digest('base64'), paths: paths.digest('base64'), isEmpty, isCut }
}

function likenessOf(a: Digests, b: Digests): Likeness {
  if (a.paths !== b.paths || a.isEmpty || a.isCut || b.isCut) return 'other'
  return a.whole === b.whole ? 'same' : 'open'
}
