/** Rules of a policy about what was revoked and about provenance, and what is gathered for them. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const policyEvidence: readonly Edit[] = [
  ...inFile(
    'policy/families/provenance/cosignatures.ts',
    ['policy/provenance/cosignatures.test.ts'],
    [
      {
        rule: 'A witness whose signature does not hold',
        find: 'return verify(null, signed, publicKey(key), signature.subarray(8))',
        replace: 'return true',
      },
      {
        rule: 'One witness under two names',
        find: "new Set(seen.map(({ key }) => key.toString('hex'))).size",
        replace: 'seen.length',
      },
      { rule: 'A witness at any moment', find: 'time ${time}', replace: 'time 1795000000' },
      { rule: 'A signature of a witness that is of another kind', find: 'cosignature/v1', replace: 'checkpoint' },
    ],
  ),
  ...inFile(
    'model/witness-key.ts',
    ['policy/provenance/cosignatures.test.ts'],
    [
      { rule: 'The key of a log as that of a witness', find: ' || bytes[0] !== algorithm', replace: '' },
      {
        rule: 'A key under the hash of another one',
        find: "hint.toString('hex') === hash",
        replace: 'hash !== undefined',
      },
    ],
  ),
  ...inFile(
    'policy/families/revoked/rule.ts',
    ['policy/revoked'],
    [
      {
        rule: 'Something that was revoked',
        find: '.filter(({ name, span }) => matches(it.value, name) && holdsIn(it, span))',
        replace: '.filter(() => false)',
      },
      {
        rule: 'What nobody could look at, taken for nothing',
        find: '...refused, ...missing, ',
        replace: '...refused, ',
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/window.ts',
    ['policy/nothing-to-look-at.test.ts', 'policy/revoked'],
    [
      {
        rule: 'What was revoked, signed at a time that nobody knows',
        find: 'return !isBefore && !isAfter',
        replace: 'return !isBefore && !isAfter && !Number.isNaN(latest)',
      },
      {
        rule: 'A revocation from a time, before that time',
        find: 'const isBefore = from !== undefined && latest < Date.parse(from)',
        replace: 'const isBefore = false',
      },
      {
        rule: 'A revocation until a time, after that time',
        find: 'const isAfter = until !== undefined && earliest > Date.parse(until)',
        replace: 'const isAfter = false',
      },
    ],
  ),

  ...inFile(
    'policy/signed-time.ts',
    ['policy/nothing-to-look-at.test.ts', 'policy/revoked'],
    [
      {
        rule: 'A key that was stolen for a while, and logged later',
        find: ': Number.NEGATIVE_INFINITY',
        replace: ': vouchedTime(signed)',
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/named.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A commit that was revoked, as what a session wrote',
        find: '    ...sessions.flatMap(({ commits }) => commits),\n',
        replace: '',
      },
      {
        rule: 'A signer that was revoked, at another ref',
        find: 'pattern.matches(name) || pattern.matches(splitIdentity(name).file)',
        replace: 'pattern.matches(name)',
      },
      {
        rule: 'A run that was revoked, in another attempt',
        find: 'run === asked || run.startsWith(`${asked}/attempts/`)',
        replace: 'run === asked',
      },
      {
        rule: 'A companion of a run that was revoked',
        find: "if (kind === 'run') return runsOf(statement).some((it) => isRun(value, it))",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/commit.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A commit that was revoked, in a range that is not whole',
        find: '&& wanted <= count && !isCut',
        replace: '&& !isCut',
      },
      {
        rule: 'A commit that was revoked, in a range that nobody told',
        find: 'beyondSource.length > 0 && !isWhole',
        replace: 'false',
      },
      {
        rule: 'A commit that was revoked, as a change of the range',
        find: '...told.filter(({ name }) => !named.some((it) => it.name === name))',
        replace: '...told.slice(told.length)',
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/digest.ts',
    ['policy/nothing-to-look-at.test.ts', 'policy/revoked'],
    [
      {
        rule: 'An input that was revoked',
        find: 'inputs.map((it) => it.digest)',
        replace: '[]',
      },
      {
        rule: 'A digest that nobody can compare',
        find: 'isKnown ? [] :',
        replace: 'true ? [] :',
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/sessions-seen.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A session that ends before it begins',
        find: 'start > end ?',
        replace: 'start !== start ?',
      },
      {
        rule: 'A session without a beginning, after the revocation',
        find: '? Number.NEGATIVE_INFINITY : Date.parse(startedAt)',
        replace: "? Date.parse(endedAt ?? '') : Date.parse(startedAt)",
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/model.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A session that names no model',
        find: 'it.length === 0 ||',
        replace: '',
      },
      {
        rule: 'A model under the words that were said',
        find: '...(said.modelsSaid ?? [])',
        replace: '...[]',
      },
    ],
  ),

  ...inFile(
    'policy/families/revoked/session.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A session that only a change names',
        find: 'found: [...own, ...ofChanges]',
        replace: 'found: [...own, ...ofChanges.slice(ofChanges.length)]',
      },
      {
        rule: 'A revoked session under the name of another tool',
        find: 'return (letters === id.length || letters >= tellingLetters) && names.some(globs([id]))',
        replace: 'return false',
      },
      {
        rule: 'A revoked session of a tool that nobody knows',
        find: 'return letters === 0 || names.some(globs([id]))',
        replace: 'return false',
      },
      {
        rule: 'An id that is revoked without a tool',
        find: 'if (names.some(globs([value]))) return true',
        replace: 'if (globs([value])(found)) return true',
      },
    ],
  ),

  ...inFile(
    'policy/not-revoked.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A companion, or a rebuilder, that was revoked',
        find: 'statements.filter((it) => !isRevoked(it, revocations))',
        replace: 'statements.filter((it) => !isRevoked(it, []))',
      },
      {
        rule: 'A guard of the source that was revoked',
        find: 'return !signers.some(',
        replace: 'return signers.length === 0 || !signers.slice(signers.length).some(',
      },
      {
        rule: 'What another layer revoked',
        find: 'return layers.flatMap(',
        replace: 'return layers.slice(-1).flatMap(',
      },
    ],
  ),

  ...inFile(
    'policy/read-policy.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A revocation that is made a warning, or waived',
        find: "if (id.startsWith('revoked/'))",
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'policy/revocation-problem.ts',
    ['policy/revoked'],
    [
      {
        rule: 'A revocation of something that can never be found',
        find: 'if (!form.fits(value))',
        replace: 'if (false)',
      },
      {
        rule: 'A revocation that ends before it begins',
        find: 'Date.parse(from) > Date.parse(until)',
        replace: 'false',
      },
    ],
  ),

  ...inFile(
    'policy/read-policy.ts',
    ['policy/provenance'],
    [
      {
        rule: 'Two companions of one name, of which the last alone would be asked for',
        find: 'const isTaken = name === rebuildersName || companions',
        replace: 'const isTaken = name === rebuildersName && companions',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/companions.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'The provenance as its own companion',
        find: '.filter((it) => !isSame(it, provenance))',
        replace: '',
      },
      {
        rule: 'A companion that is not there',
        find: 'if (first === undefined)',
        replace: "if (first === undefined && name === '')",
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/witnesses.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'One witness that is counted twice',
        find: 'new Set(witnesses).size',
        replace: 'witnesses.length',
      },
      {
        rule: 'Fewer witnesses than were asked for',
        find: 'count >= atLeast',
        replace: 'count > 0',
      },
    ],
  ),

  ...inFile(
    'sigstore/verify/verify-bundle.ts',
    ['policy/provenance/witnesses.test.ts'],
    [
      {
        rule: 'One authority with two keys, for two',
        find: 'return uri ?? sha256Hex(',
        replace: 'return sha256Hex(',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/build-level.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'A builder under a signer that may not speak for it',
        find: "compilePattern(it.signer, 'the signer').matches(signer) &&",
        replace: '',
      },
      {
        rule: 'Any builder, where the map names none',
        find: '? builder === signer',
        replace: '? true',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/named-values.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'A parameter that nobody allowed',
        find: 'names.filter((it) => !known.has(it))',
        replace: 'names.filter((it) => known.has(it) && !known.has(it))',
      },
      {
        rule: 'A parameter that is not there, where a value was asked for',
        find: 'if (found.length === 0) return',
        replace: 'if (found.length < 0) return',
      },
      {
        rule: 'A parameter that can be read in two ways',
        find: 'found.every((it) => pattern.matches(it))',
        replace: 'found.some((it) => pattern.matches(it))',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/inputs.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'Inputs that nobody declared',
        find: 'if (!isObject(declared)) return',
        replace: 'if (declared === null) return',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/age.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'What is older than was asked for',
        find: 'moment - first <= asked.maxAgeDays * day',
        replace: 'true',
      },
      {
        rule: 'A signature of a time to come',
        find: 'if (!(last <= moment + limits.policyClockSkew * 1_000))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/source-chain.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'A guard of the source that another issuer names',
        find: '&& issuer.matches(it.issuer)',
        replace: '',
      },
      {
        rule: 'Another change than the one that was built',
        find: 'it.commit === commit',
        replace: 'it.source !== undefined',
      },
      {
        rule: 'A control that only somebody else says',
        find: 'trusted.some(({ controls: found }) => found.includes(it))',
        replace: 'change.source?.some(({ controls: found }) => found.includes(it)) === true',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/rebuilders.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'One rebuilder that is counted twice',
        find: 'chosen.every((it) => apart[it]?.[at] === true)',
        replace: 'true',
      },
      {
        rule: 'Two of one by a third, where leaving that out makes them two',
        find: 'independentRebuilders([provenance, it, other.it]).independent.length === 2',
        replace: 'independentRebuilders([provenance, ...given]).independent.length === 2',
      },
    ],
  ),

  ...inFile(
    'policy/families/provenance/range.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'A range of which commits are missing',
        find: 'return cut === true',
        replace: 'return cut === null',
      },
      {
        rule: 'A gap between two releases',
        find: 'since !== null && ends.includes(since)',
        replace: 'since !== null',
      },
      {
        rule: 'A release before of another repository',
        find: '.filter((it) => isOfOneSource(it, provenance))',
        replace: '',
      },
      {
        rule: 'No release before, where nobody waived it',
        find: "if (previous === undefined && withoutPrevious === 'allow')",
        replace: 'if (previous === undefined)',
      },
    ],
  ),

  ...inFile(
    'verify/previous-release.ts',
    ['policy/provenance', 'policy/nothing-to-look-at.test.ts'],
    [
      {
        rule: 'A release before that was revoked',
        find: 'statements: withoutRevoked(statements, revocationsOf(policy))',
        replace: 'statements: withoutRevoked(statements, [])',
      },
    ],
  ),

  ...inFile(
    'verify/judge-policy.ts',
    ['policy/provenance', 'policy/revoked'],
    [
      {
        rule: 'A companion of another type than was asked for',
        find: '.filter(({ statement }) => statement.statement.predicateType === predicateType) ?? []',
        replace: '?? []',
      },
    ],
  ),

  ...inFile(
    'policy/policy-questions.ts',
    ['policy/identity'],
    [
      {
        rule: 'Signers that make more questions than anybody can ask',
        find: 'if (count > limits.policyQuestions)',
        replace: 'if (false)',
      },
    ],
  ),
]
