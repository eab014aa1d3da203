/** More records than are read: one that somebody signed is among those that are. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import { limits } from '../../../src/model/limits.ts'
import { ed25519Key } from '../../world/commit-signature.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, sessionOfRecord } from '../../world/session-record.ts'

const bounds: { -readonly [name in keyof typeof limits]: number } = limits
const most = limits.transcripts
beforeAll(() => void (bounds.transcripts = 1))
afterAll(() => void (bounds.transcripts = most))

test('whoever may push others cannot take its place', async () => {
  const ann = ed25519Key()
  const allowedSigners = `ann@example.org namespaces="git" ${ann.text}\n`
  // In the order of their digests the signed one is the last.
  const [last = 0, ...others] = [1, 2, 3, 4, 5].toSorted((a, b) => (digestOfAnswers(a) < digestOfAnswers(b) ? 1 : -1))
  const scratch = scratchRepository()
  scratch.commit(`change\n\nAI-Session-ID: claude-code:${sessionOfRecord}`, { 'a.txt': 'a\n' })
  putRecord(scratch, { transcript: claudeTranscript(sessionOfRecord, last), key: ann })
  for (const it of others) {
    putRecord(scratch, { transcript: claudeTranscript(sessionOfRecord, it), ...(it % 2 ? { key: ed25519Key() } : {}) })
  }
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const options = { signers: { allowedSigners } }
  const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, options)
  expect(sessions.sessions).toMatchObject([{ level: 'signed', digest: { sha256: digestOfAnswers(last) } }])
  expect(sessions.findingCounts).toEqual({ 'session-record-limit': 4 })
})

function digestOfAnswers(answers: number): string {
  return digestOf(claudeTranscript(sessionOfRecord, answers))
}
