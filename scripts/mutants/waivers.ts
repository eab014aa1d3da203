/** Waivers, and policies that somebody must have signed. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const waivers: readonly Edit[] = [
  ...inFile(
    'predicates/waiver.ts',
    ['attest/waiver.test.ts'],
    [
      {
        rule: 'A place that reads otherwise than it looks',
        find: 'z.refine((it) => !holdsUnseen(it)),',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'policy/waivers.ts',
    ['policy/waivers.test.ts'],
    [
      {
        rule: 'A waiver of another policy, or of what a policy was before',
        find: "if (waiver.policy !== layer.sha256) return 'waiver-policy-mismatch'",
        replace: '',
      },
      {
        rule: 'A waiver of a rule that the policy lets nobody waive',
        find: 'layer.sections.waivers?.rules.includes(waiver.rule) !== true',
        replace: 'false',
      },
      { rule: 'A waiver by anybody', find: "if (!asked.isAdmitted) return 'waiver-signer-mismatch'", replace: '' },
      {
        rule: 'A waiver by a signer who was revoked',
        find: "if (isRevoked(statement, asked.revocations)) return 'revoked'",
        replace: '',
      },
      {
        rule: 'A job that waives its own rules',
        find: 'asked.builders.some((it) => isOneIdentity(it, signed.signatory))',
        replace: 'false',
      },
      {
        rule: 'Another ref of a workflow as somebody else',
        find: 'splitIdentity(it).file.toLowerCase()',
        replace: 'it.toLowerCase()',
      },
      {
        rule: 'A waiver that was signed later than is asked about',
        find: "if (!(signedAt <= now + limits.policyClockSkew * 1000)) return 'waiver-not-yet-signed'",
        replace: '',
      },
      {
        rule: 'A waiver for years',
        find: "if (!(expires - signedAt <= limits.waiverDays * day)) return 'waiver-too-long'",
        replace: '',
      },
      { rule: 'A waiver that has ended', find: "if (!(expires > now)) return 'waiver-expired'", replace: '' },
      {
        rule: 'A waiver of another change, file or session',
        find: ' && covers(waiver.place, check.at)',
        replace: '',
      },
      {
        rule: 'A waiver of one rule for all of them',
        find: 'check.rule === rule && isWaivable(check.rule)',
        replace: 'rule.length > 0',
      },
    ],
  ),

  ...inFile(
    'model/waivable.ts',
    ['property/waivers.test.ts', 'policy/waivers.test.ts'],
    [
      {
        rule: 'A waiver of who signs, or of what is revoked',
        find: 'return !families.includes(family)',
        replace: "return family !== 'none'",
      },
    ],
  ),

  ...inFile(
    'predicates/waiver.ts',
    ['policy/waivers.test.ts'],
    [
      {
        rule: 'A waiver for no reason that a person can read',
        find: '>= limits.waiverReasonLetters && !holdsUnseen(reason)',
        replace: '>= 0',
      },
      {
        rule: 'A place of a waiver that no reader knows',
        find: 'z.strictObject({\n      commit',
        replace: 'z.looseObject({\n      commit',
      },
    ],
  ),

  ...inFile(
    'verify/approved-policy.ts',
    ['policy/signed-policy.test.ts'],
    [
      {
        rule: 'A policy that anybody signed',
        find: "if (verdict.outcome !== 'pass' || evidence === undefined) throw refused(verdict, source.file, question)",
        replace: 'if (evidence === undefined) return policy',
      },
      {
        rule: 'A policy that nobody signed',
        find: "if (bundle === undefined) throw unsigned(file, 'no bundle lies beside it')",
        replace: 'if (bundle === undefined) return indexBundleFile(resolve(cwd, file))',
      },
    ],
  ),

  ...inFile(
    'verify/open-policy.ts',
    ['policy/signed-policy.test.ts'],
    [
      {
        rule: 'A policy that must be signed, opened without that',
        find: "if ('approved' in source) throw new",
        replace: "if ('approval' in source) throw new",
      },
    ],
  ),

  ...inFile(
    'attest/verification-summary.ts',
    ['attest/waiver.test.ts'],
    [
      {
        rule: 'A level of a policy of which a rule was waived',
        find: 'given.length === 0 || waived.length > 0 ? [unevaluatedBuild]',
        replace: 'given.length === 0 ? [unevaluatedBuild]',
      },
      {
        rule: 'A summary that does not say that a rule was waived',
        find: '...(waived.length === 0 ? [] : [waivedLevel])',
        replace: '',
      },
    ],
  ),
]
