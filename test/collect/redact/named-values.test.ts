/** Values behind a name that says they are secrets go whole; versions, addresses, digests and prose stay. */
import { describe, expect, it } from 'vitest'
import { knownForms } from '../../../src/collect/redact/known-forms.ts'
import { redactSecrets } from '../../../src/collect/redact/secrets.ts'
import { growth, nearlyLinear } from '../../world/cpu-time.ts'

const digest = '6ad355393ac94b315cb8540e9ee2087f83086470e25368fb3cc51c7c35153a7b'
const commit = '0123456789abcdef0123456789abcdef01234567'
const random = 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA2bC4dF6hJ8kL0nM2pR4sT6vX8zB1'
const account =
  '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"}'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const lines = (text: string): string => text.replace(/.{76}/g, '$&\n')

describe('the whole value goes', () => {
  it.each([
    ['GPG_PASSPHRASE=correct horse battery staple', 'GPG_PASSPHRASE=[redacted]'],
    ['password = """hunter2"""', 'password = """[redacted]"""'],
    ["password = '''\nhunter2\n'''", "password = '''[redacted]'''"],
    ['password: correct horse battery staple\nversion: 1.2.3', 'password: [redacted]\nversion: 1.2.3'],
    ['Passphrase: correct, horse! battery; staple', 'Passphrase: [redacted]'],
    ['DB_PASSWORD=x y DB_HOST=db.example.net', 'DB_PASSWORD=[redacted] DB_HOST=db.example.net'],
    ['password=correct horse --version 1.2.3', 'password=[redacted] --version 1.2.3'],
    [`password: two words sha256:${digest}`, `password: [redacted] sha256:${digest}`],
    [`password: two words ${commit}`, `password: [redacted] ${commit}`],
    ['password: two words v1.2.3', 'password: [redacted] v1.2.3'],
    ['password: two words https://acme.example/x', 'password: [redacted] https://acme.example/x'],
    ['PASSWORD=hunter2 && ./deploy v1.2.3', 'PASSWORD=[redacted] && ./deploy v1.2.3'],
    ['password: "two words" and more', 'password: "[redacted]" and more'],
    ['{password: two words, host: db}', '{password: [redacted] host: db}'],
    [`token=${'a"'.repeat(400)} b`, 'token=[redacted] b'],
    [`--token ${'a"'.repeat(400)} b`, '--token [redacted] b'],
    ['MYSQL_PWD=abc', 'MYSQL_PWD=[redacted]'],
    ['password: |\n  correct horse\n  battery\nversion: 1.2.3', 'password: |\n[redacted]\nversion: 1.2.3'],
    ['--password hunter2pass --user deploy', '--password [redacted] --user deploy'],
    ['--password=hunter2pass acme/app:1.2.3', '--password=[redacted] acme/app:1.2.3'],
    ["--registry-token 'a b' --tag v1", "--registry-token '[redacted]' --tag v1"],
    ['npm publish --token abc', 'npm publish --token [redacted]'],
    ['keytool -storepass changeit -keypass "a b"', 'keytool -storepass [redacted] -keypass "[redacted]"'],
    ['-Password hunter -Version 1.2.3', '-Password [redacted] -Version 1.2.3'],
    ['<server><password>hunter two</password></server>', '<server><password>[redacted]</password></server>'],
    [
      '<ns:db.password a="b"><![CDATA[hunter]]></ns:db.password>',
      '<ns:db.password a="b"><![CDATA[[redacted]></ns:db.password>',
    ],
    ['<key>apiToken</key>\n<string>hunter two</string>', '<key>apiToken</key>\n<string>[redacted]</string>'],
    ['<add key="Password" value="hunter two"/>', '<add key="Password" value="[redacted]"/>'],
    ['{"name":"DB_PASS","value":"hunter two"}', '{"name":"DB_PASS","value":"[redacted]"}'],
    ['- name: DB_PASSWORD\n  value: hunter', '- name: DB_PASSWORD\n  value: [redacted]'],
    ['DB_PASS=hunter two', 'DB_PASS=[redacted]'],
    ['dbPass: "hunter two"', 'dbPass: "[redacted]"'],
    ['smtp-pass: hunter', 'smtp-pass: [redacted]'],
    ['machine api.acme.io login deploy password hunter', 'machine api.acme.io login deploy password [redacted]'],
    ['machine a\n  login b\n  password hunter\n', 'machine a\n  login b\n  password [redacted]\n'],
    ['login with password hunter2pass please', 'login with password [redacted] please'],
    ['the password is hunter2!', 'the password is [redacted]'],
    ['curl -u deploy:hunter https://x.example', 'curl -u deploy:[redacted] https://x.example'],
    ['--user=deploy:hunter -v', '--user=deploy:[redacted] -v'],
    ['docker login -u ann -p hunter ghcr.io', 'docker login -u ann -p [redacted] ghcr.io'],
    ['sshpass -p hunter ssh a@b.example', 'sshpass -p [redacted] ssh a@b.example'],
    ['openssl x -passin pass:hunter -in key', 'openssl x -passin pass:[redacted] -in key'],
    ['npm set //r.example/:_authToken hunter', 'npm set //r.example/:_authToken [redacted]'],
    ['{"auths":{"ghcr.io":{"auth":"YW5uOmh1bnRlcg=="}}}', '{"auths":{"ghcr.io":{"auth":"[redacted]"}}}'],
  ])('of %j', async (text, redacted) => {
    expect((await redactSecrets(text)).text).toBe(redacted)
  })

  // Marks in parts, so that no scanner takes this file for one with secrets in it.
  it.each([
    ['xai', '-'],
    ['pplx', '-'],
    ['r8', '_'],
    ['HRKU', '-'],
    ['sqp', '_'],
    ['squ', '_'],
    ['dp.st', '.'],
    ['dp.st', '.prod.'],
    ['fm2', '_'],
    ['rnd', '_'],
    ['a1B2c3D4e5F6g7.atlasv1', '.'],
    ['sl', '.'],
    ['sl', '.u.'],
    ['bkct', '_'],
    ['sk', '-'],
    ['https://acme.webhook.office.com/webhookb2', '/'],
  ])('of a token that begins with %s%s', async (start, mark) => {
    const { text, count } = await redactSecrets(`use ${start}${mark}${random}z0 here`)
    expect([text.startsWith('use '), text.endsWith(' here'), count]).toEqual([true, true, 1])
    expect(text).not.toContain(random.slice(8))
  })

  it('of the code of a function', async () => {
    expect((await redactSecrets(`https://x.example/api/f?code=${random}==&v=1.2.3`)).text).toBe(
      'https://x.example/api/f?code=[redacted]&v=1.2.3',
    )
  })

  it.each([
    ['a service account', base64(account)],
    ['a service account, indented', base64(JSON.stringify(JSON.parse(account), null, 2))],
    ['a service account, in lines', lines(base64(account))],
    ['variables', base64('NODE_ENV=production\nDB_PASSWORD=correct horse\n')],
  ])('in base64, of %s', async (_, text) => {
    expect((await redactSecrets(`key ${text}`)).text).toBe('key [redacted]')
  })
})

it.each([
  'v1.2.0-rc.1',
  `sha256:${digest}`,
  `ghcr.io/acme/app@sha256:${digest}`,
  commit,
  'https://github.com/acme/widget/pull/12#issuecomment-1234567890',
  'https://x.example/?code=200&page=2',
  'ann@example.com',
  'tokenizer: rebuild all of them',
  'reset the password for deploy, see v1.2.3',
  'fix(password): reset flow in 1.2.3',
  `password reset ${commit}`,
  'use --password to log in',
  'docker login --password-stdin ghcr.io',
  '--token-file ./token.txt --no-password deploy',
  '--password $PASSWORD --token ${{ secrets.TOKEN }}',
  'write <password> in place of it, and <token>',
  'password: ${{ secrets.DB_PASSWORD }}',
  'PASSWORD=$DB_PASSWORD ./run v1.2.3',
  'passwordless: true',
  'password: required',
  'bypass=true, COMPASS=north, compass: west',
  'Tests pass: all of them',
  'PASS: app.tgz',
  'on the machine, login with password credentials',
  'password policy: rotate every 90 days',
  'hash password argon2id, or password sha256',
  'password JIRA-1234 and password rotation-2024',
  'docker run -u 1000:1000 -p 8080:80 app',
  'git clone -u https://x.example/a',
  'mkdir -p dist/app',
  'task-0123456789abcdef01234567 of disk-0123456789abcdef0123',
  'sl.example.net and rnd_seed_1',
  base64('The quick brown fox jumps over the lazy dog, twice or more.'),
  Buffer.from(digest, 'hex').toString('base64'),
])('stays: %s', async (text) => {
  expect(await redactSecrets(text)).toEqual({ text, count: 0 })
})

it.each([
  'password: a ',
  'password=',
  'password ',
  'token:',
  '--password ',
  '-',
  '<password>',
  '<password ',
  'machine a login b password ',
  'machine ',
  'login -p',
  'mysql ',
  'token value ',
  'password: |\n a\n',
  'pass:',
  '-u a:',
  '"auth":',
  'password,',
  'token:${{',
  'token:{{ ',
  String.raw`token:\"{{`,
  'token:"{{',
  'DB_TOKEN value:',
  'token:<',
  '--token a',
  `${'QUJD'.repeat(19)}\n`,
  'a.atlasv1.',
  'sl.',
  '\\',
  ' ',
  '"',
])('is looked for at a cost that is linear: %j again and again', (piece) => {
  expect(
    growth((size) => {
      const text = `token${piece.repeat(size / piece.length)}`
      return () => expect(knownForms(text)).toBeInstanceOf(Array)
    }, 8_000),
  ).toBeLessThan(nearlyLinear)
})
