/** What is said of an attestation that worked. */
import { expect, it } from 'vitest'
import { inputNotes } from '../../src/attest/notes.ts'

it('counts the secrets in inputs, in the right number', () => {
  expect([0, 1, 2].map(inputNotes)).toEqual([
    [],
    ['1 secret in an input was taken out'],
    ['2 secrets in inputs were taken out'],
  ])
})
