/** From the artifact to its source: somebody who guards the repository signed the very commit that was built. */
import { certifiedBuild, compilePattern } from '../../../model/identity.ts'
import type { ChangeSource } from '../../../model/predicate.ts'
import type { PolicySections } from '../../../model/policy.ts'
import { unseen } from '../row.ts'
import type { PolicyRule, RuleResult, Seen } from '../row.ts'

type Asked = NonNullable<NonNullable<PolicySections['provenance']>['sourceChain']>

export const sourceChain: PolicyRule = {
  id: 'provenance/source-chain',
  hint: 'let the guard of the source sign the commit, and give the statement of changes that says so',
  check({ provenance: asked }, seen) {
    return asked?.sourceChain === undefined ? undefined : chainOf(asked.sourceChain, seen)
  },
}

function chainOf({ signers, controls = [], levels = [] }: Asked, { provenance, ai }: Seen): RuleResult[] {
  const expected = `a statement about the source commit by one of ${signers.length} signers`
  const { signatory } = provenance.signed
  const commit = certifiedBuild(signatory.kind === 'certificate' ? signatory.identity.extensions : {}).commit
  if (commit === undefined) return [unseen(expected, 'the certificate names no commit')]
  if (ai.changes === undefined) return [unseen(expected, 'no statement of changes')]
  const at = { commit }
  const change = ai.changes.find((it) => it.commit === commit)
  if (change?.source === undefined) return [{ ...unseen(expected, 'nothing is said of this commit'), at }]
  const patterns = signers.map((it) => ({
    signer: compilePattern(it.signer, 'the signer'),
    issuer: compilePattern(it.issuer, 'the issuer'),
  }))
  // A summary of a "no" proves nothing of the commit.
  const trusted = change.source.filter(
    (it) =>
      it.result !== 'FAILED' &&
      patterns.some(({ signer, issuer }) => signer.matches(it.signer) && issuer.matches(it.issuer)),
  )
  const unproved = { outcome: 'fail', code: 'source-unproved', at } as const
  const [first] = trusted
  if (first === undefined) {
    const found = change.source.map(({ signer }) => signer).join(', ')
    return [{ ...unproved, expected, found: found === '' ? 'none' : found }]
  }
  return [
    { outcome: 'pass', at, expected, found: trusted.map(({ signer }) => signer).join(', ') },
    ...controls.map((it): RuleResult =>
      told(
        it,
        trusted.some(({ controls: found }) => found.includes(it)),
      ),
    ),
    ...levels.map((it): RuleResult =>
      told(
        it,
        trusted.some((statement) => hasLevel(statement, it)),
      ),
    ),
  ]

  function told(word: string, isThere: boolean): RuleResult {
    const common = { at, expected: word, found: isThere ? word : 'not said by these signers' }
    return isThere ? { outcome: 'pass', ...common } : { ...unproved, ...common }
  }
}

/** A level of SLSA includes those below it in its track. */
function hasLevel({ levels }: ChangeSource, asked: string): boolean {
  const [, track, least] = slsaLevel.exec(asked) ?? []
  return levels.some((it) => {
    const [, found, level] = slsaLevel.exec(it) ?? []
    return it === asked || (track !== undefined && found === track && Number(level) >= Number(least))
  })
}

const slsaLevel = /^SLSA_([A-Z]+)_LEVEL_([0-9])$/
