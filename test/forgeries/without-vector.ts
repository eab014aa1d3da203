/** Forgeries that no folder of `fixtures/bundles/forged` has, and why: nothing that one file of bundles could show. */

const job = 'the job that attests is attacked: no bundle is made, and none is verified'
const token = 'the job gets a forged token: those are in `fixtures/tokens/forged` (another-key, unsigned)'
const folder = 'a bundle is missing: there is none to hand to a verifier'
const policy = 'policies and waivers are of Countersign alone; a verifier of bundles has none'

const reasons: readonly (readonly [why: string, ids: readonly string[]])[] = [
  [job, ['A2', 'A3', 'P12', 'P12b', 'P12c', 'P12d', 'P12e', 'P12f', 'P12g']],
  [token, ['A1', 'A1b']],
  [folder, ['33', '33b']],
  [policy, ['W1', 'W2', 'W2b', 'W3', 'W4', 'W5', 'W6', 'W7', 'W7b', 'W7c']],
  ['which rebuilds are independent is asked of statements that were verified before', ['B5', 'B5b']],
  ['two files of one run are mixed up; each of them verifies', ['P17e']],
  ['40 MB: a genuine bundle with 41,943,040 blanks behind its first `{`', ['P10']],
  ['half a megabyte: the text `{"a":`, 100,000 times', ['P10b']],
]

export const withoutVector: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([why, ids]) => ids.map((id) => [id, why] as const)),
)
