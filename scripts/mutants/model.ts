/** What is read from outside: JSON, bundles, statements, digests, patterns; and the one line that every error is. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const model: readonly Edit[] = [
  ...inFile(
    'model/claimed-source.ts',
    ['model/claimed-source.test.ts'],
    [
      {
        rule: 'A commit of another repository, shown as the one that was built',
        find: ': uri !== undefined && canonicalRepository(uri) === repository',
        replace: ': true',
      },
    ],
  ),

  ...inFile(
    'model/certified-name.ts',
    ['model/uri-in-certificate.test.ts'],
    [
      {
        rule: 'A file whose own % makes it another one in the certificate',
        find: "name.includes('%') ? pattern.text === escaped : pattern.matches(escaped)",
        replace: 'pattern.matches(escaped)',
      },
      {
        rule: 'A branch with the same SAN as another one',
        find: 'return unescaped ?? name.value',
        replace: 'return name.value',
      },
    ],
  ),

  ...inFile(
    'model/uri-in-certificate.ts',
    ['fixtures/tokens.test.ts', 'model/uri-in-certificate.test.ts'],
    [
      {
        rule: 'A name with a % that begins no escape',
        find: 'if (/%(?![0-9A-Fa-f]{2})/.test(part)) return undefined',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'model/proto-names.ts',
    ['model/proto-names.test.ts'],
    [
      {
        rule: 'A member under both of its names',
        find: 'if (isWritten && Object.hasOwn(json, name))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'model/written-json.ts',
    ['model/written-json.test.ts', 'model/summary.test.ts', 'inspect/inspect.test.ts'],
    [
      {
        rule: 'A document that is shown with other numbers than were signed',
        find: 'if (JSON.stringify(Number(number)) !== number) return true',
        replace: '',
      },
      {
        rule: 'A document that is shown in another order than was signed',
        find: 'if (/^\\d{1,10}$/.test(',
        replace: 'if (/^x$/.test(',
      },
    ],
  ),

  ...inFile(
    'model/json.ts',
    ['model/json.test.ts', 'model/statement.test.ts'],
    [
      {
        rule: 'A document larger than its bound',
        find: 'if (bytes.byteLength > maxBytes)',
        replace: 'if (false)',
      },
      { rule: 'Bytes that are not UTF-8', find: 'fatal: true', replace: 'fatal: false' },
      { rule: 'A nest deeper than its bound', find: 'if (depth === limits.jsonDepth)', replace: 'if (false)' },
      {
        rule: 'A member that stands twice, of which each reader takes another',
        find: 'if (hasMember(open, name))',
        replace: 'if (false)',
      },
      {
        rule: 'A member that stands twice, once with escapes',
        find: String.raw`if (raw.includes('\\'))`,
        replace: 'if (false)',
      },
      { rule: 'A member named __proto__', find: "if (name === '__proto__')", replace: 'if (false)' },
      {
        rule: 'An error that quotes a secret document',
        find: String.raw`.replace(/,? ?"[\s\S]*$/, '')`,
        replace: '',
      },
    ],
  ),

  ...inFile(
    'model/bundle.ts',
    ['model/bundle.test.ts'],
    [
      {
        rule: 'A bundle with two contents',
        find: '(dsseEnvelope === null) === (messageSignature === null)',
        replace: 'dsseEnvelope === null && messageSignature === null',
      },
      {
        rule: 'A media type that only begins like a known one',
        find: "mediaTypes.get(mediaType.replaceAll(' ', ''))",
        replace: '[...mediaTypes].find(([it]) => mediaType.startsWith(it.slice(0, -4)))?.[1]',
      },
    ],
  ),

  ...inFile(
    'model/handed-out.ts',
    ['model/handed-out.test.ts'],
    [
      {
        rule: 'A bundle that a member beside it replaces',
        find: 'if (!isObject(json) || isBundle(json)) return undefined',
        replace: 'if (!isObject(json)) return undefined',
      },
      {
        rule: 'Another form of attestation under the version of this one',
        find: 'if (version !== 1)',
        replace: 'if (false)',
      },
      {
        rule: 'A statement that nobody signed, as if it were only broken',
        find: "textOf(it, '_type').startsWith('https://in-toto.io/Statement/')",
        replace: 'false',
      },
      {
        rule: 'A list of nothing',
        find: 'if (entries.length === 0)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'model/json-documents.ts',
    ['model/json-documents.test.ts'],
    [
      {
        rule: 'A line that is cut off and hides all that follow',
        find: 'if (opens && isFirstColumn)',
        replace: 'if (false)',
      },
      {
        rule: 'A string that is cut off and hides all that follow',
        find: "else state = 'inside'",
        replace: "else if (state !== 'string') state = 'inside'",
      },
      {
        rule: 'A bundle with something behind it',
        find: "} else if (!isBlank(byte)) state = 'text'",
        replace: '}',
      },
    ],
  ),

  ...inFile(
    'model/envelope.ts',
    ['sigstore/verify/verify-bundle.test.ts', 'verify/permission.test.ts'],
    [
      {
        rule: 'A payload under another type than was signed',
        find: '`), type, Buffer.from(',
        replace: '`), Buffer.from(',
      },
    ],
  ),

  ...inFile(
    'model/statement.ts',
    ['model/statement.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'A statement of another kind',
        find: 'z.enum([statementTypeV1, statementTypeV01])',
        replace: 'z.string()',
      },
    ],
  ),

  ...inFile(
    'model/subject-match.ts',
    ['model/statement.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'A subject with a right digest and a wrong one',
        find: 'known.every(Boolean)',
        replace: 'known.some(Boolean)',
      },
      {
        rule: 'A subject of which no digest is known',
        find: 'return known.length > 0 &&',
        replace: 'return true &&',
      },
      {
        rule: 'The artifact of somebody else',
        find: '[artifact[algorithm] === value]',
        replace: '[true]',
      },
    ],
  ),

  ...inFile(
    'model/digest.ts',
    ['collect/subjects/checksums.test.ts', 'store/bundle-index.test.ts'],
    [
      {
        rule: 'A digest that is cut',
        find: 'value.length === digestAlgorithms[algorithm as DigestAlgorithm] &&',
        replace: '',
      },
      {
        rule: 'A digest by SHA-1',
        find: 'sha256: 64,',
        replace: 'sha1: 40, sha256: 64,',
        tests: ['model/statement.test.ts', 'store/bundle-index.test.ts', 'verify/verify.test.ts'],
      },
    ],
  ),

  ...inFile(
    'model/identity.ts',
    ['model/identity.test.ts'],
    [
      {
        rule: 'A builder other than the name in a certificate without Build Signer URI',
        find: ': name?.value',
        replace: ': undefined',
        tests: ['forgeries'],
      },
      {
        rule: 'Two quotes of CircleCI that count as a runner',
        find: 'extensions.runnerEnvironment === notSaid ? undefined : extensions.runnerEnvironment',
        replace: 'extensions.runnerEnvironment',
        tests: ['fixtures/tokens.test.ts'],
      },
      {
        rule: 'A pattern that matches everybody',
        find: "if (text.replaceAll('*', '') === '')",
        replace: 'if (false)',
      },
      {
        rule: 'A file whose name goes on behind that of the workflow',
        find: 'matchesFile(parts.file) && matchesRef(parts.ref)',
        replace: 'matchesFile(parts.file.split("@")[0]) && matchesRef(parts.ref)',
      },
      {
        rule: 'A branch that poses as a ref',
        find: "character === '/' || character === '@'",
        replace: "character === '/'",
      },
      {
        rule: 'A repository of another owner behind a wildcard',
        find: "character === '/' || character === '@'",
        replace: "character === '@'",
      },
      {
        rule: 'An identity that only begins like the one that was asked for',
        find: 'return open ? ends.size > 0 : ends.has(value.length)',
        replace: 'return ends.size > 0',
      },
    ],
  ),

  ...inFile(
    'model/prepared.ts',
    ['attest/resume.test.ts'],
    [
      {
        rule: 'A prepared statement that writes its bundle elsewhere',
        find: String.raw`, z.regex(/^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u)`,
        replace: '',
      },
      {
        rule: 'A statement of another run in the place of another attempt of this one',
        find: String.raw`/actions\/runs\/\d+)\/attempts\/\d+$/`,
        replace: String.raw`/actions\/runs)\/.*$/`,
      },
      {
        rule: 'A statement of another attempt, unasked',
        find: "if (attempt === 'any' && areAttempts(before, now)) return",
        replace: 'if (areAttempts(before, now)) return',
      },
    ],
  ),

  ...inFile(
    'one-line.ts',
    ['one-line.test.ts'],
    [
      { rule: 'A line that holds a token', find: '.replace(/[A-Za-z0-9_.=%-]+/g, withoutToken)', replace: '' },
      {
        rule: 'A line that steers the terminal',
        find: "return text.replace(runsOfUnseen, ' ')",
        replace: 'return text',
      },
      { rule: 'A line that steers the log of Azure Pipelines', find: ".replace(markedCommand, '# #')", replace: '' },
      { rule: 'A line that steers the log of GitHub Actions', find: ".replace(/^::/, ': :')", replace: '' },
      { rule: 'JSON that steers the terminal', find: 'json.replace(allUnseen, escaped)', replace: 'json' },
    ],
  ),

  ...inFile(
    'model/repository-url.ts',
    ['forgeries'],
    [
      { rule: 'Another commit of the source, in other letters', find: '? plain.toLowerCase()', replace: '? plain' },
      { rule: 'Another commit of the source, with .git', find: ".replace(/\\.git$/i, '')", replace: '' },
    ],
  ),
]
