/** Commits as `git log` prints them: what stands in the header of each, and its message. */
import type { Person } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { CommitHeader } from '../change/visited.ts'
import { forEachField } from './fields.ts'

/** What `git log` prints so that {@link readCommits} can read it. */
export const logArgs: readonly string[] = [
  'log',
  '-z',
  '--encoding=UTF-8',
  // No name holds a line end: git ends it there.
  '--format=%H%n%T%n%at%n%ct%n%P%n%an%n%ae%n%cn%n%ce%x00%B',
]

/** The output of a git with {@link logArgs}, commit by commit, in its order; see `forEachCommit` (history.ts). */
export async function readCommits(
  source: AsyncIterable<Buffer>,
  visit: (header: CommitHeader, message: Buffer, whole: boolean) => void,
): Promise<number> {
  let total = 0
  let header: CommitHeader | undefined
  const peopleOf = newPeople()
  await forEachField(source, limits.commitMessageBytes, (field, whole) => {
    if (header === undefined) {
      header = headerIn(field, peopleOf)
      return
    }
    total += 1
    visit(header, field, whole)
    header = undefined
  })
  return total
}

/** Ids as strings of their own: a part of a string keeps all of it in memory. */
function headerIn(field: Buffer, peopleOf: PeopleOf): CommitHeader {
  const text = field.toString('latin1')
  const idEnd = text.indexOf('\n')
  const treeEnd = text.indexOf('\n', idEnd + 1)
  const authoredEnd = text.indexOf('\n', treeEnd + 1)
  const committedEnd = text.indexOf('\n', authoredEnd + 1)
  const parentsEnd = text.indexOf('\n', committedEnd + 1)
  const parents = field.toString('latin1', committedEnd + 1, parentsEnd)
  const { author, committer } = peopleOf(text.slice(parentsEnd + 1))
  return {
    commit: field.toString('latin1', 0, idEnd),
    tree: field.toString('latin1', idEnd + 1, treeEnd),
    parents: parents === '' ? [] : parents.split(' '),
    author,
    committer,
    authored: Number(text.slice(treeEnd + 1, authoredEnd)),
    committed: Number(text.slice(authoredEnd + 1, committedEnd)),
  }
}

type PeopleOf = (lines: string) => Pick<CommitHeader, 'author' | 'committer'>

/** More people than work on anything; a history of made-up ones must not fill the memory. */
const mostPeople = 10_000

/**
 * Few people make many commits: each is one object, and so are each two of author and committer. `lines` are the bytes of their
 * names and addresses as Latin-1: who is known already costs no decoding.
 */
function newPeople(): PeopleOf {
  const people = new Map<string, Person>()
  const pairs = new Map<string, ReturnType<PeopleOf>>()

  function personOf(name = '', address = ''): Person {
    const key = `${name}\n${address}`
    const known = people.get(key)
    if (known !== undefined) return known
    const [ownName = '', ownAddress = ''] = Buffer.from(key).toString().split('\n')
    const person = { name: ownName, address: ownAddress }
    if (people.size === mostPeople) people.clear()
    people.set(key, person)
    return person
  }

  return (lines) => {
    const known = pairs.get(lines)
    if (known !== undefined) return known
    const bytes = Buffer.from(lines, 'latin1')
    const [name, address, byName, byAddress] = bytes.toString('utf8').split('\n')
    const pair = { author: personOf(name, address), committer: personOf(byName, byAddress) }
    if (pairs.size === mostPeople) pairs.clear()
    pairs.set(bytes.toString('latin1'), pair)
    return pair
  }
}
