/** What a redaction leaves behind without being asked to: it says so. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { redactRecord } from '../../src/attest/redact-record.ts'
import type { RecordRedactionRequest } from '../../src/attest/redact-record.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'
import { claudeTranscript, putRecord } from '../world/session-record.ts'
import { isEach } from '../world/runs.ts'

const refs = 'refs/countersign/sessions/'
const reason = 'It held the name of a customer.'

function begun(transcript: string) {
  const scratch = scratchRepository()
  const record = putRecord(scratch, { transcript }).slice(refs.length)
  const signingKey = join(scratchFolder(), 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', signingKey])
  const redact = (more: Partial<RecordRedactionRequest>) =>
    redactRecord({ record, reason, signingKey, world: { cwd: scratch.folder }, ...more })
  return { scratch, record, redact }
}

test('a row that the record has not is an error, and nothing is written', async () => {
  const { scratch, record, redact } = begun(claudeTranscript())
  const last = claudeTranscript().trimEnd().split('\n').length
  for (const row of ['50-60', String(last + 1), `1-${String(last + 1)}`]) {
    await expect(redact({ rows: [String(last), row] })).rejects.toMatchObject({ code: 'usage', option: 'rows' })
  }
  expect(scratch.git(['for-each-ref', '--format=%(refname)', refs])).toBe(`${refs}${record}`)
})

test('words that were found nowhere are told by their lines; those of a row that went were found', async () => {
  const { redact } = begun(
    `${claudeTranscript()}{"a":"by Zoë"}\n{"token":"ghp_16C7e42F292c6912E7710c838347Ae178B4a"}\n`,
  )
  const made = await redact({
    words: Buffer.from('Nobody\nWhat\n\nZoe Quill\nZoë\n16C7e42F292c'),
    rows: [String(claudeTranscript().split('\n').length)],
  })
  expect(made).toMatchObject({ removed: { words: 1, rows: 1, secrets: 1 }, unfound: [1, 4] })
})

test.runIf(isEach)('other records of the session that hold a word are told', async () => {
  const { scratch, redact } = begun(`${claudeTranscript()}{"a":"by Quill"}\n`)
  const later = putRecord(scratch, { transcript: `${claudeTranscript()}{"a":"by Quill"}\n{"b":2}\n` })
  putRecord(scratch, { transcript: `${claudeTranscript()}{"c":3}\n` })
  const made = await redact({ words: Buffer.from('Quill') })
  expect(made.others).toEqual({ holding: [later.slice(refs.length)], unread: [] })
})

test('a new record that somebody else made before is not taken for ours where nobody is named', async () => {
  const { redact } = begun(`${claudeTranscript()}{"a":"by Quill"}\n`)
  const words = Buffer.from('Quill')
  expect(await redact({ words })).toMatchObject({ outcome: 'made' })
  // The same bytes, so the same name: of whom it is, nobody says.
  await expect(redact({ words })).rejects.toMatchObject({ code: 'redaction-unverified' })
})
