/** Tokens that a model is paid by are counted in every transcript; those that open doors are told apart by what stands behind the name. */
import { expect, it } from 'vitest'
import { redactSecrets } from '../../../src/collect/redact/secrets.ts'

it.each(['Tokens: 5,244 sent, 1.2k received.', 'max_tokens: 4096', 'input_tokens = 1200, output_tokens = 98'])(
  'a count is no secret: %s',
  async (text) => {
    expect(await redactSecrets(text)).toEqual({ text, count: 0 })
  },
)

it.each(['token: 12345678', 'tokens: ab12cd34ef56gh78', 'api_token = 4815162342'])('a value is: %s', async (text) => {
  expect((await redactSecrets(text)).count).toBe(1)
})
