/**
 * Harmless text that looks like secrets: ids, digests, signatures, data, paths, placeholders, and words about secrets. Each stays as it is.
 * What is random is made when a test asks for it; `text` gives the whole text.
 */
import { base32, base36, base62, base64, base64url, digits, hex, lower, upper } from './alphabets.ts'
import type { Bodies } from './alphabets.ts'

export interface LookAlike {
  readonly group: string
  readonly name: string
  readonly text: (bodies: Bodies) => string
}

type Maker = (bodies: Bodies) => string

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const binary = (bodies: Bodies, bytes: number, head: readonly number[] = []): string =>
  Buffer.from([...head, ...Array.from({ length: bytes }, () => bodies.below(256))]).toString('base64')

/** Where such stand: in a row of a transcript, in a log, in code. */
const settings: readonly (readonly [string, (value: string, name: string) => string])[] = [
  ['JSON', (value, name) => JSON.stringify({ type: 'x', [name]: value, at: '2027-01-02T03:04:05.678Z' })],
  ['a log', (value, name) => `12:00:01 DEBUG worker ${name}=${value} done in 31ms`],
  ['code', (value, name) => `  expect(result.${name}).toEqual({ ${name}: '${value}' })`],
]

function everywhere(group: string, name: string, called: string, make: Maker): LookAlike[] {
  return settings.map(([where, set]) => ({
    group,
    name: `${name}, in ${where}`,
    text: (bodies) => set(make(bodies), called),
  }))
}

function each(group: string, texts: readonly string[]): LookAlike[] {
  return texts.map((it) => ({ group, name: it.slice(0, 60), text: () => it }))
}

function one(group: string, name: string, text: Maker): LookAlike {
  return { group, name, text }
}

const ids: readonly LookAlike[] = [
  ...everywhere('Ids', 'UUID', 'requestId', (it) => it.uuid()),
  ...everywhere('Ids', 'UUID in capitals', 'guid', (it) => it.uuid().toUpperCase()),
  ...everywhere('Ids', 'commit', 'sha', (it) => it.of(hex, 40)),
  ...everywhere('Ids', 'commit of SHA-256', 'head', (it) => it.of(hex, 64)),
  ...everywhere('Ids', 'call of a tool', 'tool_use', (it) => `toolu_01${it.of(base62, 22)}`),
  ...everywhere('Ids', 'call of a tool at Bedrock', 'call', (it) => `toolu_bdrk_01${it.of(base62, 22)}`),
  ...everywhere('Ids', 'call of a tool at Vertex', 'call', (it) => `toolu_vrtx_01${it.of(base62, 22)}`),
  ...everywhere('Ids', 'call of a server tool', 'call', (it) => `srvtoolu_01${it.of(base62, 22)}`),
  ...everywhere('Ids', 'call of a function', 'call', (it) => `call_${it.of(base62, 24)}`),
  ...everywhere('Ids', 'message', 'message', (it) => `msg_01${it.of(base62, 22)}`),
  ...everywhere('Ids', 'request', 'request', (it) => `req_011C${it.of(base62, 20)}`),
  ...everywhere('Ids', 'completion', 'completion', (it) => `chatcmpl-${it.of(base62, 29)}`),
  ...everywhere('Ids', 'response', 'response', (it) => `resp_${it.of(hex, 50)}`),
  ...everywhere('Ids', 'reasoning', 'reasoning', (it) => `rs_${it.of(hex, 50)}`),
  ...everywhere('Ids', 'session of opencode', 'session', (it) => `ses_${it.of(hex, 12)}${it.of(base62, 14)}`),
  ...everywhere('Ids', 'part of opencode', 'part', (it) => `prt_${it.of(hex, 12)}${it.of(base62, 14)}`),
  ...everywhere('Ids', 'payment', 'payment', (it) => `pi_3${it.of(base62, 23)}`),
  ...everywhere('Ids', 'ULID', 'ulid', (it) => `01${it.of(crockford, 24)}`),
  ...everywhere('Ids', 'KSUID', 'ksuid', (it) => it.of(base62, 27)).map((it) => ({
    ...it,
    name: `${it.name} under the name of an id`,
  })),
  ...everywhere('Ids', 'nanoid', 'nanoid', (it) => it.of(base64url, 21)),
  ...everywhere('Ids', 'CUID', 'cuid', (it) => `c${it.of(base36, 24)}`),
  ...everywhere('Ids', 'object of MongoDB', 'object', (it) => it.of(hex, 24)),
  ...everywhere('Ids', 'trace', 'traceparent', (it) => `00-${it.of(hex, 32)}-${it.of(hex, 16)}-01`),
  ...everywhere('Ids', 'number of a run', 'run', (it) => it.of(digits, 11)),
  ...everywhere('Ids', 'ARN', 'arn', (it) => `arn:aws:iam::${it.of(digits, 12)}:role/deploy-${it.of(lower, 8)}`),
]

const digests: readonly LookAlike[] = [
  ...everywhere('Digests', 'SHA-256', 'sha256', (it) => it.of(hex, 64)),
  ...everywhere('Digests', 'SHA-256 with its name', 'digest', (it) => `sha256:${it.of(hex, 64)}`),
  ...everywhere('Digests', 'SHA-512', 'sha512', (it) => it.of(hex, 128)),
  ...everywhere('Digests', 'MD5', 'md5', (it) => it.of(hex, 32)),
  ...everywhere('Digests', 'MD5 in capitals', 'sum', (it) => it.of(hex, 32).toUpperCase()),
  ...everywhere('Digests', 'integrity of a package', 'integrity', (it) => `sha512-${it.of(base64, 86)}==`),
  ...everywhere('Digests', 'integrity of a script', 'integrity', (it) => `sha384-${it.of(base64, 64)}`),
  ...everywhere('Digests', 'sum of Go', 'sum', (it) => `h1:${it.of(base64, 43)}=`),
  ...everywhere('Digests', 'SHA-256 in base64', 'value', (it) => `${it.of(base64, 43)}=`),
  ...everywhere('Digests', 'fingerprint of a key', 'fingerprint', (it) => `SHA256:${it.of(base64, 43)}`),
  ...everywhere('Digests', 'image', 'image', (it) => `ghcr.io/acme/app@sha256:${it.of(hex, 64)}`),
  ...everywhere('Digests', 'checksum of yarn', 'checksum', (it) => `10c0/${it.of(hex, 128)}`),
  ...everywhere('Digests', 'ETag', 'etag', (it) => `W/${it.of(base62, 27)}`),
  one(
    'Digests',
    'line of a lockfile of npm',
    (it) => `      "integrity": "sha512-${it.of(base64, 86)}==",\n      "license": "MIT"`,
  ),
  one('Digests', 'line of a lockfile of pip', (it) => `requests==2.31.0 \\\n    --hash=sha256:${it.of(hex, 64)}`),
  one('Digests', 'line of go.sum', (it) => `golang.org/x/net v0.20.0 h1:${it.of(base64, 43)}=`),
  one('Digests', 'line of a RECORD', (it) => `pkg/__init__.py,sha256=${it.of(base64url, 43)},1234`),
  one('Digests', 'content of a policy of scripts', (it) => `script-src 'sha256-${it.of(base64, 43)}='`),
]

const data: readonly LookAlike[] = [
  ...everywhere('Data', 'small picture', 'data', (it) =>
    binary(it, 120, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  ),
  ...everywhere('Data', 'picture', 'content', (it) => binary(it, 3_000)),
  ...everywhere('Data', 'address of data', 'src', (it) => `data:image/webp;base64,${binary(it, 90)}`),
  ...everywhere('Data', 'signature of thoughts', 'signature', (it) => binary(it, 150)),
  ...everywhere('Data', 'encrypted thoughts', 'encrypted_content', (it) => it.of(base64url, 180)),
  ...everywhere('Data', 'text in base64', 'body', () =>
    Buffer.from('The quick brown fox jumps over the lazy dog.').toString('base64'),
  ),
  ...everywhere('Data', 'archive', 'blob', (it) => binary(it, 60, [0x1f, 0x8b, 0x08])),
  ...everywhere('Data', 'program for the web', 'wasm', (it) => binary(it, 60, [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0])),
  ...everywhere(
    'Data',
    'public key of SSH',
    'key',
    (it) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${it.of(base64, 43)} ann@host`,
  ),
  one(
    'Data',
    'certificate',
    (it) =>
      `-----BEGIN CERTIFICATE-----\nMIIB${it.of(base64, 60)}\n${it.of(base64, 64)}\n${it.of(base64, 24)}\n-----END CERTIFICATE-----`,
  ),
  one(
    'Data',
    'signature of PGP',
    (it) =>
      `-----BEGIN PGP SIGNATURE-----\n\n${it.of(base64, 64)}\n${it.of(base64, 64)}\n${it.of(base64, 64)}\n-----END PGP SIGNATURE-----`,
  ),
  one('Data', 'attachment of a mail', (it) => Array.from({ length: 5 }, () => it.of(base64, 76)).join('\n')),
  one(
    'Data',
    'public key',
    (it) =>
      `-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${it.of(base64, 28)}\n-----END PUBLIC KEY-----`,
  ),
  one(
    'Data',
    'signature of a log',
    (it) => `log.example.net\n1234567\n${it.of(base64, 43)}=\n\n\u2014 log.example.net ${it.of(base64, 96)}`,
  ),
]

const paths: readonly LookAlike[] = [
  ...everywhere('Paths', 'file of a build', 'file', (it) => `dist/assets/index-${it.of(base64url, 8)}.js`),
  ...everywhere('Paths', 'picture of a build', 'file', (it) => `/_next/static/media/${it.of(hex, 16)}-s.p.woff2`),
  ...everywhere('Paths', 'folder of Nix', 'path', (it) => `/nix/store/${it.of(base36, 32)}-openssl-3.0.13/bin/openssl`),
  ...everywhere(
    'Paths',
    'store of pnpm',
    'path',
    (it) => `/home/ci/.pnpm-store/v3/files/${it.of(hex, 2)}/${it.of(hex, 126)}`,
  ),
  ...everywhere('Paths', 'document', 'link', (it) => `https://docs.google.com/document/d/${it.of(base64url, 44)}/edit`),
  ...everywhere('Paths', 'film', 'link', (it) => `https://www.youtube.com/watch?v=${it.of(base64url, 11)}`),
  ...everywhere(
    'Paths',
    'temporary folder',
    'cwd',
    (it) => `/private/var/folders/${it.of(base36, 2)}/${it.of(base36, 30)}/T/tmp.${it.of(base62, 10)}`,
  ),
  ...everywhere('Paths', 'object', 'object', (it) => `.git/objects/${it.of(hex, 2)}/${it.of(hex, 38)}`),
  ...everywhere(
    'Paths',
    'file of a font',
    'url',
    (it) => `https://fonts.gstatic.com/s/inter/v13/${it.of(base62, 60)}.woff2`,
  ),
  one('Paths', 'address of a commit', (it) => `https://github.com/acme/app/commit/${it.of(hex, 40)}`),
  one('Paths', 'address with a port', () => 'https://registry.example.net:8080/@acme/app?ref=main'),
  one('Paths', 'address of git', () => 'git@github.com:acme/app.git'),
]

const placeholders = each('Placeholders', [
  'DB_PASSWORD=$DB_PASSWORD',
  'password: ${{ secrets.DB_PASSWORD }}',
  'token: ${GITHUB_TOKEN}',
  'export API_KEY=<your-api-key>',
  'API_KEY=****',
  'password: ********',
  'password = None',
  '"password": null',
  'secret: true',
  'access_token: required',
  'token=%TOKEN%',
  '{"password": "<password>"}',
  'client_secret: "{{ .Values.clientSecret }}"',
  'Authorization: $AUTH_HEADER'.replace('Authorization', 'Accept'),
  'tokens: undefined',
  'secret: disabled',
  'docker login -u $USER --password-stdin',
  'curl -u "$USER:$PASS" https://api.example.net'.replace('-u "$USER:$PASS" ', ''),
  '--token-file /run/secrets/token',
  'passphrase: none',
  'password=[redacted]',
  'echo "$NPM_TOKEN" | wc -c',
])

const words = each('Words', [
  'the bearer of news came late',
  'use basic authentication for this service',
  'rotate the tokens: all of them',
  'max_tokens: 4096',
  'Tokens: 5,244 sent, 1,302 received',
  '"input_tokens": 12034, "output_tokens": 99',
  'PASS: app.tgz',
  'PASS src/index.test.ts (5.123 s)',
  'the password is never written to a log',
  'A password policy asks for twelve characters',
  'Forgot your password? Reset it here.',
  'use --password to log in',
  'secret sharing is explained in chapter 4',
  'tokenize(text) returns a list',
  'a compass and a bypass',
  'the key is turned twice',
  'private key algorithms: RSA, ECDSA and Ed25519',
  'public class PasswordEncoderFactoryBean',
  'see RFC 6749 section 4.1 for the code',
  'the monkey= sign',
  'keyboard=de-latin1',
  'an API key is needed',
  'the credential helper was called',
  'Secretary: Ann',
  'author: Ann <ann@example.org>',
  'token_type: bearer',
  'grant_type=client_credentials',
  'auth: none',
  'authored by Ann',
  'an access keyword',
])

const identifiers = each('Code', [
  'AbstractSingletonProxyFactoryBeanPostProcessorImpl2',
  'org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder',
  'com.example.app.MainActivity',
  'getUserAuthenticationTokenProviderFactoryV2Impl',
  'X509CertificateChainValidationContextBuilder2',
  'XMLHttpRequestUpload.prototype.addEventListener',
  'UTF8StringToBase64URLEncodedSHA256Digest',
  'kCFStreamPropertySSLPeerCertificates',
  'MAX_CONCURRENT_STREAM_RESET_COUNT_PER_WINDOW_V2',
  'test_should_return_404_when_user_does_not_exist_2',
  'lsp-server-command-timeout-milliseconds-default',
  'const isPasswordField = (it) => it.type === "password"',
  'import { createHash, randomBytes } from "node:crypto"',
  'function validatePassword(password) { return password.length > 8 }',
  'if (token === undefined) return null',
  'token?.trim() ?? ""',
  'type Token = { kind: TokenKind; text: string }',
  'password.length < 8',
  'expect(tokens).toHaveLength(3)',
  'const key = keys[index]',
  'for (const [key, value] of Object.entries(map)) {}',
  'class="tw-flex-col md:tw-grid-cols-2 lg:tw-gap-x-8"',
  'AAAA,SAASA,EAAYC,EAAMC,GAAI,OAAOD,CAAI',
  '!function(e,t){"object"==typeof exports?t(exports):t(e.x={})}(this)',
  '_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE',
  'Ljava/util/concurrent/ConcurrentHashMap$TreeBin;',
  '/^(?:gh[pousr]_[A-Za-z0-9]{36})$/',
  '^[A-Za-z0-9+/]{40}$',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '1.2.3-beta.4+build.20270102T030405Z',
  'v20.11.1-linux-x64-musl-node-gyp-build-abi115',
  '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
  '00:1B:44:11:3A:B7',
  '#a1B2c3, rgba(0, 0, 0, 0.5)',
  'deploy v1.2.3 to eu-west-1, please',
])

const public_: readonly LookAlike[] = [
  one('Numbers', 'card of a telephone', (it) => `+49 ${it.of(digits, 11)}`),
  one('Numbers', 'time', () => 'started 2027-01-02T03:04:05.678901234Z after 1735787045678'),
  one('Numbers', 'number in base 32', (it) => `code ${it.of(base32, 16)}`),
  one('Numbers', 'licence of a car', (it) => `plate ${it.of(upper, 2)}-${it.of(digits, 4)}`),
  one('Numbers', 'long number', (it) => it.of(digits, 60)),
]

export const lookAlikes: readonly LookAlike[] = [
  ...[...ids, ...digests, ...data, ...paths, ...placeholders, ...words, ...identifiers, ...public_],
]
