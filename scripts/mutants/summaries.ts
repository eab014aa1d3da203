/** Verification summaries: what one must say, who may have signed it, and what one of ours may say. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const reads = ['verify/verify-summary.test.ts']
const writes = ['attest/verification-summary.test.ts']

export const summaries: readonly Edit[] = [
  ...inFile('policy/rules/vsa.ts', reads, [
    {
      rule: 'A summary by another policy of the same address',
      find: 'return said === expected\n',
      replace: 'return said !== expected || said === expected\n',
    },
    {
      rule: 'A summary of a verifier that was not asked for',
      find: '  return expected === found\n',
      replace: '  return expected.length > 0\n',
    },
    {
      rule: 'A signer that speaks for another verifier',
      find: "verifierId ?? (signatory.kind === 'certificate' ? ownVerifierId(signatory.identity) : undefined)",
      replace: "verifierId ?? ('https://verifier.acme.example' as string | undefined)",
    },
    {
      rule: 'A summary for another resource',
      find: '    resourceUri === question.resourceUri\n',
      replace: '    resourceUri.length > 0\n',
    },
    {
      rule: 'A summary whose levels are none of SLSA, two of a track, or not there',
      find: '  if (problem !== undefined) {',
      replace: "  if (problem === '') {",
    },
    {
      rule: 'A summary without the level that is asked for',
      find: '    holdsLevel(found, level)\n',
      replace: '    found.length > 0\n',
    },
  ]),
  ...inFile('policy/rules/verification-summary.ts', reads, [
    {
      rule: 'A summary that says FAILED',
      find: "predicate.result === 'PASSED'",
      replace: 'predicate.result !== undefined',
    },
  ]),
  ...inFile('policy/summary-question.ts', reads, [
    {
      rule: 'A summary of another type',
      find: '{ ...signer, predicateType: [verificationSummaryV1] }',
      replace: "{ ...signer, predicateType: [verificationSummaryV1, 'https://slsa.dev/verification_summary/v0.2'] }",
      tests: [...reads],
    },
    {
      rule: 'A key whose verifier nobody named',
      find: "if (signatory === 'key' && verifierId === undefined) {",
      replace: "if (signatory === 'key' && verifierId === '') {",
    },
    {
      rule: 'A question that asks for no level',
      find: 'if (levels.length === 0) {',
      replace: 'if (levels.length < 0) {',
    },
    {
      rule: 'A level that SLSA does not have, in a question',
      find: "if (kind === 'unknown' || kind === 'failed') {",
      replace: "if (kind === 'failed') {",
    },
  ]),
  ...inFile(
    'model/slsa-levels.ts',
    ['model/slsa-levels.test.ts', ...reads],
    [
      {
        rule: 'A level of SLSA that nobody defined',
        find: "/^slsa_/i.test(text) || text.trim() === ''",
        replace: "text.trim() === ''",
      },
      {
        rule: 'A level that its track does not have',
        find: 'if (Number(level) <= tracks[track])',
        replace: 'if (Number(level) <= 9)',
      },
      {
        rule: 'A level of another track',
        find: 'it.track === wanted.track && ',
        replace: '',
      },
      { rule: 'A lower level', find: 'level >= least', replace: 'level >= 0' },
      {
        rule: 'A level where the verifier made no claim',
        find: "level !== 'unevaluated' && least !== 'unevaluated' && level >= least",
        replace: "level === 'unevaluated' || (least !== 'unevaluated' && level >= least)",
      },
      { rule: 'No level at all', find: "if (levels.length === 0) return 'it names no level'", replace: '' },
      {
        rule: 'A level that says it failed',
        find: "if (results.some((it) => it.kind === 'failed')) return 'a level says that it failed'",
        replace: '',
      },
      {
        rule: 'Two levels of one track',
        find: 'named.find((it, at) => named.indexOf(it) !== at)',
        replace: 'named.find((it, at) => named.indexOf(it) > at)',
      },
    ],
  ),
  ...inFile('sigstore/verify/verify-envelope.ts', reads, [
    {
      rule: 'A signature of another key, or over other bytes',
      find: 'if (!holds(key, encoding, signature.sig)) {',
      replace: 'if (holds(key, encoding, signature.sig) === undefined) {',
    },
    {
      rule: 'Several signatures, of which one holds',
      find: 'more.length > 0',
      replace: 'more.length > 9',
    },
    {
      rule: 'A certificate where a key was asked for',
      find: "readMaterial(bundle).signer.kind === 'certificate'",
      replace: 'readMaterial(bundle).signer.kind === undefined',
    },
    {
      rule: 'ECDSA signatures that are r and s one after the other',
      find: "[{ dsaEncoding: 'der' }, { dsaEncoding: 'ieee-p1363' }]",
      replace: "[{ dsaEncoding: 'der' }]",
    },
  ]),
  ...inFile('verify/summary-subject.ts', reads, [
    { rule: 'An artifact that goes by a broken hash', find: ' && !broken.test(name)', replace: '' },
    {
      rule: 'Another identifier of the same name',
      find: 'Object.hasOwn(digest, name) && digest[name] === value',
      replace: 'Object.hasOwn(digest, name)',
    },
  ]),
  ...inFile(
    'model/ai-level.ts',
    ['model/slsa-levels.test.ts'],
    [
      {
        rule: 'A place where nobody could look for sessions, rounded up',
        find: "if (unseenPlaces(attribution).length > 0) return 'unknown'",
        replace: '',
      },
      {
        rule: 'The level of the session that was checked most',
        find: 'levels.find((level) => sessions',
        replace: 'levels.findLast((level) => sessions',
      },
      {
        rule: 'Sessions of somebody who does not say where they looked',
        find: "sessions.length === 0 ? 'not-collected' : 'unknown'",
        replace: "sessions.length === 0 ? 'not-collected' : 'vouched'",
      },
    ],
  ),
  ...inFile('attest/verification-summary.ts', writes, [
    {
      rule: 'A summary of a "no" that says PASSED',
      find: "verdict.outcome === 'pass' ? ('PASSED' as const) : ('FAILED' as const)",
      replace: "'PASSED' as const",
    },
    {
      rule: 'Levels of a policy that was not met',
      find: "if (verdict.outcome !== 'pass' || evidence === undefined) return [failedLevel]",
      replace: 'if (evidence === undefined) return [...given]',
    },
    {
      rule: 'A level of our own that somebody hands in',
      find: 'given.find((it) => it.startsWith(ownLevels))',
      replace: "given.find((it) => it === '')",
    },
    {
      rule: 'A summary of what nobody decided',
      find: "if (verdict.outcome === 'undecided') return undefined",
      replace: '',
    },
    {
      rule: 'A key that signs for nobody who is named',
      find: 'if (request.signer !== undefined && request.verifierId === undefined) {',
      replace: "if (request.signer !== undefined && request.verifierId === '') {",
    },
  ]),
  ...inFile('attest/sign-summary.ts', writes, [
    {
      rule: 'A signer that signs with another key',
      find: "  refuseOther(result, payload, undefined, 'nothing was written')\n",
      replace: '  if (result.outcome === undefined) refuseOther(result, payload, undefined, "")\n',
    },
  ]),
  ...inFile('cli/commands/summary.ts', writes, [
    {
      rule: 'A "yes" whose summary could not be signed, and that ends with 0',
      find: " || verified.verdict.outcome === 'pass') throw thrown",
      replace: ') throw thrown',
    },
    {
      rule: 'A "no" that ends otherwise because its summary could not be signed',
      find: "if (!(thrown instanceof CountersignError) || verified.verdict.outcome === 'pass') throw thrown",
      replace: 'if (thrown !== undefined) throw thrown',
    },
  ]),
]
