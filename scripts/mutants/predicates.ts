/** What predicates say: provenance, sessions, summaries; and whether a prepared one is about this build. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const predicates: readonly Edit[] = [
  ...inFile(
    'predicates/session.ts',
    ['predicates/session.test.ts'],
    [
      {
        rule: 'A digest for a session of which no record was found',
        find: "|| annotation.level === 'claimed'",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'predicates/change-provenance.ts',
    ['predicates/change-provenance.test.ts'],
    [
      {
        rule: 'A person by name',
        find: 'z.string().check(z.regex(/^hmac-sha256:[0-9a-f]{64}$/))',
        replace: 'z.string()',
      },
    ],
  ),

  ...inFile(
    'predicates/read.ts',
    ['policy/question.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'An attestation of another kind that answers for provenance',
        find: '= [provenance.type, provenanceV02.type]',
        replace: '= predicateRows.map((it) => it.type)',
      },
    ],
  ),

  ...inFile(
    'predicates/build-provenance.ts',
    ['attest/attest.test.ts'],
    [
      {
        rule: 'A source by the word of the checkout where the token names one',
        find: 'const source = certifiedBuild(extensions).source ?? facts.source?.remote',
        replace: 'const source = facts.source?.remote ?? certifiedBuild(extensions).source',
        tests: ['predicates/provenance.test.ts', 'attest/attest.test.ts'],
      },
      {
        rule: 'GitHub’s build type for events that it is not for',
        find: " && gitHubEvents.includes(claims['event_name'])",
        replace: '',
        tests: ['predicates/provenance.test.ts'],
      },
      {
        rule: 'A dirty work tree that the provenance does not tell',
        find: '...(facts.source === undefined ? {} :',
        replace: '...(facts.source !== undefined ? {} :',
      },
      {
        rule: 'A commit of the job that the provenance does not tell',
        find: '...(built === undefined || built === commit ? [] :',
        replace: '...(true ? [] :',
      },
    ],
  ),

  ...inFile(
    'predicates/member-differences.ts',
    ['attest/resume.test.ts'],
    [
      {
        rule: 'A prepared statement about another build',
        find: 'return found === expected ? [] : [path]',
        replace: 'return []',
      },
      {
        rule: 'A prepared statement with more than attest writes',
        find: 'new Set([...Object.keys(expected), ...Object.keys(found)])',
        replace: 'new Set(Object.keys(expected))',
      },
    ],
  ),

  ...inFile(
    'predicates/change-match.ts',
    ['attest/changes-later.test.ts'],
    [
      {
        rule: 'Kept changes of another commit',
        find: 'until: source.commit',
        replace: 'until: range.until',
      },
      {
        rule: 'Kept changes that say they are all, and are not',
        find: 'total: isWhole ? changes.length : total',
        replace: 'total',
      },
      {
        rule: 'Kept changes that name a request of another repository',
        find: "requestUri(`${repository?.forge === 'gitlab' ? '!' : '#'}${request}`, repository)",
        replace: '(request, pullRequest)',
      },
      {
        rule: 'Kept changes with a session that says more than attest writes',
        find: 'session === undefined ? null : sessionDescriptor(session)',
        replace: 'session === undefined ? null : descriptor',
      },
    ],
  ),

  ...inFile(
    'predicates/token-match.ts',
    ['attest/resume.test.ts'],
    [
      {
        rule: 'A prepared statement that does not say that the tree is dirty',
        find: 'dirty: source.dirty || dirty === true',
        replace: 'dirty: dirty === true',
      },
      {
        rule: 'A prepared statement that says of files left out what nobody writes',
        find: 'writtenSparse.parse(sparse)',
        replace: 'sparse',
      },
      {
        rule: 'A prepared statement that says of untracked files what nobody writes',
        find: 'writtenUntracked.parse(untracked)',
        replace: 'untracked',
      },
    ],
  ),
]
