/** What a redaction must not hide: what the old record told that a policy judges, and of which session it was. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordFates } from '../../../src/attest/record-fates.ts'
import { redactRecord } from '../../../src/attest/redact-record.ts'
import type { RecordRedactionRequest } from '../../../src/attest/redact-record.ts'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import { ed25519Key } from '../../world/commit-signature.ts'
import { scratchFolder, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, redactionOf, sessionOfRecord } from '../../world/session-record.ts'
import type { RecordParts } from '../../world/session-record.ts'

const refs = 'refs/countersign/sessions/'
const ann = ed25519Key()
const allowedSigners = `ann@example.org ${ann.text}\n`
const old = digestOf('an old record')

function claimed(session = sessionOfRecord): Scratch {
  const scratch = scratchRepository()
  scratch.commit(`change\n\nAI-Session-ID: claude-code:${session}`, { 'a.txt': 'a\n' })
  return scratch
}

async function collect(scratch: Scratch, signers = allowedSigners) {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const collected = await collectChanges(repository, range, sessionReaders, undefined, {
    signers: { allowedSigners: signers },
  })
  return collected.sessions
}

/** A record of so many answers that says what the one before it told. */
function replace(scratch: Scratch, answers: number, predicate: object, parts: RecordParts = {}, replaces = old): void {
  const transcript = claudeTranscript(sessionOfRecord, answers)
  const redaction = redactionOf({ digest: digestOf(transcript), replaces, predicate })
  putRecord(scratch, { transcript, key: ann, redaction, ...parts })
}

const rows = { removed: { secrets: 0, words: 0, rows: 3 } }
const before = { models: ['gpt-5.2', 'claude-opus-4-6'], iterations: 9, turns: 4, edits: { applied: 3 } }

test('what the old record told is counted, and its models are named, whatever is left of it', async () => {
  const scratch = claimed()
  replace(scratch, 2, { ...rows, before: { ...before, startedAt: '2026-02-01T00:00:00Z', parent: 'planner-1' } })
  const { sessions } = await collect(scratch)
  expect(sessions).toMatchObject([
    {
      ...{ level: 'signed', iterations: 9, parent: 'planner-1', startedAt: '2026-02-01T00:00:00.000Z' },
      transcript: { turns: 4, edits: { applied: 3 } },
    },
  ])
  expect(sessions[0]?.models.toSorted()).toEqual(['claude-opus-4-6', 'gpt-5.2'])
})

test('the higher counts: what is told now may be more, and what another record of the session tells counts beside it', async () => {
  const more = claimed()
  replace(more, 12, { ...rows, before })
  expect((await collect(more)).sessions).toMatchObject([{ iterations: 12 }])
  const beside = claimed()
  replace(beside, 2, { ...rows, before })
  const later = claudeTranscript(sessionOfRecord, 1).replaceAll('"m0"', '"another"')
  putRecord(beside, { transcript: later, key: ann })
  expect((await collect(beside)).sessions).toMatchObject([{ iterations: 10 }])
  // Of two that replace one record it is counted once.
  const rivals = claimed()
  replace(rivals, 2, { ...rows, before })
  replace(rivals, 3, { ...rows, before, redactedAt: '2026-03-05T10:00:00Z' })
  expect((await collect(rivals)).sessions).toMatchObject([{ iterations: 10 }])
})

test('where nobody says what went, nobody has counted it, and a model may have gone', async () => {
  for (const said of [{}, { before: { models: ['unknown'] } }]) {
    const scratch = claimed()
    replace(scratch, 2, { ...rows, ...said })
    const { sessions } = await collect(scratch)
    expect(sessions.map((it) => [it.iterations, it.models.includes('unknown')])).toEqual([[undefined, true]])
  }
  const secrets = claimed()
  replace(secrets, 2, { removed: { secrets: 3, words: 0, rows: 0 } })
  expect((await collect(secrets)).sessions).toMatchObject([{ iterations: 2, models: ['claude-opus-4-6'] }])
})

test('what a card alone says nobody has counted', async () => {
  const session = 'aider-1'
  const scratch = scratchRepository()
  scratch.commit(`change\n\nAI-Session-ID: aider:${session}`, { 'a.txt': 'a\n' })
  const card = { format: 'aider', iterations: 40 }
  putRecord(scratch, { tool: 'aider', session, transcript: '# aider chat started at 2026-03-01\n', card, key: ann })
  const { sessions, findingCounts } = await collect(scratch)
  expect(Object.keys(findingCounts)).toContain('session-record-untold')
  expect(sessions.map((it) => [it.level, it.iterations])).toEqual([['signed', undefined]])
})

test('a statement about another session or agent than its record is none of it', async () => {
  const own = { tool: 'claude-code', session: sessionOfRecord }
  const codes = async (of: object): Promise<string[]> => {
    const scratch = claimed()
    replace(scratch, 2, { of })
    return Object.keys((await collect(scratch)).findingCounts)
  }
  expect(await codes(own)).toEqual([])
  for (const it of [
    { ...own, session: 'another' },
    { ...own, tool: 'codex' },
    { ...own, agent: 'a1' },
  ]) {
    expect(await codes(it)).toContain('session-record-redaction-mismatch')
  }
})

test('a redaction of one session explains no record of another', async () => {
  const other = '22222222-2222-4333-8444-555555555555'
  const asked = async (
    session: string,
    predicate: object = {},
    transcript = claudeTranscript(other),
  ): Promise<object> => {
    const scratch = claimed()
    scratch.write('.git/allowed', allowedSigners)
    const redaction = redactionOf({ digest: digestOf(transcript), replaces: old, predicate })
    putRecord(scratch, { transcript, session: other, key: ann, redaction })
    const world = { cwd: scratch.folder }
    const pinned = { digest: old, tool: 'claude-code', session }
    const [fate] = await recordFates([pinned], { allowedSigners: '.git/allowed', world })
    return { newest: fate?.newest, told: fate?.replacements.length }
  }
  const none = { newest: undefined, told: 0 }
  const explained = { newest: digestOf(claudeTranscript(other)), told: 1 }
  expect(await asked(other)).toEqual(explained)
  expect(await asked(sessionOfRecord)).toEqual(none)
  const of = { tool: 'claude-code', session: other }
  expect(await asked(other, { of })).toEqual(explained)
  // The statement speaks of an agent, the bytes of the session itself.
  expect(await asked(other, { of: { ...of, agent: 'a1' } })).toEqual(none)
  // Nor does one of an agent explain that of the session which started it.
  const ofAgent = claudeTranscript(other).replaceAll('"type"', '"isSidechain":true,"agentId":"a1","type"')
  expect(await asked(other, {}, ofAgent)).toEqual(none)
})

interface Begun {
  readonly scratch: Scratch
  readonly signers: string
  readonly redact: (more: Partial<RecordRedactionRequest>) => ReturnType<typeof redactRecord>
  readonly said: (digest: string) => { readonly of: object; readonly before: object }
}

function begun(transcript: string): Begun {
  const scratch = claimed()
  const record = putRecord(scratch, { transcript }).slice(refs.length)
  const signingKey = join(scratchFolder(), 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', signingKey])
  const world = { cwd: scratch.folder }
  const signers = `ann@example.org ${readFileSync(`${signingKey}.pub`, 'utf8')}`
  return {
    ...{ scratch, signers },
    redact: (more) => redactRecord({ record, reason: 'It held a name.', signingKey, world, ...more }),
    said: (digest) =>
      (
        JSON.parse(scratch.git(['cat-file', 'blob', `${refs}${digest}:redaction.json`])) as {
          predicate: ReturnType<Begun['said']>
        }
      ).predicate,
  }
}

test('rows that are taken away take nothing away from what a policy counts, nor does a redaction of that', async () => {
  const { scratch, signers, redact, said } = begun(claudeTranscript(sessionOfRecord, 6))
  const first = await redact({ rows: ['3-5'] })
  const told = { models: ['claude-opus-4-6'], iterations: 6, turns: 1 }
  expect(said(first.digest)).toMatchObject({ of: { tool: 'claude-code', session: sessionOfRecord }, before: told })
  const second = await redact({ record: first.digest, rows: ['6-7'] })
  expect(said(second.digest).before).toMatchObject(told)
  expect((await collect(scratch, signers)).sessions).toMatchObject([
    { digest: { sha256: second.digest }, iterations: 6, startedAt: '2026-03-01T10:00:01.000Z' },
  ])
})

test('no word that had to go stands in what is said of the old record', async () => {
  const { redact, said } = begun(
    claudeTranscript(sessionOfRecord, 2).replace('"model":"claude-opus-4-6"', '"model":"gpt-5.2-zoe"'),
  )
  const made = await redact({ words: Buffer.from('zoe\n10:00:01') })
  expect(said(made.digest).before).toMatchObject({ models: ['unknown', 'claude-opus-4-6'], startedAt: null })
  expect(JSON.stringify(said(made.digest))).not.toContain('zoe')
})
