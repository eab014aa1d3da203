/** What is said of records that were replaced where nobody could look for them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { explainRecords } from '../../src/cli/commands/explain-records.ts'
import { processTerminal } from '../../src/cli/terminal.ts'
import { recordFateShown } from '../../src/model/record-fate.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, redactionOf, sessionOfRecord } from '../world/session-record.ts'

async function saidIn(cwd: string): Promise<string> {
  const allowedSigners = join(scratchFolder(), 'allowed')
  writeFileSync(allowedSigners, `ann@example.org ${ed25519Key().text}\n`)
  let said = ''
  const stderr = { write: (text: string) => void (said += text) }
  const terminal = { ...processTerminal(), cwd, stderr }
  await explainRecords(
    [{ tool: 'claude-code', id: 's', digest: { sha256: '0'.repeat(64) } }],
    { allowedSigners },
    terminal,
  )
  return said
}

test('is that nobody could look, and not nothing', async () => {
  expect(await saidIn(scratchFolder())).toContain('(git-no-repository)')
  expect(await saidIn(scratchRepository().folder)).toBe('')
})

test('is in the document too: what replaces a record, and what only says so', async () => {
  const scratch = scratchRepository()
  const [ann, stranger] = [ed25519Key(), ed25519Key()]
  scratch.write('signers', `ann@example.org ${ann.text}\n`)
  const old = digestOf('an old record')
  const put = (answers: number, key: typeof ann): string => {
    const transcript = claudeTranscript(sessionOfRecord, answers)
    putRecord(scratch, { transcript, key, redaction: redactionOf({ digest: digestOf(transcript), replaces: old }) })
    return digestOf(transcript)
  }
  const [signed, claimed] = [put(1, ann), put(2, stranger)]
  const terminal = { ...processTerminal(), cwd: scratch.folder, stderr: { write: () => undefined } }
  const pinned = [{ tool: 'claude-code', id: sessionOfRecord, digest: { sha256: old } }]
  const told = await explainRecords(pinned, { allowedSigners: 'signers' }, terminal)
  expect(told).toMatchObject([
    {
      ...{ digest: old, session: sessionOfRecord, isHere: false, newest: signed, unsigned: [claimed] },
      replacements: [{ replaces: old, digest: signed, by: 'ann@example.org', reason: 'It held a name.' }],
    },
  ])
  expect(z.array(recordFateShown).safeParse(told).success).toBe(true)
  expect(await explainRecords(pinned, {}, terminal)).toBeUndefined()
})
