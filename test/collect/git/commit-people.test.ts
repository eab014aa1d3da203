/** Who made a commit, read by a reader that knows those before it, against one that knows nobody. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commitReader } from '../../../src/collect/git/commit-object.ts'
import { runs } from '../../world/runs.ts'

const id = 'a'.repeat(40)
const usual = ' 1700000000 +0000'

/** A person without an address, and somebody whose line begins as theirs. */
function beginsSo(line: string): [string, string][] {
  return ['Ann >' + usual, line].map((it) => [it, it])
}

test('who made the commit before says nothing of who made this one', () => {
  // Some are the beginning of others, end as a time does, or have no end.
  const person = fc.constantFrom(
    'Ann <a@x>',
    'Ann <a@x> <b@x>',
    'Ann <a@x> 1700000000 +0000 <b@x>',
    'Ann <a@x',
    'Ann',
    'Ann >',
    'Ann ><a@x>',
    'Ann ><a@x> 000000 +000',
    '<a@x>',
    'Bo <a@x>',
    '> 1700000000 +0000',
    '',
  )
  const time = fc.constantFrom(
    ' 1700000000 +0000',
    ' 1700000001 -0130',
    '> 1700000000 +0000',
    ' 1 +0000',
    ' 1700000000',
    '',
  )
  const line = fc.tuple(person, time).map((it) => it.join(''))
  fc.assert(
    fc.property(fc.array(fc.tuple(line, line), { maxLength: 8 }), (commits) => {
      const known = commitReader(40)
      for (const [author, committer] of commits) {
        const object = Buffer.from(`tree ${id}\nauthor ${author}\ncommitter ${committer}\n\nwhy\n`)
        expect(known(id, object, undefined)).toEqual(commitReader(40)(id, object, undefined))
      }
    }),
    { numRuns: runs(2_000), examples: [[beginsSo(`Ann ><a@x>${usual}`)], [beginsSo('Ann ><a@x> 000000 +000')]] },
  )
})
