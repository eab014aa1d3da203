/** Which rules of a policy nobody can waive: who signed, what is revoked, and whether the policy itself is still good. */

const families: readonly string[] = ['identity', 'revoked', 'policy']

/** By its family: a row that a later version adds to one of these cannot be waived either. */
export function isWaivable(rule: string): boolean {
  const [family = ''] = rule.split('/')
  return !families.includes(family)
}
