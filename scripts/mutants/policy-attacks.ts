/** What somebody tried against a policy as a whole, and a rule that keeps each from working. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['policy/attacks.test.ts']
const evaded = ['policy/ai/evaded.test.ts']

export const policyAttacks: readonly Edit[] = [
  ...inFile(
    'policy/apply-policy.ts',
    ['policy/policy.test.ts'],
    [
      {
        rule: 'A policy that is good where nobody says when',
        find: 'Date.parse(expires) > Date.parse(now)',
        replace: 'expires > now',
      },
    ],
  ),

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

  ...inFile('verify/judge-policy.ts', attacks, [
    {
      rule: 'Attestations that contradict each other under a policy',
      find: 'if (contradicted !== undefined)',
      replace: 'if (contradicted !== undefined && said.length < 0)',
    },
    {
      rule: 'A signer of a policy who contradicts another one, and is not heard',
      find: 'said.push(judgement.among ?? nobody)',
      replace: 'if (said.length === 0) said.push(judgement.among ?? nobody)',
    },
    {
      rule: 'A statement that a policy asks for beside, and that contradicts what it is beside',
      find: 'said.push({ passing: named.filter',
      replace: 'void ({ passing: named.filter',
    },
  ]),
  ...inFile('policy/ai-evidence.ts', attacks, [
    {
      rule: 'A session that cannot be read, taken for none',
      find: '...unreadSessions(build.resolvedDependencies)',
      replace: '...unreadSessions([])',
    },
  ]),

  ...inFile('predicates/change-provenance.ts', attacks, [
    {
      rule: 'Lines below nothing, of a change',
      find: 'const amount = () => z.number().check(z.minimum(0))',
      replace: 'const amount = () => z.number()',
    },
  ]),

  ...inFile(
    'policy/cel/own-rules.ts',
    ['policy/own-rules.test.ts'],
    [
      {
        rule: 'A chain in an expression that takes all of the stack',
        find: 'if (isDeeper(expression.expr, limits.celLinks))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'attest/verification-summary.ts',
    ['attest/verification-summary.test.ts'],
    [
      {
        rule: 'A summary under another profile of the same file',
        find: "policy.profile === undefined ? '' : `#${policy.profile}`",
        replace: "''",
      },
    ],
  ),

  ...inFile(
    'verify/open-policy.ts',
    ['policy/files.test.ts'],
    [
      {
        rule: 'A policy that is another one when it is read again',
        find: 'known.set(path, bytes)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'verify/approved-policy.ts',
    ['policy/files.test.ts'],
    [
      {
        rule: 'A pipe beside a policy, in the place of its bundle',
        find: "bundle === undefined ? 'found' : 'named'",
        replace: "'named'",
      },
    ],
  ),

  ...inFile(
    'attest/summary-inputs.ts',
    ['attest/verification-summary.test.ts', 'attest/waiver.test.ts'],
    [
      {
        rule: 'A list of inputs without companions and rebuilds',
        find: '...companions.flatMap((layer) => [...layer.values()].flat()),',
        replace: '',
      },
      {
        rule: 'A list of inputs without the release before',
        find: '    ...previous,\n',
        replace: '',
      },
      {
        rule: 'An attestation of a stranger among the inputs',
        find: "(verdict.outcome === 'pass' ? it.outcome === 'pass' : it.summary !== undefined)",
        replace: '(it.summary !== undefined)',
      },
      {
        rule: 'A summary that does not name the waiver on which it rests',
        find: '...admitted.filter(({ signed }) => counting.has(sha256Hex(signed.envelope.payload))),',
        replace: '',
      },
      {
        rule: 'A waiver of nothing among the inputs',
        find: 'counting.has(sha256Hex(signed.envelope.payload))',
        replace: 'true || signed',
      },
      {
        rule: 'A list of inputs that is not whole',
        find: "if (verdict.findings.some((it) => it.code === 'bundles-not-examined')) return undefined",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'model/policy.ts',
    ['policy/policy.test.ts'],
    [
      {
        rule: 'A day that its month has not, in a policy',
        find: ', z.refine(isDayOfMonth)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'model/path-pattern.ts',
    ['policy/policy.test.ts'],
    [
      {
        rule: 'A path as on Windows, which no file has',
        find: "text.includes('\\\\') ||",
        replace: '',
      },
    ],
  ),

  ...inFile('policy/read-policy.ts', attacks, [
    {
      rule: 'A profile that asks for nothing more',
      find: 'asksAny(content.profiles?.[profile] ?? {})',
      replace: 'true',
    },
  ]),

  ...inFile('policy/families/provenance/source-chain.ts', attacks, [
    {
      rule: 'A source that was refused, as a link of a chain',
      find: "it.result !== 'FAILED' &&",
      replace: '',
    },
  ]),

  ...inFile('policy/families/revoked/commit.ts', attacks, [
    {
      rule: 'A revoked commit among those that are missing',
      find: 'wanted <= count && !isCut',
      replace: 'wanted <= count',
    },
    {
      rule: 'A revoked commit, and one that is told twice in its place',
      find: 'new Set(told.map(({ name }) => name)).size',
      replace: 'told.length',
    },
    {
      rule: 'A revoked commit, of more than the statement of changes tells',
      find: 'attribution?.commits.total ?? 0',
      replace: '0',
    },
  ]),

  ...inFile('policy/families/revoked/model.ts', attacks, [
    {
      rule: 'A revoked model behind the name of a vendor',
      find: 'endsOf(found).some(isNamed)',
      replace: 'isNamed(found)',
    },
    {
      rule: 'A revoked model in a name that is too long',
      find: 'isTooLong(found) ||',
      replace: '',
    },
    {
      rule: 'A model that is called unknown',
      find: "|| it.some((name) => name.toLowerCase() === 'unknown')",
      replace: '',
    },
    {
      rule: 'An agent that names no model',
      find: '...(said?.transcript?.agents ?? []).map(({ models }) => models)',
      replace: '',
    },
    {
      rule: 'A model of a session that only a change names',
      find: 'const missing = all.filter(isSilent)',
      replace: 'const missing = all.filter((it) => it.said !== undefined && isSilent(it))',
    },
  ]),

  ...inFile('policy/families/revoked/sessions-seen.ts', attacks, [
    {
      rule: 'A revoked session among commits that are missing',
      find: 'return missing === undefined ?',
      replace: 'return missing === undefined || ai.sessions !== undefined ?',
    },
  ]),

  ...inFile('policy/families/ai/names.ts', evaded, [
    {
      rule: 'A denied name with an @',
      find: ".replaceAll('@', '\\0')",
      replace: '',
    },
    {
      rule: 'A denied name that is too long',
      find: '(isLong || [name',
      replace: '([name',
    },
    {
      rule: 'A denied name with its version',
      find: "[it, it.split('@', 1)[0] ?? '']",
      replace: '[it]',
    },
  ]),

  ...inFile('policy/families/ai/steering.ts', evaded, [
    {
      rule: 'An AI configuration that was found and cannot be read',
      find: 'return found === undefined ?',
      replace: 'return found === undefined || true ?',
    },
  ]),

  ...inFile('policy/families/ai/subagents.ts', evaded, [
    {
      rule: 'A parent that is written with its tool',
      find: '[id, uri].some(',
      replace: '[id].some(',
    },
  ]),

  ...inFile('policy/families/ai/human-review.ts', evaded, [
    {
      rule: 'A session that says not where it was, at a review',
      find: 'unplaced.length > 0 ||',
      replace: '',
    },
    {
      rule: 'Who asked for such a session, as a reviewer',
      find: '...unplaced.map(({ said }) => said?.requester),',
      replace: '',
    },
  ]),
]
