/** Session records in refs: what whoever may push cannot make of them. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['collect/session-records/session-record.test.ts']
const flood = ['collect/session-records/flood.test.ts']
const making = ['attest/session-records.test.ts']
const keyless = ['capture-story/keyless-record.test.ts']
const facts = ['collect/session-records/facts-before.test.ts']
const replaced = ['collect/session-records/redactions.test.ts']
const attested = ['attest/record-attestations.test.ts']
const redacting = ['attest/redact-record.test.ts']
const leftovers = ['attest/redaction-leftovers.test.ts']
const named = ['collect/session-records/named-words.test.ts']

export const sessionRecords: readonly Edit[] = [
  {
    rule: 'A record that nobody could look for is told as one that is missing',
    file: 'attest/reasoning-log.ts',
    find: "return isUnknown ? { ...session, record: 'not-looked' } : session",
    replace: 'return isUnknown ? { ...session } : session',
    tests: ['cli/reasoning-log.test.ts'],
  },
  ...inFile('collect/session-records/form.ts', attacks, [
    {
      rule: 'A commit that a person signed for another reason, taken for a record',
      find: 'author countersign <> (\\d{1,12})',
      replace: 'author [^\\n]* (\\d{1,12})',
    },
    {
      rule: 'A commit with a parent, taken for a record',
      find: '^tree ([0-9a-f]{40,64})\\n',
      replace: '^tree ([0-9a-f]{40,64})\\n(?:parent \\w+\\n)?',
    },
  ]),
  ...inFile('collect/session-records/read-record.ts', attacks, [
    { rule: 'A link or a submodule in the place of a file', find: "mode !== '100644' || ", replace: '' },
    { rule: 'A tree with more in it than a record', find: ' || !names.includes(path)', replace: '' },
    { rule: 'Other bytes under the name of a record', find: "hash.digest('hex') !== sha256", replace: 'false' },
  ]),
  ...inFile('collect/sessions/session-record/told-records.ts', attacks, [
    {
      rule: "A ref that was moved to another's record",
      find: "open.hash.digest('hex') !== found.digest",
      replace: 'false',
    },
    {
      rule: "Another session's transcript, or one that names several",
      find: 'end.told.session === session && end.told.tool === tool',
      replace: 'true',
    },
    {
      rule: 'A card of another session',
      find: 'isOne && card.tool === tool && card.session === session',
      replace: 'isOne',
    },
  ]),
  ...inFile('collect/sessions/readers/session-record.ts', attacks, [
    {
      rule: 'A longer record that nobody signed, in the place of one that a person did',
      find: 'those.length === 0 ? all : those',
      replace: 'all',
    },
    { rule: 'A record that takes the pin of a checkpoint away', find: 'place: isPinned\n', replace: 'place: false\n' },
  ]),
  ...inFile('collect/sessions/readers/session-record.ts', replaced, [
    {
      rule: 'The record of another session, in the place of one that a person signed',
      find: 'return `${header.tool}\\n${header.session}\\n${agent}`',
      replace: 'return header.tool.slice(header.tool.length) + agent.slice(agent.length)',
    },
  ]),
  ...inFile('collect/sessions/readers/session-record.ts', flood, [
    {
      rule: 'So many records that the one which a person signed is not read',
      find: '    ...claimed.filter(({ commit }) => trusted.has(commit)),\n',
      replace: '',
    },
  ]),
  ...inFile('collect/signatures/whose-key.ts', attacks, [
    {
      rule: 'A key that is not for git, or not of the time, on a record',
      find: "  return Array.isArray(valid) ? 'person' : valid\n",
      replace: "  return valid === undefined ? undefined : 'person'\n",
    },
  ]),
  ...inFile('collect/session-records/noted-sessions.ts', making, [
    {
      rule: 'Sessions that no commit names, recorded',
      find: 'if (sessions.has(name)) named.add(name)',
      replace: 'for (const it of sessions) named.add(it + name.slice(name.length))',
    },
  ]),
  ...inFile('collect/session-records/push-records.ts', making, [
    {
      rule: 'A record of somebody else, written over at the remote',
      find: '`${recordRef(it)}:',
      replace: '`+${recordRef(it)}:',
    },
    { rule: 'A flag in the place of a remote', find: "remote.startsWith('-')", replace: 'false' },
  ]),
  ...inFile('attest/session-records.ts', keyless, [
    { rule: 'An address that is published although nobody agreed', find: 'if (!mayPublish)', replace: 'if (false)' },
    {
      rule: 'What a record is signed over is not the record',
      find: '`record.jsonl=sha256:${digest}`',
      replace: "`record.jsonl=sha256:${'a'.repeat(64)}`",
    },
    {
      rule: 'A record that is there, signed and logged once more',
      find: '  if (known !== undefined)\n    return { ...said',
      replace: '  if (known === undefined && signing === undefined)\n    return { ...said',
    },
  ]),
  ...inFile('model/record-attestation.ts', attested, [
    {
      rule: 'The bytes that a person signed, beside the name of another session',
      find: 'if (differs(said.tool, record.tool) || differs(said.session, record.session)) return false',
      replace: '',
    },
    {
      rule: 'A statement that names no session, for bytes that name none',
      find: 'said.agent === record.agent : record.isTold',
      replace: 'said.agent === record.agent : true',
    },
    {
      rule: 'A card with other models beside bytes that tell of none',
      find: 'if (record.card !== undefined && said.card?.sha256 !== record.card) return false',
      replace: '',
    },
  ]),
  ...inFile('collect/transcripts/teller.ts', attested, [
    {
      rule: 'The name of a file, taken for what the bytes tell',
      find: 'isByName: isNameRead || isByName',
      replace: 'isByName',
    },
  ]),
  ...inFile('attest/record-attestations.ts', keyless, [
    {
      rule: 'A bundle of another record, beside this one',
      find: 'sha256 === undefined ? [] : (byDigest.get(sha256) ?? [])',
      replace: 'sha256 === undefined ? [] : [...byDigest.values()].flat()',
    },
    {
      rule: 'A bundle beside a record, by an identity that nobody named',
      find: 'return signer === undefined ?',
      replace: "if (signer === undefined) return { signer: 'person' }\n  return signer === undefined ?",
    },
  ]),
  ...inFile('attest/redacted-before.ts', redacting, [
    {
      rule: 'A redaction that nobody signed, keeping a session from being recorded',
      find: 'counts?.(it) === true',
      replace: 'true',
    },
    {
      rule: 'A redaction of somebody whom git was not told of, keeping a session from being recorded',
      find: 'return (it) => digests.has(it.found.digest) || isByBundle(it)',
      replace: 'return (it) => digests.has(it.found.digest) || isByBundle(it) || it.found.isSigned',
    },
    {
      rule: 'A redaction by the own key of who records, passed over',
      find: "own === undefined ? '' : `* ${own}`",
      replace: "''",
    },
    {
      rule: 'A redaction of one session, keeping another from being recorded',
      find: 'byHand.has(key(it))',
      replace: 'byHand.size > 0',
    },
  ]),
  ...inFile(
    'collect/session-records/read-bundles.ts',
    ['collect/session-records/read-bundles.test.ts'],
    [
      {
        rule: 'Bundles of records that take all memory',
        find: 'if (left < 0) beyond += 1',
        replace: 'if (left < -1e12) beyond += 1',
      },
    ],
  ),
  ...inFile(
    'attest/redact-record.ts',
    ['attest/redaction-leftovers.test.ts'],
    [
      {
        rule: 'A redaction of a stranger, taken for our own',
        find: "made.outcome === 'existed' && !isNamed(request)",
        replace: 'false',
      },
    ],
  ),
  ...inFile(
    'collect/session-records/signing-key-state.ts',
    ['attest/signing-key-state.test.ts'],
    [
      {
        rule: 'A key that no agent has, called usable',
        find: ".includes(print)) return { state: 'usable' }",
        replace: ".includes(print) || isPublic) return { state: 'usable' }",
      },
      {
        rule: 'A program of somebody else, taken for one that signs',
        find: 'if (program !== defaultProgram) {',
        replace: 'if (program === undefined) {',
      },
    ],
  ),
  ...inFile(
    'collect/session-records/taken-name.ts',
    ['attest/redaction-leftovers.test.ts'],
    [
      {
        rule: 'Advice to remove whatever has a name by then',
        find: '...(commit === undefined ? [] : [commit])',
        replace: '',
      },
      {
        rule: 'Advice that goes through a name which points elsewhere',
        find: 'git update-ref --no-deref -d',
        replace: 'git update-ref -d',
      },
    ],
  ),
  ...inFile(
    'collect/session-records/other-records.ts',
    ['attest/redaction-leftovers.test.ts'],
    [
      {
        rule: 'Another record with the word in it, passed over',
        find: 'else if (isHolding) holding.push(digest)',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'cli/commands/explain-records.ts',
    ['cli/explain-records.test.ts'],
    [
      {
        rule: 'Records that nobody could look for, told as none that was replaced',
        find: 'say(terminal, `warning: nobody could look',
        replace: 'if (fates !== undefined) say(terminal, `warning: nobody could look',
      },
    ],
  ),
  ...inFile('collect/session-records/redactions.ts', replaced, [
    {
      rule: 'A redaction that nobody who counts signed, explaining a missing record',
      find: 'if (name !== undefined) return { ...said, digest: found.digest, by: name, tool, session }',
      replace: "return { ...said, digest: found.digest, by: name ?? '', tool, session }",
    },
    {
      rule: 'A redaction of another record, or of several',
      find: "more.length > 0 || subject?.digest['sha256'] !== digest",
      replace: 'false',
    },
    { rule: 'A record that replaces itself', find: 'doesReplace(said, digest) ? undefined : said', replace: 'said' },
    {
      rule: 'A statement of another type, taken for a redaction',
      find: 'statement.predicateType !== sessionRedactionType',
      replace: 'false',
    },
  ]),
  ...inFile('collect/sessions/session-record/told-records.ts', replaced, [
    {
      rule: 'A record whose redaction was refused, counting all the same',
      find: "if (redaction === 'refused') problem(",
      replace:
        "if (redaction === 'refused') carded.push({ ...record, card, redaction: undefined })\n      else if (redaction === 'refused') problem(",
    },
  ]),
  ...inFile('collect/sessions/readers/session-record.ts', replaced, [
    {
      rule: 'A level that a redaction raises',
      find: "redaction === undefined || redaction.said.level === 'signed'",
      replace: 'true',
    },
    {
      rule: 'Redactions in a ring that take every record of a session away',
      find: 'return !doesLead',
      replace: 'return false',
    },
  ]),
  ...inFile('model/session-redaction.ts', replaced, [
    { rule: 'Redactions that are followed without end', find: 'step <= mostSteps', replace: 'step <= 1e6' },
    {
      rule: 'A redaction whose reason steers a terminal',
      find: ' && !holdsUnseen(it)',
      replace: '',
    },
  ]),
  ...inFile('attest/record-fates.ts', replaced, [
    {
      rule: 'A record of other bytes than its name, explaining a missing one',
      find: 'if (await doesTell(repository, it.digest, record)) continue',
      replace: 'if ((await doesTell(repository, it.digest, record)) || all.length > 0) continue',
    },
  ]),
  ...inFile('collect/sessions/session-record/told-records.ts', facts, [
    {
      rule: 'A redaction about another agent than its record',
      find: 'of !== undefined && of.agent !== told.agent',
      replace: 'false',
    },
  ]),
  ...inFile('attest/record-fates.ts', facts, [
    {
      rule: 'A redaction of one session, explaining the record of another',
      find: 'const ofSession = replacements.filter((it) => isOf(it, record))',
      replace: 'const ofSession = replacements',
    },
    {
      rule: 'A redaction of an agent, explaining the record of its session',
      find: 'told.some((it) => it.told.agent === agent)',
      replace: 'told.length > 0 || agent !== undefined',
    },
  ]),
  ...inFile('collect/session-records/redactions.ts', facts, [
    {
      rule: 'A redaction of one session, beside the record of another',
      find: 'said.of !== undefined && (said.of.tool !== header.tool || said.of.session !== header.session)',
      replace: 'false',
    },
  ]),
  ...inFile('collect/session-records/facts-before.ts', facts, [
    {
      rule: 'A model that a policy denies, taken out of a record by who may redact',
      find: 'models: union(told.models, [unknownModel])',
      replace: 'models: told.models',
    },
    {
      rule: 'Answers that a redaction took away, and nobody says how many',
      find: 'if (removed.words + removed.rows === 0) return { told, lost: undefined }',
      replace:
        'if (removed.words + removed.rows === 0) return { told, lost: undefined }\n    if (told.agent === undefined) return { told, lost: undefined }',
    },
    {
      rule: 'Counts that nobody knows any more, taken for none',
      find: "return { told: merged, lost: 'unknown' }",
      replace: 'return { told: merged, lost: undefined }',
    },
    {
      rule: 'Answers that a redaction took away, not counted',
      find: 'iterations: Math.max(0, iterations - left.iterations)',
      replace: 'iterations: 0',
    },
    {
      rule: 'Models that the old record named, forgotten',
      find: 'models: union(told.models, models)',
      replace: 'models: told.models',
    },
    {
      rule: 'What a first redaction took away, forgotten by a second',
      find: 'counts.iterations + (lost?.iterations ?? 0)',
      replace: 'counts.iterations',
    },
    {
      rule: 'The name of a model that had to go, in the statement that says it went',
      find: 'isHidden(it) ? unknownModel : it',
      replace: 'it',
    },
    {
      rule: 'A time that had to go, in the statement that says it went',
      find: 'time !== undefined && isHidden(time) ? null : time',
      replace: 'time',
    },
  ]),
  ...inFile('collect/sessions/transcript-table.ts', facts, [
    {
      rule: 'Answers that a card alone tells, counted as none',
      find: "it.card === undefined ? it.lost : 'unknown'",
      replace: 'it.lost',
    },
  ]),
  ...inFile('attest/redact-record.ts', redacting, [
    {
      rule: 'The old record, removed for one whose signature counts for nobody',
      find: 'if (wasNamed) {',
      replace: 'if (wasNamed && digest === replaces) {',
    },
    {
      rule: 'The old record, removed where nobody is named whose signature counts',
      find: 'request.removeOld === true && !isNamed(request)',
      replace: 'false',
    },
    {
      rule: 'A reason that says what was taken out',
      find: 'words.isIn(reason) || (await redactSecrets(reason)).count > 0',
      replace: 'false',
    },
    {
      rule: 'An unsigned redaction, carried on by a signed one',
      find: 'const { replacements } = await replacementsHere(repository, signers)\n  return',
      replace:
        'const of = await replacementsHere(repository, signers)\n  const replacements = [...of.replacements, ...of.unsigned]\n  return',
    },
  ]),
  ...inFile('attest/record-attestations.ts', redacting, [
    {
      rule: 'A bundle of another statement, or by somebody whom nobody named, beside a redaction',
      find: 'if (!Buffer.from(statement).equals(bundle.envelope.payload)) return undefined\n',
      replace: '',
    },
    {
      rule: 'A redaction signed by somebody whom nobody named',
      find: 'const signer = allowedSigner(signatory.identity, allowed)\n    // Who',
      replace: "const signer = allowedSigner(signatory.identity, allowed) ?? 'person'\n    // Who",
    },
  ]),
  ...inFile('collect/session-records/write-record.ts', redacting, [
    {
      rule: 'A name that points elsewhere, followed when a record is written',
      find: "'update-ref', '--no-deref', '--stdin'",
      replace: "'update-ref', '--stdin'",
    },
  ]),
  ...inFile('collect/session-records/push-records.ts', redacting, [
    {
      rule: 'The record of somebody else, removed at the remote',
      find: 'if (there !== commit) return',
      replace: 'if (there === undefined) return',
    },
  ]),
  ...inFile('collect/session-records/redact-record.ts', redacting, [
    {
      rule: 'A row with a word in it that no text of it has',
      find: "if (words.isIn(bytes.toString('utf8'))) {",
      replace: "if (words.isIn(bytes.toString('utf8').slice(bytes.length))) {",
    },
  ]),
  ...inFile('collect/session-records/redact-record.ts', leftovers, [
    {
      rule: 'Rows that the record has not, taken out in words alone',
      find: 'refuseBeyond(rows, number)',
      replace: '',
    },
    {
      rule: 'Words that were found nowhere, and nobody is told',
      find: 'return { card: made, removed, unfound }',
      replace: 'return { card: made, removed, unfound: unfound.slice(unfound.length) }',
    },
  ]),
  ...inFile('collect/session-records/named-words.ts', named, [
    {
      rule: 'A part of a word that overlaps another, left',
      find: 'else last[1] = Math.max(last[1], to)\n',
      replace: '',
    },
    { rule: 'A word in texts in texts, left', find: 'const mostLayers = 8', replace: 'const mostLayers = 1' },
    { rule: 'A word in bytes that two alphabets read, left', find: 'if (!isAmbiguous) break', replace: 'break' },
  ]),
  ...inFile('collect/session-records/word-search.ts', named, [
    {
      rule: 'A word that begins within another, left',
      find: '(ends[state] ?? -1) >= 0 ? state : (shorter[state] ?? 0)',
      replace: '(ends[state] ?? -1) >= 0 ? state : 0',
    },
    {
      rule: 'The beginning of a word that another ends in, left',
      find: 'from = Math.min(from, last[0])',
      replace: 'from = Math.max(from, last[0])',
    },
  ]),
  ...inFile('collect/session-records/folded-text.ts', named, [
    {
      rule: 'A word with something unseen in it, left',
      find: "    .replaceAll(/[\\p{Cc}\\p{Cf}\\p{DI}]/gu, '')\n",
      replace: '',
    },
    {
      rule: 'A word in the colours of a terminal, left',
      find: "if (groups?.['steering'] !== undefined) made.replace(from, to, '')",
      replace: "if (groups?.['steering'] !== undefined) made.replace(from, to, ' ')",
    },
    {
      rule: 'A phrase over two lines, left',
      find: "if (whole !== ' ' || isSecond) made",
      replace: 'if (isSecond) made',
    },
  ]),
  ...inFile('attest/session-records.ts', redacting, [
    {
      rule: 'A record that was replaced, made once more',
      find: 'before.isReplaced(ofSession) || ',
      replace: '',
    },
    {
      rule: 'Words that were taken out, recorded once more by a hook',
      find: '(asked !== undefined && before.isByHand(ofSession))',
      replace: 'false',
    },
  ]),
]
