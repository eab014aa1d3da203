/** Secrets are taken out, each once, and nothing else is. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { redactSecrets, redaction } from '../../../src/collect/redact/secrets.ts'
import { runs } from '../../world/runs.ts'

// In two parts, so that no scanner takes this file for one with secrets in it.
const github = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')
const npm = ['npm_', 'n1Aa2Bb3Cc4Dd5Ee6Ff7Gg8Hh9Ii0Jj1Kk2L'].join('')
const slack = ['xoxb-', '123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'].join('')
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
}) as string

it.each([
  ['of GitHub', github],
  ['of npm', npm],
  ['of Slack', slack],
  ['that is a private key', key.trim()],
  ['that is the password of a URL', ['https://ann:', 'pa55w0rdpa55w0rd', '@example.org/x'].join('')],
])('takes out a secret %s', async (_, secret) => {
  const { text, count } = await redactSecrets(`before ${secret} after`)
  expect(text).toContain(redaction)
  expect(text).toMatch(/^before .* after$/s)
  expect(count).toBe(1)
  expect(text).not.toContain(secret.slice(-16))
})

it('takes out each of several, also beside each other', async () => {
  expect(await redactSecrets(`${github} ${github}`)).toEqual({ text: `${redaction} ${redaction}`, count: 2 })
  expect(await redactSecrets(github)).toEqual({ text: redaction, count: 1 })
})

it('leaves text without secrets as it is (property)', async () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', '\n', 'é', '=', '-'), maxLength: 24 })
  await fc.assert(
    fc.asyncProperty(words, words, async (before, after) => {
      expect(await redactSecrets(before + after)).toEqual({ text: before + after, count: 0 })
      const { text, count } = await redactSecrets(`${before}\n${github}\n${after}`)
      expect([text, count]).toEqual([`${before}\n${redaction}\n${after}`, 1])
    }),
    { numRuns: runs(200) },
  )
})

const alphanumeric = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')
const hex = Array.from('0123456789abcdef')
const word = [...alphanumeric, '_', '-']
const base64 = [...alphanumeric, '+', '/']

/** Text of a kind, in it a secret of so many characters: `S` is where it stands, with what marks it as one. */
type Kind = readonly [name: string, form: string, secret: fc.Arbitrary<string>]

function of(alphabet: readonly string[], length: number, most = length): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: most })
}

function pem(label: string): Kind {
  const lines = fc.array(of(base64, 64), { minLength: 1, maxLength: 4 }).map((it) => it.join('\n'))
  return [`PEM: ${label}`, `-----BEGIN ${label}-----\nS\n-----END ${label}-----`, lines]
}

const json = (text: string): string => Buffer.from(text).toString('base64url')
const cloudflare = fc.tuple(of(alphanumeric, 40), of(hex, 8)).map(([one, other]) => one + other)
const openAi = fc.tuple(of(word, 74), of(alphanumeric, 74)).map(([one, other]) => `${one}T3BlbkFJ${other}`)
const sendGrid = fc.tuple(of(alphanumeric, 22), of(alphanumeric, 43)).map(([one, other]) => `${one}.${other}`)
const claims = of(alphanumeric, 8).map((it) => `${json(`{"sub":"${it}"}`)}.${json(it + it)}`)

// Marks in parts here too.
const preset: readonly Kind[] = [
  ['AWS secret', 'AWS_SECRET_ACCESS_KEY=S', of(base64, 40)],
  ['AWS secret, quoted', 'aws_secret_access_key = "S"', of(base64, 40)],
  ['AWS secret, in single quotes', "export AWS_SECRET_ACCESS_KEY='S'", of(base64, 40)],
  ['AWS secret in YAML', 'SecretAccessKey: S', of(base64, 40)],
  ['AWS secret, far away', 'aws_secret_access_key   =>   \n\n\t S', of(base64, 40)],
  ['AWS secret in JSON', '{"SecretAccessKey":"S"}', of(base64, 40)],
  ['AWS key id', ['AK', 'IAS'].join(''), of(alphanumeric, 16).map((it) => it.toUpperCase())],
  ['npm', ['npm', '_S'].join(''), of(alphanumeric, 36)],
  ['npm, old', ['//packages.example/:_auth', 'Token=S'].join(''), of([...hex, '-'], 36)],
  ['npm, older', '//packages.example/:_auth=S', of(base64, 40)],
  ['GitHub, old', 'https://S:x-oauth-basic@github.com/a/b', of(hex, 40)],
  ['GitHub', ['gh', 'p_S'].join(''), of(alphanumeric, 36)],
  ['GitHub, fine-grained', ['github', '_pat_S'].join(''), of([...alphanumeric, '_'], 82)],
  ['GitLab', ['gl', 'pat-S'].join(''), of(word, 20, 40)],
  ['Slack', ['xo', 'xb-123456789012-S'].join(''), of(alphanumeric, 24)],
  ['Slack web hook', ['https://hooks.slack.com/', 'services/T01234567/B01234567/S'].join(''), of(alphanumeric, 24)],
  ['user of an address', 'https://ann:S@h.example.net/x', of(word, 12, 40)],
  ['OpenAI', ['sk', '-proj-S'].join(''), openAi],
  ['Anthropic', ['sk', '-ant-api03-SAA'].join(''), of(word, 93)],
  ['Groq', ['gs', 'k_S'].join(''), of(alphanumeric, 52)],
  ['Hugging Face', ['h', 'f_S'].join(''), of(alphanumeric, 34).map((it) => `${it}0`)],
  ['Linear', ['lin', '_api_S'].join(''), of(alphanumeric, 40)],
  ['Notion', ['nt', 'n_01234567890S'].join(''), of(alphanumeric, 35)],
  ['SendGrid', ['S', 'G.S'].join(''), sendGrid],
  ['Shopify', ['shp', 'at_S'].join(''), of(hex, 32)],
  ['Stripe', ['sk', '_live_S'].join(''), of(alphanumeric, 24, 99)],
  ['Grafana', ['gl', 'sa_S_0123abcd'].join(''), of(alphanumeric, 32)],
  ['1Password', ['op', 's_S'].join(''), of(alphanumeric, 20).map((it) => json(`{"email":"${it}"}`))],
  ['MongoDB', 'mongodb+srv://ann:S@db.example.net/x?y=z', of([...word, '!', '*'], 12, 40)],
  ['MongoDB, a quote', 'mongodb://ann:S@db.example.net/x', of(word, 10).map((it) => `0'${it}`)],
  ['PostgreSQL', 'postgres://ann:S@db.example.net:5432/x', of([...word, '!', '*'], 12, 40)],
  ['MySQL', 'jdbc:mysql://ann:S@db.example.net/x', of([...word, '!', '*'], 12, 40)],
  ['Vault', ['hv', 's.S'].join(''), of(alphanumeric, 90)],
  ['Vercel', ['vc', 'p_S'].join(''), of(alphanumeric, 24, 60)],
  ['Databricks', ['da', 'piS'].join(''), of(hex, 32)],
  ['Docker', ['dckr', '_pat_S'].join(''), of(word, 27)],
  ['Figma', ['fig', 'd_S'].join(''), of(word, 40, 60)],
  ['Cloudflare', ['cf', 'ut_S'].join(''), cloudflare],
  ['Tailscale', ['ts', 'key-auth-k0123456789CNTRL-S'].join(''), of(alphanumeric, 32)],
  pem('RSA PRIVATE KEY'),
]

const beside: readonly Kind[] = [
  pem('EC PRIVATE KEY'),
  pem('PRIVATE KEY'),
  pem('ENCRYPTED PRIVATE KEY'),
  pem('OPENSSH PRIVATE KEY'),
  pem('PGP PRIVATE KEY BLOCK'),
  pem('ANY OTHER PRIVATE KEY'),
  ['PEM, cut', '-----BEGIN EC PRIVATE KEY-----\nS', of(base64, 64)],
  ['PEM in JSON', String.raw`{"key":"-----BEGIN PRIVATE KEY-----\nS\n-----END PRIVATE KEY-----\n"}`, of(base64, 64)],
  ['PEM, in base64', 'S', of(base64, 64).map((it) => btoa(`-----BEGIN PRIVATE KEY-----\n${it}`))],
  ['age', ['AGE-SECRET', '-KEY-1S'].join(''), of(alphanumeric, 58).map((it) => it.toUpperCase())],
  ['JWT', `${json('{"alg":"ES256"}')}.S`, claims],
  ['JWT, its header spaced', `${json('{\n "alg" : "ES256" }')}.S`, claims],
  ['Bearer', 'Authorization: Bearer S', of(word, 8, 60)],
  ['Basic', 'Authorization: Basic S', of(base64, 12, 60)],
  ['a header of its own', 'PRIVATE-TOKEN: S', of(alphanumeric, 19).map((it) => `${it}0`)],
  ['Bearer alone', 'Bearer S', of(alphanumeric, 30).map((it) => `${it}0`)],
  ['Azure', 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=S==;EndpointSuffix=y', of(base64, 86)],
  ['Azure, shared', 'SharedAccessKey=S=', of(base64, 43)],
  ['Azure SAS', 'https://x.example.net/c?sv=2024&sig=S&se=2025', of([...alphanumeric, '%'], 44)],
  ['GitLab trigger', ['gl', 'ptt-S'].join(''), of(hex, 40)],
  ['GitLab runner', ['gl', 'rt-S'].join(''), of(word, 20)],
  ['AWS key id of a session', ['AS', 'IAS'].join(''), of(alphanumeric, 16).map((it) => it.toUpperCase())],
  ['AWS secret of another length', 'AWS_SECRET_ACCESS_KEY=S', of([...base64, '='], 41, 60)],
  ['PyPI', ['py', 'pi-AgEIcHlwaS5vcmcS'].join(''), of(word, 60)],
  ['Google', ['AI', 'za0S'].join(''), of(word, 34)],
  ['the user of an address', 'https://S:x@h.example.net/x', of([...word, '!', '.'], 12, 40)],
  ['a password behind what is none', 'secret: password=S', of(alphanumeric.slice(0, 52), 8)],
  ['a token that goes on', ['gh', 'p_0123456789abcdef0123456789abcdef0123/S'].join(''), of([...base64, '='], 8, 40)],
  ['a password', 'password=S', of([...word, '!', '*', '#', '/', ','], 8, 30)],
  ['a password in YAML', 'db_password: S', of([...word, '!', '*', '#', '/', ','], 8, 30)],
  ['a password in words', "password: 'S'", of([...word, '!', ' ', '"'], 8, 30)],
  ['a secret in JSON', '{"client_secret":"S","a":1}', of([...word, '!', ' ', ','], 8, 30)],
  ['a key of an API', 'MY_API_KEY=S', of(word, 8, 30)],
]

it.each([...preset, ...beside])('leaves no piece of a secret: %s (property)', async (_, form, secrets) => {
  const befores = ['', ' ', 'deploy with ', '\n', '(', 'x, ', '`', '@ ', '"', '<!-- secretlint-disable -->\n']
  const afters = ['', ' ', ' and more', '\n', ')', ', x', '`', '.', '!', ';', '"', String.raw`\n`]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...befores),
      secrets,
      fc.constantFrom(...afters),
      async (before, secret, after) => {
        // The last of the form, because its words have that letter too.
        const at = form.lastIndexOf('S')
        const { text, count } = await redactSecrets(before + form.slice(0, at) + secret + form.slice(at + 1) + after)
        expect(count).toBeGreaterThan(0)
        for (let from = 0; from + 8 <= secret.length; from += 1)
          expect(text).not.toContain(secret.slice(from, from + 8))
      },
    ),
    { numRuns: runs(20) },
  )
})

it.each([
  'deploy v1.2.3 to eu-west-1, please',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'ghcr.io/acme/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'https://registry.example.net:8080/@acme/app?ref=main',
  'git@github.com:acme/app.git',
  'secret: none, token: $TOKEN and the bearer of news',
  'com.example.app.MainActivity',
  'rotate the tokens: all of them',
  '-----BEGIN PUBLIC KEY-----',
])('leaves what is none: %s', async (text) => {
  expect(await redactSecrets(text)).toEqual({ text, count: 0 })
})

it('takes out the value, and leaves its name', async () => {
  const aws = ['wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYzzKEYAbc12'].join('')
  const { text, count } = await redactSecrets(`a AWS_SECRET_ACCESS_KEY=${aws} b`)
  expect([text, count]).toEqual([`a AWS_SECRET_ACCESS_KEY=${redaction} b`, 1])
})
