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
  const word = fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', '\n', 'é', '=', '-'), maxLength: 24 })
  await fc.assert(
    fc.asyncProperty(word, word, async (before, after) => {
      expect(await redactSecrets(before + after)).toEqual({ text: before + after, count: 0 })
      const { text, count } = await redactSecrets(`${before}\n${github}\n${after}`)
      expect([text, count]).toEqual([`${before}\n${redaction}\n${after}`, 1])
    }),
    { numRuns: runs(200) },
  )
})
