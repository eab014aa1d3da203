/** Receipts of independent parties: read, verified, held against commits, and issued. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['collect/receipts/attacks.test.ts']
const keySets = ['collect/receipts/fetch-key-set.test.ts']
const lists = ['collect/receipts/issuer-list.test.ts']
const issuing = ['vouch/issue.test.ts']

export const receipts: readonly Edit[] = [
  ...inFile('collect/receipts/parse.ts', attacks, [
    {
      rule: 'A receipt that is larger than any',
      find: 'if (bytes.byteLength > limits.receiptBytes)',
      replace: 'if (false)',
    },
    {
      rule: 'A receipt of no algorithm, or under a secret that everybody has',
      find: "receiptAlgorithms.find((it) => it === header['alg'])",
      replace: "(header['alg'] as (typeof receiptAlgorithms)[number] | undefined)",
    },
    {
      rule: 'A receipt that brings its key along, or changes what is signed',
      find: "!['alg', 'kid', 'typ'].includes(it)",
      replace: 'false',
    },
    {
      rule: 'Another document of the same issuer',
      find: " || header['typ'] !== receiptTyp",
      replace: '',
    },
    {
      rule: 'Another spelling of the same receipt, with another digest',
      find: "Buffer.from(part, 'base64url').toString('base64url') === part",
      replace: 'true',
    },
    {
      rule: 'A member twice, of which another reader takes the other',
      find: "attempt(() => parseJson(Buffer.from(part, 'base64url'), 'a part', limits.receiptBytes))",
      replace: "attempt(() => JSON.parse(Buffer.from(part, 'base64url').toString()))",
    },
    {
      rule: 'A session that ended before it began',
      find: ' || endedAt < startedAt',
      replace: '',
    },
  ]),

  ...inFile('collect/receipts/key-set.ts', attacks, [
    {
      rule: 'Two keys of one name',
      find: 'if (others.length > 0)',
      replace: 'if (false)',
    },
    {
      rule: 'A key of another kind than the algorithm',
      find: "if (key['kty'] !== kty || key['crv'] !== crv)",
      replace: 'if (false)',
      explained: 'jose refuses such a key as well, with the same code: here it is told why',
    },
    {
      rule: 'A key that its issuer has published whole',
      find: 'secret.some((it) => Object.hasOwn(key, it))',
      replace: 'false',
      explained: 'jose verifies nothing with a private key, with the same code: here it is told why',
    },
    {
      rule: 'A key set with more keys than any has',
      find: 'if (keys.length > limits.jwksKeys)',
      replace: 'if (false)',
      tests: keySets,
    },
    {
      rule: 'A key set with a member twice',
      find: "attempt(() => parseJson(bytes, 'the key set', limits.jwksBytes))",
      replace: 'attempt(() => JSON.parse(Buffer.from(bytes).toString()))',
      tests: keySets,
    },
  ]),

  ...inFile('collect/receipts/fetch-key-set.ts', keySets, [
    {
      rule: 'Keys from where a redirect leads',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
    {
      rule: 'A key set without an end',
      find: 'readBody(response, limits.jwksBytes, () => tooLong)',
      replace: 'readBody(response, 256 * limits.jwksBytes, () => tooLong)',
    },
    {
      rule: 'A page of an error taken for keys',
      find: 'if (response.status !== 200)',
      replace: 'if (false)',
    },
    {
      rule: 'A certificate that does not hold, asked again',
      find: 'isCertificateFault(reason) || ',
      replace: '',
    },
  ]),

  ...inFile('collect/receipts/signed-receipt.ts', attacks, [
    {
      rule: 'An issuer whom nobody named',
      find: 'issuers.find((it) => it.issuer === payload.iss)',
      replace: 'issuers.find((it) => payload.iss.startsWith(it.issuer)) ?? issuers[0]',
    },
    {
      rule: 'A key that was revoked',
      find: 'if (isRevoked)',
      replace: 'if (false)',
    },
    {
      rule: 'A key that was revoked since',
      find: '&& issuedAt >= it.at',
      replace: '&& it.at === 0',
    },
    {
      rule: 'A signature that is none',
      find: 'if (fault !== undefined) return refused(fault.code, fault.why)',
      replace: "if (fault?.code === 'receipt-untimely') return refused(fault.code, fault.why)",
    },
    {
      rule: 'A receipt of the future',
      find: 'issuedAt <= now.getTime() + issuer.skew && ',
      replace: '',
    },
    {
      rule: 'A receipt of a session that goes on',
      find: ' && issuedAt + 1_000 > parsed.endedAt - issuer.skew',
      replace: '',
    },
    {
      rule: 'A receipt from before its issuer counted',
      find: 'issuedAt >= issuer.notBefore && ',
      replace: '',
    },
    {
      rule: 'A receipt from after its issuer counted',
      find: ' && issuedAt < issuer.notAfter',
      replace: '',
    },
    {
      rule: 'A receipt that had expired when it was issued',
      find: 'currentDate: new Date(payload.iat * 1_000),',
      replace: 'currentDate: new Date(payload.iat * 1_000), clockTolerance: 1e9,',
    },
  ]),

  ...inFile('collect/receipts/verifier.ts', attacks, [
    {
      rule: 'Two receipts of one name',
      find: 'if (replayed.has(nameOf(it.parsed)))',
      replace: 'if (false)',
    },
    {
      rule: 'A name that a receipt of another session has',
      find: 'signedReceipts([...about, ...others], about, keys, world)',
      replace: 'signedReceipts(about, about, keys, world)',
    },
    {
      rule: 'A session of another tool',
      find: "tools.has(session.tool) ? undefined : 'receipt-other-tool'",
      replace: 'undefined',
    },
    {
      rule: 'A request to an issuer where nobody is to be asked',
      find: 'if (!asks)',
      replace: 'if (false)',
      tests: keySets,
    },
  ]),

  ...inFile('collect/receipts/agreement.ts', attacks, [
    {
      rule: 'A receipt for another repository',
      find: '(isForge ? said.toLowerCase() : said) === `git+https://${own}`',
      replace: 'canonicalRepository(said) === own',
    },
    {
      rule: 'A repository whose name differs in case alone',
      find: '(isForge ? said.toLowerCase() : said)',
      replace: 'said.toLowerCase()',
    },
    {
      rule: 'A repository that is none of the audiences',
      find: 'if (audiences !== undefined) return audiences.includes(said)',
      replace: '',
    },
    {
      rule: 'A commit of somebody else',
      find: 'user: commits.filter((it) => !isBy(it, addresses)),',
      replace: 'user: commits.every((it) => !isBy(it, addresses)) ? commits : [],',
    },
    {
      rule: 'An author without an address, and a user with a blank for one',
      find: "it !== '' && ",
      replace: '',
    },
    {
      rule: 'A user of whom the list says nothing',
      find: "if (users === 'opaque') return undefined\n  return users === 'email' ? ",
      replace: "return typeof users === 'string' ? ",
    },
    {
      rule: 'A commit from before the session',
      find: 'authored * 1_000 + 999 >= start && ',
      replace: '',
    },
    {
      rule: 'A commit from long after the session',
      find: 'authored * 1_000 <= end && ',
      replace: '',
    },
    {
      rule: 'A commit that was made before the session, and calls itself later',
      find: ' && committed * 1_000 + 999 >= start',
      replace: '',
    },
    {
      rule: 'A commit that the receipt does not name',
      find: 'named?.has(it.commit) === false && !named.has(it.change)',
      replace: 'false',
    },
    {
      rule: 'A session whose commits nobody could look at',
      find: 'user: !none && ',
      replace: 'user: ',
    },
  ]),

  ...inFile('collect/receipts/issuer-list.ts', lists, [
    {
      rule: 'An issuer, or keys, in the clear',
      find: 'if (url === null || !isSecure(url) || ',
      replace: 'if (url === null || ',
    },
    {
      rule: 'An issuer whose name a URL parser reads differently',
      find: 'return url.href === text || url.href === `${text}/`',
      replace: 'return true',
    },
    {
      rule: 'An issuer twice, of which only one is seen',
      find: 'if (issuers.some((it) => it.issuer === said.issuer))',
      replace: 'if (false)',
    },
    {
      rule: 'A time that is none, which would revoke nothing',
      find: 'if (at === undefined) throw',
      replace: 'if (at === undefined) return 0; if (false) throw',
    },
    {
      rule: 'A user twice, with two addresses',
      find: "attempt(() => parseJson(bytes, 'the file of users', limits.receiptUsersBytes))",
      replace: 'attempt(() => JSON.parse(bytes.toString()))',
    },
  ]),

  ...inFile(
    'collect/receipts/receipt-files.ts',
    ['collect/receipts/receipt-files.test.ts'],
    [
      {
        rule: 'More receipts than are read',
        find: 'if (receipts.length > limits.receipts)',
        replace: 'if (false)',
      },
      {
        rule: 'A link in a folder of receipts',
        find: 'it.isFile() && ',
        replace: '!it.isDirectory() && ',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/receipts.ts',
    ['collect/sessions/receipts.test.ts'],
    [
      {
        rule: 'A receipt that agrees in part',
        find: 'const agrees = missing.length === 0 && Object.values(agreement).every(Boolean)',
        replace: 'const agrees = true',
      },
      {
        rule: 'Models that the issuer did not see',
        find: "models.every((it) => seen.has(it)) ? 'vouched' : 'reported'",
        replace: "'vouched'",
      },
      {
        rule: 'Keys that could not be had, taken for nothing wrong',
        find: 'undecided === undefined\n',
        replace: 'true\n',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/claiming-commits.ts',
    ['collect/sessions/receipts.test.ts'],
    [
      {
        rule: 'A session that a commit names without its tool',
        find: 'if (tool !== unknownTool || wanted.has(key)) return',
        replace: 'if (true) return',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/level.ts',
    ['collect/sessions/level.test.ts'],
    [
      {
        rule: 'A receipt that names other commits',
        find: ' && commits',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'attest/receipts.ts',
    ['attest/receipts.test.ts'],
    [
      {
        rule: 'Receipts behind a link of the checkout',
        find: 'await refuseLinksBelow(root, path)\n    if',
        replace: 'if',
      },
      {
        rule: 'A list behind a link of the checkout',
        find: 'await refuseLinksBelow(root, path)\n  const',
        replace: 'const',
      },
      {
        rule: 'A list in the checkout of which nobody is told',
        find: 'if (isBelow(await realpath(path), await realpath(root)))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile('vouch/issue-receipt.ts', issuing, [
    {
      rule: 'A signature of another key, in another form, or of other bytes',
      find: 'if (!isGood)',
      replace: 'if (false)',
    },
    {
      rule: 'A receipt that no reader takes, signed all the same',
      find: 'if (isRefused(read))',
      replace: 'if (false)',
    },
    {
      rule: 'A receipt of a session that goes on, signed',
      find: 'if (read.payload.iat * 1_000 + 1_000 <= read.endedAt)',
      replace: 'if (false)',
    },
  ]),

  ...inFile('vouch/key-file.ts', issuing, [
    {
      rule: 'A key of another curve',
      find: 'if (alg === undefined) throw',
      replace: "if (alg === undefined) return { alg: 'ES256', kid: 'x', publicKey }; if (false) throw",
    },
    {
      rule: 'A key that others can read',
      find: "await readOwnersFile(path, { what: 'the key', most: limits.keyBytes, unusable })",
      replace: "await readRegularFile(path, limits.keyBytes, 'the key')",
    },
  ]),

  ...inFile(
    'vouch/verify-receipts.ts',
    ['cli/receipt.test.ts'],
    [
      {
        rule: 'No receipt at all, as an answer',
        find: 'if (given.length === 0)',
        replace: 'if (false)',
      },
      {
        rule: 'Two receipts of one name, verified by themselves',
        find: '...(replayed.has(nameOf(answer.parsed))',
        replace: '...(false',
      },
    ],
  ),
]
