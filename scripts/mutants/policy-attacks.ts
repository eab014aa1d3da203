/** What somebody tried against a policy as a whole, and a rule that keeps each from working. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['policy/attacks.test.ts']

export const policyAttacks: readonly Edit[] = [
  ...inFile('verify/judge-policy.ts', attacks, [
    {
      rule: 'What no rule has looked at, taken for a pass',
      find: "if (verdict.outcome === 'pass')",
      replace: 'if (false)',
    },
  ]),

  ...inFile('verify/judge.ts', attacks, [
    {
      rule: 'A strict question beside a policy',
      find: '|| narrowedBy.some(isStrict)',
      replace: '|| (narrowedBy.some(isStrict) && false)',
    },
  ]),

  ...inFile('policy/apply-policy.ts', attacks, [
    {
      rule: 'A row that refuses behind a crowd of warnings',
      find: 'severities.indexOf(a.severity) - severities.indexOf(b.severity)',
      replace: '0 * severities.indexOf(a.severity) * severities.indexOf(b.severity)',
    },
  ]),
]
