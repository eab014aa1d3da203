/** The rules of a policy about AI, and what a change says of itself. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const family = 'policy/families/ai'
const ofSessions = ['policy/ai/sessions.test.ts']
const ofChanges = ['policy/ai/changes.test.ts']
const ofSteering = ['policy/ai/steering.test.ts']

export const policyAi: readonly Edit[] = [
  ...inFile(`${family}/looked.ts`, ofSessions, [
    {
      rule: 'Sessions for which nobody looked, taken for none',
      find: "if (sessions === undefined || attribution === undefined) return 'nobody says that sessions were looked for'",
      replace: '',
    },
    {
      rule: 'A release without a checkout, taken for one without sessions',
      find: "if (attribution.range.reason === 'not-collected')",
      replace: 'if (false)',
    },
    {
      rule: 'A history that is cut',
      find: 'if (attribution.range.cut === true)',
      replace: 'if (false)',
    },
    {
      rule: 'Readers of which none has looked',
      find: '!attribution.readers.some(({ outcome }) => hasLooked(outcome))',
      replace: 'false',
    },
    {
      rule: 'Some changes, taken for all',
      find: 'return told < wanted ?',
      replace: 'return told < 0 ?',
    },
    {
      rule: 'A change that is told twice in the place of another',
      find: 'new Set(changes.map(({ commit }) => commit)).size',
      replace: 'changes.length',
      tests: ofChanges,
    },
  ]),

  ...inFile(
    'policy/read-policy.ts',
    ['policy/policy.test.ts'],
    [
      {
        rule: 'A name that may override a rule, whoever gave it out',
        find: 'if (issuer !== undefined || isPersonHash(signer)) continue',
        replace: 'if (issuer !== undefined || isPersonHash(signer) || signer.length > 0) continue',
      },
    ],
  ),

  ...inFile(`${family}/names.ts`, ofSessions, [
    {
      rule: 'A branch, or an issuer, that is another one by its capitals alone',
      find: "const compiled = patterns.map((it) => compilePattern(it, 'a pattern'))\n  return (name) => compiled.some((it) => it.matches(name))",
      replace:
        "const compiled = patterns.map((it) => compilePattern(it.toLowerCase(), 'a pattern'))\n  return (name) => compiled.some((it) => it.matches(name.toLowerCase()))",
      tests: [...ofSessions, ...ofChanges],
    },
    {
      rule: 'A denied name in capitals',
      find: 'it.matches(letters(name))',
      replace: "it.matches(name.replaceAll('@', '\\0'))",
    },
    {
      rule: 'A denied model behind the name of a vendor',
      find: 'const ends = parts.map((_, at)',
      replace: 'const ends = parts.slice(0, 1).map((_, at)',
    },
    {
      rule: 'A name that is denied and allowed',
      find: 'if (isDenied !== undefined &&',
      replace: 'if (isDenied !== undefined && isAllowed === undefined &&',
    },
  ]),

  ...inFile(`${family}/named-sessions.ts`, ofSessions, [
    {
      rule: 'A tool without a session that says it was vouched for',
      find: "said.id === undefined ? 'claimed' : said.level",
      replace: 'said.level',
    },
    {
      rule: 'A session that changes name and nothing describes',
      find: '.filter((uri) => !known.has(uri))',
      replace: '.filter(() => false)',
    },
  ]),

  ...inFile(`${family}/tools.ts`, ofSessions, [
    {
      rule: 'A denied tool under no name',
      find: 'tool.toLowerCase() === unknownTool && allow === undefined',
      replace: 'false',
    },
  ]),

  ...inFile(`${family}/models.ts`, ofSessions, [
    {
      rule: 'A model that nobody names',
      find: "const { unknown = 'deny' }",
      replace: "const { unknown = 'allow' }",
    },
    {
      rule: 'The model of an agent that a session started',
      find: ', ...(said?.transcript?.agents ?? []).map((it) => it.models)',
      replace: '',
    },
  ]),

  ...inFile(`${family}/levels.ts`, ofSessions, [
    {
      rule: 'A session of which nobody knows in which change it was',
      find: 'return !isNamed || ',
      replace: 'return ',
    },
    {
      rule: 'A branch that is not known',
      find: 'it === undefined || matches(it)',
      replace: 'it !== undefined && matches(it)',
    },
  ]),

  ...inFile(`${family}/receipt-issuers.ts`, ofSessions, [
    {
      rule: 'A session that nobody known vouches for',
      find: 'voucher === undefined || !isTrusted(voucher)',
      replace: 'voucher !== undefined && !isTrusted(voucher)',
    },
  ]),

  ...inFile(`${family}/counted-sessions.ts`, ofSessions, [
    {
      rule: 'What nobody counted, taken for little',
      find: 'return isKnown ? [] :',
      replace: 'return isKnown || !isKnown ? [] :',
    },
  ]),

  ...inFile(`${family}/touched.ts`, ofChanges, [
    {
      rule: 'A file under a path that is not told',
      find: 'files === undefined || files.length === 0 ||',
      replace: 'files?.length === 0 || files !== undefined &&',
    },
    {
      rule: 'A change that only removes lines',
      find: ' || files.length === 0',
      replace: '',
    },
  ]),

  ...inFile(`${family}/counted-lines.ts`, ofChanges, [
    {
      rule: 'Code by AI under a name of generated files, counted for nobody',
      find: 'const kept = generated - leftOut',
      replace: 'const kept = 0 * (generated - leftOut)',
    },
    {
      rule: 'The same of a change that names a session, counted for persons',
      find: 'const byClaim = tookPart(change) ? kept : 0',
      replace: 'const byClaim = 0',
    },
    {
      rule: 'Generated lines left out wherever they are',
      find: '.filter(underPaths(generatedPaths ?? []))',
      replace: '.filter(() => true)',
    },
  ]),

  ...inFile(`${family}/share.ts`, ofChanges, [
    {
      rule: 'Generated lines of the sums of a range, counted for persons',
      find: '((sessions ?? []).length > 0 ? kept : 0)',
      replace: '0',
    },
    {
      rule: 'Lines that nobody attributes, taken for those of persons',
      find: "asked.unknownAs === 'human'",
      replace: "asked.unknownAs !== 'ai'",
    },
  ]),

  ...inFile(`${family}/approvals.ts`, ofChanges, [
    {
      rule: 'An approval that was taken back',
      find: "latest.every(({ verdict }) => verdict === 'approved')",
      replace: "verdicts.some(({ verdict }) => verdict === 'approved')",
    },
    {
      rule: 'An agent that approves',
      find: 'if (own.some(({ agent }) => (agent ?? undefined) !== undefined)) return []',
      replace: '',
    },
    {
      rule: 'An approval of which nobody knows whether it was the last word',
      find: 'times.some(Number.isNaN) ? verdicts',
      replace: 'times.some(Number.isNaN) ? verdicts.slice(0, 1)',
    },
  ]),

  ...inFile(`${family}/human-review.ts`, ofChanges, [
    {
      rule: 'An approval before the last change by AI',
      find: ".filter(({ order }) => order === 'after-last-ai')",
      replace: '',
    },
    {
      rule: 'The author who approves',
      find: 'counting.filter((by) => !excluded.has(by))',
      replace: 'counting',
    },
    {
      rule: 'Who asked the agent, and approves under an account',
      find: 'others.size - strangers >= approvals',
      replace: 'others.size >= approvals',
    },
    {
      rule: 'A change of which nobody says whose accounts wrote it',
      find: 'authors === undefined || author === undefined',
      replace: 'author === undefined',
    },
    {
      rule: 'A change that names no session, and a session that names it',
      find: ' || sayers.has(it.commit)',
      replace: '',
    },
  ]),

  ...inFile(`${family}/steering.ts`, ofSteering, [
    {
      rule: 'An AI configuration that nobody looked for',
      find: 'if (own.length === 0)',
      replace: 'if (own.length < 0)',
    },
    {
      rule: 'Servers in files that were not read',
      find: 'if (unread > 0)',
      replace: 'if (false)',
    },
    {
      rule: 'A server behind a link',
      find: 'if (links + submodules > 0 && mayName)',
      replace: 'if (false)',
    },
  ]),

  ...inFile(`${family}/claims.ts`, ofSteering, [
    {
      rule: 'A finding of a later version',
      find: 'if (!findingKinds.has(code))',
      replace: 'if (false)',
    },
  ]),

  ...inFile(`${family}/readers.ts`, ofSteering, [
    {
      rule: 'A reader of which nobody tells',
      find: 'own.length > 0 && bad === undefined',
      replace: 'bad === undefined',
    },
  ]),

  ...inFile(`${family}/disclosure.ts`, ofChanges, [
    {
      rule: 'An approval by who may be the author, for all that anybody says',
      find: 'author === undefined || authors === undefined ? undefined : [author, ...authors]',
      replace: 'author === undefined ? undefined : [author, ...(authors ?? [])]',
    },
    {
      rule: 'A reason that anybody typed',
      find: 'signedBy !== undefined && isAllowed(signedBy.signer, signedBy.issuer)',
      replace: 'true',
    },
    {
      rule: 'An approval of another commit than the one with the reason',
      find: 'it.commit === commit &&\n',
      replace: '',
    },
    {
      rule: 'The issuer of who says the reason',
      find: 'it.issuer === issuer && ',
      replace: '',
    },
    {
      rule: 'A person without a certificate, under an issuer that says their name',
      find: 'it.issuer === issuer && ',
      replace: '(it.issuer === undefined || it.issuer === issuer) && ',
    },
    {
      rule: 'A reason that says nothing',
      find: 'saysTooLittle(override)',
      replace: 'false',
    },
  ]),

  ...inFile(
    'collect/change/override.ts',
    ['collect/change/override.test.ts'],
    [
      {
        rule: 'A reason in the middle of a message',
        find: '.test(line)) return undefined',
        replace: '.test(line)) continue',
      },
      {
        rule: 'Two reasons',
        find: ' || more.length > 0',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'model/override-reason.ts',
    ['collect/change/override.test.ts'],
    [
      {
        rule: 'The address of a ticket, taken for a sentence',
        find: "const rest = reason.replace(tickets, ' ')",
        replace: 'const rest = reason',
      },
    ],
  ),
]
