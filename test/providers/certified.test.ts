/** What is read out of tokens and certificates beside the names in them; those are in `fixtures/tokens`, with what Fulcio makes of them. */
import { expect, test } from 'vitest'
import { providerClaims } from '../../src/embedded/claims.ts'
import { builderUri } from '../../src/model/identity.ts'
import { missingClaims, providerOf } from '../../src/providers/token-identity.ts'

test('a claim without which Fulcio certifies nothing is missing here too', () => {
  const { workflow: _name, ...claims } = providerClaims('github')
  expect(missingClaims(providerOf(claims)!, claims)).toEqual(['workflow'])
})

test.each([
  ['dev@acme.example', 'mailto:dev@acme.example'],
  ['a+b@acme.example', 'mailto:a+b@acme.example'],
  ['a?subject=x#y&z@acme.example', 'mailto:a%3Fsubject%3Dx%23y%26z@acme.example'],
  ['ü x%@acme.example', 'mailto:%C3%BC%20x%25@acme.example'],
])('a person %s runs a build as %s', (email, uri) => {
  expect(builderUri({ subjectAlternativeName: { kind: 'email', value: email }, extensions: {} })).toBe(uri)
})
