/** Receipts of independent parties: read, verified, held against commits, and issued. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['collect/receipts/attacks.test.ts']
const keySets = ['collect/receipts/fetch-key-set.test.ts']
const lists = ['collect/receipts/issuer-list.test.ts']
const issuing = ['vouch/issue.test.ts']
const serving = ['vouch/serve.test.ts']

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

  ...inFile('vouch/vendors/claude-code-self-hosted.ts', serving, [
    {
      rule: 'A token of a runner, taken for that of a session',
      find: "if (claims['ccr:role'] !== 'session_worker')",
      replace: 'if (false)',
    },
    {
      rule: 'A token of one environment that is for another one as well',
      find: "if (claims['ccr:pool_id'] !== audience)",
      replace: 'if (false)',
    },
    {
      rule: 'A token that names two sessions',
      find: " || claims['sub'] !== `ccr:session:${id}`",
      replace: '',
    },
    {
      rule: 'A session that nobody created',
      find: 'if (creator === undefined || !/^(?:user|agent):./.test(creator))',
      replace: 'if (creator === undefined)',
    },
  ]),

  ...inFile('vouch/serve/vendor-token.ts', serving, [
    {
      rule: 'A token of another kind of the same vendor',
      find: 'environments.filter((it) => given.startsWith(it.row.prefix))',
      replace: 'environments',
    },
    {
      rule: 'A token that is larger than any',
      find: 'if (given.length > limits.vendorTokenBytes)',
      replace: 'if (false)',
    },
    {
      rule: 'A claim twice, of which another reader takes the other',
      find: "attempt(() => parseJson(Buffer.from(part, 'base64url'), 'a part', limits.vendorTokenBytes))",
      replace: "attempt(() => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}'))",
    },
    {
      rule: 'A token of an issuer that its holder has chosen',
      find: "own.filter((it) => it.issuer === claims['iss'])",
      replace: 'own',
    },
    {
      rule: 'A token for the environment of somebody else',
      find: 'ofIssuer.find((it) => audiences.includes(it.audience))',
      replace: 'ofIssuer[0]',
    },
    {
      rule: 'A token of another algorithm',
      find: "row.algorithms.find((it) => it === header['alg'])",
      replace: 'row.algorithms[0]',
    },
    {
      rule: 'A token that brings its key along',
      find: 'if (alg === undefined || isRefused || ',
      replace: 'if (alg === undefined || ',
    },
    {
      rule: 'A token that nobody signed',
      find: '  await checkSignatureAndTimes(raw, key, environment, now)\n',
      replace: '',
    },
    {
      rule: 'A token as old as its holder likes',
      find: 'maxTokenAge: row.longestLife, ',
      replace: '',
    },
    {
      rule: 'A token without an end',
      find: "'exp', 'iat'",
      replace: "'iat'",
    },
    {
      rule: 'A token that was good yesterday',
      find: 'currentDate: now }',
      replace:
        "currentDate: new Date(Number((JSON.parse(Buffer.from(raw.split('.')[1] ?? '', 'base64url').toString()) as { iat: number }).iat) * 1_000) }",
    },
  ]),

  ...inFile('vouch/serve/exchange.ts', serving, [
    {
      rule: 'A receipt for a session of somebody else',
      find: 'if (!isSame(asked.session.id, proved) || ',
      replace: 'if (',
    },
    {
      rule: 'A session id that is another one but for its beginning',
      find: 'rest(said) !== undefined && rest(said) === rest(id)',
      replace: 'rest(said) === rest(id)',
    },
    {
      rule: 'A receipt for a session of another tool',
      find: ' || asked.session.tool !== environment.row.tool',
      replace: '',
    },
    {
      rule: 'A receipt for a repository that the operator has not named',
      find: 'if (repository === undefined || !environment.repositories.has(repository))',
      replace: 'if (repository === undefined)',
    },
    {
      rule: 'A session that began before its token, on the word of its holder',
      find: 'at < issuedAt - environment.startsBefore || ',
      replace: '',
    },
    {
      rule: 'A session that begins later',
      find: ' || at > now)',
      replace: ')',
    },
    {
      rule: 'A session that asks without an end',
      find: 'if (!isGranted(',
      replace: 'if (false && !isGranted(',
    },
    {
      rule: 'Words of the holder, not named as such',
      find: ", holder_said: ['aud', 'commits', ...said] }",
      replace: ' }',
    },
    {
      rule: 'A member of a request twice',
      find: "attempt(() => parseJson(body, 'the request', limits.exchangeBytes))",
      replace: 'attempt(() => JSON.parse(body.toString() || "1"))',
    },
  ]),

  ...inFile('vouch/serve/vendor-keys.ts', serving, [
    {
      rule: 'Keys that are kept for ever',
      find: 'world.elapsed() - keysAt < limits.vendorKeysKept ? keys : undefined',
      replace: 'keysAt >= 0 ? keys : undefined',
    },
    {
      rule: 'A request to a vendor for each token that somebody makes up',
      find: ' || world.elapsed() - it.askedAt < limits.vendorKeysPause',
      replace: '',
    },
    {
      rule: 'A request to a vendor for each of those who wait',
      find: 'it.asking ??= ask(',
      replace: 'it.asking = ask(',
    },
  ]),

  ...inFile('vouch/serve/http-server.ts', serving, [
    {
      rule: 'A token in an address, which every log has',
      find: "if (url.includes('?'))",
      replace: 'if (false)',
    },
    {
      rule: 'Two tokens, of which a proxy saw the other',
      find: ' || others.length > 0',
      replace: '',
    },
    {
      rule: 'A body without an end',
      find: '      if (length > limits.exchangeBytes)',
      replace: '      if (false)',
    },
    {
      rule: 'More requests at once than are worked on',
      find: 'if (state.busy >= limits.exchanges)',
      replace: 'if (false)',
    },
    {
      rule: 'A client that takes its time',
      find: 'headersTimeout: headers, requestTimeout: request, ',
      replace: '',
    },
    {
      rule: 'The message of a defect, which may quote a token',
      find: "new ExchangeRefusal('internal')",
      replace: "new ExchangeRefusal('internal', String(thrown))",
    },
    {
      rule: 'An end that waits for who never finishes',
      find: "grace.addEventListener('abort', cut)",
      replace: '',
    },
    {
      rule: 'The address that somebody asked for, in the log',
      find: "(it) => it === url) ?? 'other'",
      replace: '(it) => it === url) ?? String(url)',
    },
  ]),

  ...inFile('vouch/serve/service-config.ts', serving, [
    {
      rule: 'An audience that every token of the vendor has',
      find: 'if (!row.audience.test(audience))',
      replace: 'if (false)',
    },
    {
      rule: 'Keys of a vendor in the clear',
      find: 'if (!isPlainUrl(jwks.url))',
      replace: 'if (false)',
    },
    {
      rule: 'An environment twice, with two rules',
      find: 'if (environments.some((other) => other.issuer === next.issuer && other.audience === next.audience))',
      replace: 'if (false)',
    },
  ]),

  ...inFile('vouch/serve.ts', serving, [
    {
      rule: 'Two published keys of one name',
      find: "if (new Set(keys.map((it) => it['kid'])).size < keys.length)",
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
