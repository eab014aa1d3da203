/** What a redaction leaves behind without being asked to: it says so. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { redactRecord } from '../../src/attest/redact-record.ts'
import type { RecordRedactionRequest } from '../../src/attest/redact-record.ts'
import type { CountersignError } from '../../src/errors.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'
import { claudeTranscript, putRecord, redactionOf } from '../world/session-record.ts'
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
  return { scratch, record, redact, key: readFileSync(`${signingKey}.pub`, 'utf8') }
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

test('a name that somebody else took before is free again by the command that the error says, here and at a remote', async () => {
  const run = (scratch: ReturnType<typeof begun>['scratch'], error: unknown, begins: string): void => {
    const [command = ''] = new RegExp(`${begins}[^;]*`).exec((error as CountersignError).hint ?? '') ?? []
    expect(command).toMatch(/[ :][0-9a-f]{40}( |$)/)
    scratch.sh(command)
  }
  const words = Buffer.from('Quill')
  const { scratch, record, redact, key } = begun(`${claudeTranscript()}{"a":"by Quill"}\n`)
  scratch.write('.git/allowed', `ann@example.org ${key}`)
  const mine = { words, allowedSigners: '.git/allowed' }
  const { digest } = await redact({ words })
  scratch.git(['update-ref', '-d', `${refs}${digest}`])
  // Whoever knows the rules and the old record knows the name.
  const transcript = `${claudeTranscript()}{"a":"by [redacted]"}\n`
  const taken = (): string => putRecord(scratch, { transcript, redaction: redactionOf({ digest, replaces: record }) })
  expect(taken()).toBe(`${refs}${digest}`)
  for (const asked of [{ words }, mine]) {
    const error: unknown = await redact(asked).catch((it: unknown) => it)
    expect(error).toMatchObject({ code: 'redaction-unverified' })
    run(scratch, error, 'git update-ref --no-deref -d')
    expect((await redact(asked)).outcome).toBe('made')
    scratch.git(['update-ref', '-d', `${refs}${digest}`])
    taken()
  }
  const bare = scratchRepository('--bare')
  scratch.git(['push', '--quiet', bare.folder, `${refs}${digest}`])
  scratch.git(['update-ref', '-d', `${refs}${digest}`])
  const pushing = { ...mine, push: bare.folder }
  const refused: unknown = await redact(pushing).catch((it: unknown) => it)
  expect(refused).toMatchObject({ code: 'record-push-failed' })
  run(scratch, refused, 'git push --force-with-lease')
  expect(await redact(pushing)).toMatchObject({ outcome: 'existed', pushed: true })
})

test('of a name that leads nowhere the command follows it to nothing', async () => {
  const { scratch, redact } = begun(`${claudeTranscript()}{"a":"by Quill"}\n`)
  const words = Buffer.from('Quill')
  const { digest } = await redact({ words })
  scratch.git(['update-ref', '-d', `${refs}${digest}`])
  scratch.commit('change', { 'a.txt': 'a\n' })
  scratch.git(['symbolic-ref', `${refs}${digest}`, 'refs/heads/kept'])
  scratch.git(['update-ref', 'refs/heads/kept', 'HEAD'])
  const error: unknown = await redact({ words }).catch((it: unknown) => it)
  expect(error).toMatchObject({ code: 'record-ref-taken' })
  scratch.sh(/git update-ref [^;]*/.exec((error as CountersignError).hint ?? '')?.[0] ?? '')
  expect(scratch.git(['for-each-ref', '--format=%(refname)', 'refs/heads/kept', `${refs}${digest}`])).toBe(
    'refs/heads/kept',
  )
  expect((await redact({ words })).outcome).toBe('made')
})
