/** The commands around a policy: lint, explain, init, test, and the evidence for others. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const policyCommands: readonly Edit[] = [
  ...inFile(
    'policy/test-case.ts',
    ['cli/policy.test.ts'],
    [
      {
        rule: 'A case that expects nothing',
        find: 'if (outcome === undefined && names.length === 0) return',
        replace: 'if (false as boolean) return',
      },
      {
        rule: 'A document that is given an outcome, as if somebody had signed it',
        find: 'if (outcome !== undefined) return',
        replace: 'if (false as boolean) return',
      },
      {
        rule: 'A row about signatures that a document seems to answer',
        find: 'return beyond === undefined ? undefined :',
        replace: 'return beyond !== undefined ? undefined :',
      },
      {
        rule: 'A refusal by whatever rule',
        find: "if (outcome === 'fail' && names.length === 0) return",
        replace: 'if (false as boolean) return',
      },
      {
        rule: 'Any failure for the one that was expected',
        find: "it.outcome === 'fail' && it.code === expected",
        replace: "it.outcome === 'fail'",
      },
    ],
  ),

  ...inFile(
    'verify/test-policy.ts',
    ['cli/policy.test.ts'],
    [
      {
        rule: 'A policy that nothing was tried on',
        find: 'if (cases.length === 0) {',
        replace: 'if (cases.length < 0) {',
      },
      {
        rule: 'Cases behind a link that leads nowhere, passed over',
        find: '(await isThere(single)) ?',
        replace: '(await isFolder(single)) ?',
        tests: ['policy/files.test.ts'],
      },
      {
        rule: 'A folder of cases that is none, passed over',
        find: "if (!(await isFolder(folder))) throw new CountersignError('input-unreadable', `${what} is no folder`)",
        replace: 'if (!(await isFolder(folder))) return []',
        tests: ['policy/files.test.ts'],
      },
    ],
  ),

  ...inFile(
    'verify/explain-policy.ts',
    ['cli/policy.test.ts'],
    [
      {
        rule: 'Evidence of rules that refuse it, hidden',
        find: 'if (looked !== undefined) return policyInputOf(looked)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'verify/judge.ts',
    ['cli/policy.test.ts'],
    [
      {
        rule: 'A statement of changes that is asked for what only provenance says',
        find: "asked, inputs: [], tree: 'any' },",
        replace: 'asked },',
      },
    ],
  ),

  ...inFile(
    'policy/draft/signer.ts',
    ['policy/draft.test.ts'],
    [
      {
        rule: 'A name without its number',
        find: "...number(\n      'sourceId',",
        replace: "...number(\n      'sourceId',\n      undefined &&",
      },
      { rule: 'Every tag for the tags of one form', find: "ref.replace(/\\d.*$/, '*')", replace: "'refs/tags/*'" },
    ],
  ),

  ...inFile(
    'policy/lint/warnings.ts',
    ['policy/lint.test.ts'],
    [
      {
        rule: 'A policy that is about to pass nothing',
        find: 'if (left >= soonDays * day) return []',
        replace: 'return []',
      },
      {
        rule: 'A range that nobody knows the start of',
        find: 'isStartKnown(reason)',
        replace: 'true',
      },
      {
        rule: 'Rules of which none can fail',
        find: "if (weights.length === 0 || weights.includes('error')",
        replace: "if (weights.length >= 0 || weights.includes('error')",
      },
    ],
  ),
]
