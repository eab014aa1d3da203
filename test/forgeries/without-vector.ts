/** Forgeries that no folder of `fixtures/bundles/forged` has, and why: nothing that files for a verifier could show. */

const links =
  'the job that attests is attacked by a link in its checkout: no bundle is made, and not every file system keeps links'
const output = 'the job that attests is attacked by what lies where it writes: no bundle is made'
const checkout = 'the job that attests is refused for what its checkout has: no bundle is made'
const token = 'the job gets a forged token: those are in `fixtures/tokens/forged` (another-key, unsigned)'
const missing = 'a bundle is missing: there is none to hand to a verifier'

const reasons: readonly (readonly [why: string, ids: readonly string[]])[] = [
  [links, ['P12', 'P12b', 'P12c', 'P12d', 'P12e', 'P12f']],
  [output, ['P12g']],
  [checkout, ['A2', 'A3']],
  [token, ['A1', 'A1b']],
  [missing, ['33', '33b']],
]

export const withoutVector: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([why, ids]) => ids.map((id) => [id, why] as const)),
)
