/** Signed statements about the source: which bundle of a note counts, and what of it we sign. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const source: readonly Edit[] = [
  ...inFile(
    'attest/source-statements.ts',
    ['attest/source-statements.test.ts'],
    [
      {
        rule: 'A statement about another commit, copied into a note',
        find: 'if (subjectsOfCommit(statement, commit).length === 0)',
        replace: 'if (false)',
      },
      {
        rule: 'A payload that is no in-toto statement by its type',
        find: 'if (envelope.payloadType !== inTotoPayloadType)',
        replace: 'if (false)',
      },
      {
        rule: 'A statement about a repository that its signer did not run for',
        find: 'if (repository !== undefined && source !== undefined && !isSame(repository, source))',
        replace: 'if (false)',
      },
      {
        rule: 'A statement about the guarded branch by a workflow of another',
        find: 'if (refs.length > 0 && ref !== undefined && !refs.includes(ref))',
        replace: 'if (false)',
      },
      {
        rule: 'A statement about another repository',
        find: 'return url === undefined || named.every((it) => isSame(it, url))',
        replace: 'return true',
      },
      {
        rule: 'A repository that took over the name of another',
        find: 'return id === attested.id',
        replace: 'return true',
      },
      {
        rule: 'The number of a repository by an issuer that gives other numbers',
        find: ' && issuer === attested.issuer',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'attest/roots-at-hand.ts',
    ['attest/source-statements.test.ts'],
    [
      {
        rule: 'A statement whose signature does not hold',
        find: "if (!(result instanceof CountersignError) && result.outcome === 'verified')",
        replace: 'if (!(result instanceof CountersignError))',
      },
      {
        rule: 'A statement that nobody could verify, taken for one that does not hold',
        find: 'if (failure === undefined)',
        replace: 'if (true)',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/readers/source-note.ts',
    ['collect/sessions/source/source-note.test.ts'],
    [
      {
        rule: 'What was signed of a commit of a pull request, as said of the squash',
        find: "if (linkage !== 'direct') return",
        replace: '',
      },
      {
        rule: 'Notes that nobody could verify, as nothing',
        find: "return { outcome: 'could-not-look', detail: answer.detail }",
        replace: 'continue',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/readers/agent-commit.ts',
    ['collect/sessions/small/readers.test.ts'],
    [
      {
        rule: 'An attestation about another commit, copied here',
        find: '!attestation.isAbout(commit) || ',
        replace: '',
      },
      {
        rule: 'An attestation that nobody verified, as a record',
        find: "const digest = answer.outcome === 'verified' ? answer.statement.digest : undefined",
        replace: `const digest = '${'d'.repeat(64)}'`,
      },
      {
        rule: 'An attestation about another repository, as a claim',
        find: "(answer.outcome === 'refused' && !isOpen)",
        replace: 'false',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/readers/agent-trace-file.ts',
    ['collect/sessions/small/readers.test.ts'],
    [
      {
        rule: 'A record that several changes fit, as of the first',
        find: "return places.length > 1 ? 'open' : places[0]",
        replace: 'return places[0]',
      },
      {
        rule: 'A file that was not read, told as one without records',
        find: "if (contents === 'too-large') return contents",
        replace: "if (contents === 'too-large') return []",
      },
    ],
  ),
  ...inFile(
    'collect/sessions/source/note-lines.ts',
    ['collect/sessions/source/note-lines.test.ts'],
    [
      {
        rule: 'A note of lines without end, each verified',
        find: 'else if (bundles.length < limits.sourceLines)',
        replace: 'else if (true)',
      },
    ],
  ),
  ...inFile(
    'predicates/source-fields.ts',
    ['predicates/source-claims.test.ts'],
    [
      {
        rule: 'One member in two spellings, which say two things',
        find: 'if (members.has(camel))',
        replace: 'if (false)',
      },
      {
        rule: 'A sentence, or a person, under the name of a control',
        find: 'name: z.string().check(z.regex(sourceWord))',
        replace: 'name: z.string()',
      },
      { rule: 'A branch that looks like another', find: ' && !holdsUnseen(text)', replace: '' },
    ],
  ),
  ...inFile(
    'predicates/source-claims.ts',
    ['predicates/source-claims.test.ts'],
    [
      {
        rule: 'Levels of a summary that failed',
        find: "levels: result === 'PASSED' ? verifiedLevels : []",
        replace: 'levels: verifiedLevels',
      },
      {
        rule: 'A sentence as a level',
        find: ' || !verifiedLevels.every((it) => sourceWord.test(it))',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'predicates/build-change-provenance.ts',
    ['predicates/build-change-provenance.test.ts'],
    [
      {
        rule: 'The login of who merged',
        find: '{ actor: personHash(actor, key) }',
        replace: '{ actor: actor as ReturnType<typeof personHash> }',
      },
      {
        rule: 'The address of a person who signed about the source',
        find: "name.kind === 'uri' ?",
        replace: 'true ?',
      },
      {
        rule: 'Credentials in the address of a repository',
        find: "canonicalRepository(statement.repository ?? '')",
        replace: 'statement.repository',
      },
    ],
  ),

  ...inFile(
    'attest/asked-range.ts',
    ['attest/source-notes.test.ts'],
    [
      {
        rule: 'What was signed about another repository, told of this one',
        find: 'lateSourceVerifier({ url: remote,',
        replace: 'lateSourceVerifier({ url: undefined,',
      },
    ],
  ),
]
