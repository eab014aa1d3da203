/** Where a message says why it names no session, and what is kept of the reason. */
import { describe, expect, test } from 'vitest'
import { overrideIn } from '../../../src/collect/change/override.ts'
import { sha256Hex } from '../../../src/model/digest.ts'

const reason = 'imported from the old repository as it was'
const trailer = `AI-Provenance-Override: ${reason}`
const letters = reason.replaceAll(' ', '').length

describe('an override', () => {
  test.each([
    ['in the last paragraph', `Import\n\n${trailer}\n`],
    [
      'among others',
      `Import\n\nBody.\n\nSigned-off-by: Ann <ann@acme.example>\n${trailer}\n(cherry picked from commit 0123456789)\n`,
    ],
    ['in any case', `Import\n\n${trailer.replace('AI-Provenance', 'ai-provenance')}\n\n\n`],
    ['folded', `Import\n\n${trailer.replace('old ', 'old\n ')}`],
    ['with CRLF', `Import\r\n\r\n${trailer}\r\n`],
    ['of a very long message', `Import\n\n${'x'.repeat(1e6)}\n\n${trailer}\n`],
  ])('counts %s', (_, message) => {
    expect(overrideIn(Buffer.from(message))).toEqual({ sha256: sha256Hex(reason), letters, isTicketOnly: false })
  })

  test.each([
    ['as the subject', trailer],
    ['as the subject behind empty lines', `\n\n${trailer}`],
    ['in the first paragraph', `Import\n${trailer}`],
    ['in a paragraph before', `Import\n\n${trailer}\n\nSigned-off-by: Ann <ann@acme.example>\n`],
    ['within prose', `Import\n\nThis has\n${trailer}\n`],
    ['quoted', `Import\n\n> ${trailer}\n`],
    ['twice', `Import\n\n${trailer}\n${trailer}\n`],
    ['behind more letters', `Import\n\nX-${trailer}\n`],
    ['of a reason without end', `Import\n\n${trailer}${'x'.repeat(5_000)}\n`],
  ])('does not count %s', (_, message) => expect(overrideIn(Buffer.from(message))).toBeUndefined())

  test.each([
    ['PROJ-12', 0, true],
    ['acme/widget#12, https://acme.example/browse/PROJ-12', 0, true],
    ['see PROJ-12', 3, false],
    ['', 0, false],
    ['……!?', 0, false],
    ['übernommen', 10, false],
  ])('%s has %i letters', (text, count, isTicketOnly) => {
    expect(overrideIn(Buffer.from(`Import\n\nAI-Provenance-Override: ${text}\n`))).toMatchObject({
      letters: count,
      isTicketOnly,
    })
  })
})
