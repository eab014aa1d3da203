/**
 * Whether a commit is a whole pull request, squashed: its tree is that of the request's head, or the one that git gets by merging
 * the head into the commit's parent. What a forge did is done again, and nothing that somebody wrote is believed.
 */
import { streamGit } from '../git/process.ts'
import type { Git } from '../git/process.ts'
import { forEachField } from '../git/fields.ts'
import { isObjectId } from '../git/repository.ts'
import type { Repository } from '../git/repository.ts'
import { CountersignError } from '../../errors.ts'
import { headsAbove } from './heads-above.ts'
import type { Candidate } from './heads-above.ts'
import { inWorkshop } from './workshop.ts'

/**
 * - `same-tree`, `merge`: proved, and how
 * - `not-squash`: a merge, a first commit, one that changes nothing, or the head itself
 * - `above`: the head was made on top of the change
 * - `differs`: another head, or one that went on after it was merged
 * - `unknown`: git could not merge them here (objects that a partial clone left out)
 */
export type Proof = 'same-tree' | 'merge' | 'not-squash' | 'above' | 'differs' | 'unknown'

/**
 * The proof of each, in their order; `since` is where the range of the changes begins. Four processes, however many there are. Errors:
 * `git-failed`.
 */
export async function proveSquashes(
  repository: Repository,
  candidates: readonly Candidate[],
  since: string | null,
): Promise<Proof[]> {
  if (candidates.length === 0) return []
  const shapes = await shapesOf(repository, candidates)
  const here = candidates.filter(
    (_, index) => shapes[index]?.tree !== undefined && shapes[index].headTree !== undefined,
  )
  const above = await headsAbove(repository, here, since)
  const proofs = candidates.map((candidate, index): Proof | undefined => {
    const { tree, parent, parentTree, headTree, isMerge, isHead } = shapes[index] ?? nothing
    if (isMerge || isHead || parent === undefined || tree === parentTree) return 'not-squash'
    if (above.has(candidate)) return 'above'
    if (tree === undefined || headTree === undefined) return 'unknown'
    return tree === headTree ? 'same-tree' : undefined
  })
  const open = proofs.flatMap((proof, index) => (proof === undefined ? [index] : []))
  const pairs = open.map((index) => `${shapes[index]?.parent} ${candidates[index]?.head}`)
  const trees = pairs.length === 0 ? [] : await inWorkshop(repository, (git) => mergeAll(git, pairs))
  for (const [at, index] of open.entries()) {
    const tree = trees[at]
    proofs[index] = tree === undefined ? 'unknown' : tree === shapes[index]?.tree ? 'merge' : 'differs'
  }
  return proofs.map((proof) => proof ?? 'unknown')
}

/** Trees and parents of a candidate; undefined where there is no such object. */
interface Shape {
  readonly tree: string | undefined
  readonly parent: string | undefined
  readonly parentTree: string | undefined
  readonly headTree: string | undefined
  readonly isMerge: boolean
  readonly isHead: boolean
}

const nothing: Partial<Shape> = {}

async function shapesOf(repository: Repository, candidates: readonly Candidate[]): Promise<Shape[]> {
  const names = candidates.flatMap(({ change, head }) => [
    ...[`${change}^{tree}`, `${change}^1`, `${change}^1^{tree}`, `${change}^2`],
    `${head}^{tree}`,
  ])
  const ids = await idsOf(repository, names)
  return candidates.map(({ change, head }, index) => {
    const [tree, parent, parentTree, second, headTree] = ids.slice(index * 5, index * 5 + 5)
    return { tree, parent, parentTree, headTree, isMerge: second !== undefined, isHead: change === head }
  })
}

async function idsOf(repository: Repository, names: readonly string[]): Promise<(string | undefined)[]> {
  const parts: Buffer[] = []
  const args = ['cat-file', '--batch-check=%(objectname)']
  for await (const chunk of streamGit(repository.git, args, `${names.join('\n')}\n`)) parts.push(chunk)
  const lines = Buffer.concat(parts).toString('latin1').split('\n')
  return names.map((_, index) => {
    const line = lines[index] ?? ''
    return isObjectId(repository, line) ? line : undefined
  })
}

/** A conflict lists its files; the longest path has 4,096 bytes. */
const fieldBytes = 8_192
/** Each time that git gives up at a pair it is started again behind it. */
const mostStarts = 16

/** The tree of each merge `ours theirs`, also of one with conflicts; undefined where there is none. */
async function mergeAll(git: Git, pairs: readonly string[]): Promise<(string | undefined)[]> {
  const trees: (string | undefined)[] = []
  for (let starts = 0; trees.length < pairs.length && starts < mostStarts; starts += 1) {
    const rest = pairs.slice(trees.length)
    const isWhole = await mergeSome(git, rest, (tree) => trees.push(tree))
    if (!isWhole) trees.push(undefined)
  }
  return trees
}

// A fatal error at one pair would end all of them; those without a common ancestor are merged as if both had begun with nothing.
const mergeArgs = ['merge-tree', '--write-tree', '--stdin', '--no-messages', '--allow-unrelated-histories']

/** Whether git came to the end. */
async function mergeSome(
  git: Git,
  pairs: readonly string[],
  found: (tree: string | undefined) => void,
): Promise<boolean> {
  let fields: string[] = []
  let answers = 0
  try {
    await forEachField(streamGit(git, mergeArgs, `${pairs.join('\n')}\n`), fieldBytes, (field) => {
      if (field.length > 0) {
        // Status and tree; what follows are files with conflicts.
        if (fields.length < 2) fields.push(field.toString('latin1'))
        return
      }
      const [status, tree] = fields
      found(status === '1' ? tree : status === '0' ? 'conflicts' : undefined)
      answers += 1
      fields = []
    })
    return answers === pairs.length
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || git.signal?.aborted === true) throw thrown
    return answers >= pairs.length
  }
}
