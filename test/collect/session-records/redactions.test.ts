/** Records that replace others: who can make one, and what nobody can make of them. */
import { describe, expect, test } from 'vitest'
import { recordFates } from '../../../src/attest/record-fates.ts'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import type { CollectedSessions } from '../../../src/model/facts.ts'
import { followReplacements } from '../../../src/model/session-redaction.ts'
import type { Replacement } from '../../../src/model/session-redaction.ts'
import { ed25519Key } from '../../world/commit-signature.ts'
import type { TestKey } from '../../world/commit-signature.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, redactionOf, sessionOfRecord } from '../../world/session-record.ts'
import type { RecordParts, RedactionParts } from '../../world/session-record.ts'
import { part } from '../../world/runs.ts'

const ann = ed25519Key()
const stranger = ed25519Key()
const allowedSigners = `*@example.com,ann@example.org namespaces="git" ${ann.text}\n`

/** Transcripts of one session, told apart by what was asked; all have as many answers. */
const asking = (text: string): string => claudeTranscript().replace('What?', text)
const [first, second, third] = ['What of Zoe?', 'What of [redacted]?', '[redacted]'].map(asking) as [
  string,
  string,
  string,
]
const [one, two, three] = [first, second, third].map(digestOf) as [string, string, string]

function claimed(): Scratch {
  const scratch = scratchRepository()
  scratch.commit(`change\n\nAI-Session-ID: claude-code:${sessionOfRecord}`, { 'a.txt': 'a\n' })
  return scratch
}

interface Step extends Partial<RedactionParts> {
  readonly of: string
  readonly by?: TestKey | undefined
  readonly parts?: RecordParts
}

/** A record of a transcript that replaces another one. */
function replace(scratch: Scratch, { of, by, parts, ...redaction }: Step): void {
  const text = redactionOf({ digest: digestOf(of), replaces: one, ...redaction })
  putRecord(scratch, { transcript: of, redaction: text, ...(by === undefined ? {} : { key: by }), ...parts })
}

async function collect(scratch: Scratch): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const options = { signers: { allowedSigners } }
  return (await collectChanges(repository, range, sessionReaders, undefined, options)).sessions
}

const said = ({ sessions, findingCounts }: CollectedSessions): unknown => [
  ...sessions.map(({ level, digest }) => [level, digest?.['sha256']]),
  Object.keys(findingCounts).toSorted(),
]

async function fateOf(scratch: Scratch, digest = one, session = sessionOfRecord) {
  scratch.write('.git/allowed', allowedSigners)
  const [fate] = await recordFates([{ digest, tool: 'claude-code', session }], {
    allowedSigners: '.git/allowed',
    world: { cwd: scratch.folder },
  })
  return fate
}

describe('a record that replaces another', () => {
  test('is the one that is pinned, once and alone, and the old one explains itself by it', async () => {
    const scratch = claimed()
    putRecord(scratch, { transcript: first, key: ann })
    replace(scratch, { of: second, by: ann })
    expect(said(await collect(scratch))).toEqual([['signed', two], ['session-record-replaced']])
    scratch.git(['update-ref', '-d', `refs/countersign/sessions/${one}`])
    expect(said(await collect(scratch))).toEqual([['signed', two], []])
    expect(await fateOf(scratch)).toMatchObject({
      ...{ isHere: false, newest: two, unsigned: [] },
      replacements: [{ replaces: one, digest: two, by: 'ann@example.org', reason: 'It held a name.' }],
    })
  })

  test('is followed to the newest, also with steps between that are gone', async () => {
    const scratch = claimed()
    putRecord(scratch, { transcript: first, key: ann })
    replace(scratch, { of: second, by: ann })
    replace(scratch, { of: third, by: ann, replaces: two })
    expect(said(await collect(scratch))).toEqual([['signed', three], ['session-record-replaced']])
    expect(await fateOf(scratch)).toMatchObject({ newest: three, isHere: true })
    expect((await fateOf(scratch))?.replacements.map((it) => it.digest)).toEqual([two, three])
    // The redaction of a record goes with it: the next one says what that had replaced.
    replace(scratch, { of: third, by: ann, replaces: two, predicate: { earlier: [{ sha256: one }] } })
    for (const it of [one, two]) scratch.git(['update-ref', '-d', `refs/countersign/sessions/${it}`])
    expect(await fateOf(scratch)).toMatchObject({ newest: three, replacements: [{ replaces: one, digest: three }] })
    expect(await fateOf(scratch, two)).toMatchObject({
      newest: three,
      replacements: [{ replaces: two, digest: three }],
    })
  })

  test('has a model that nobody knows where words or rows went: they may have named one that a policy denies', async () => {
    const modelsWithout = async (removed: object): Promise<unknown> => {
      const scratch = claimed()
      replace(scratch, { of: second, by: ann, predicate: { removed } })
      const { sessions } = await collect(scratch)
      return sessions.map((it) => it.models.includes('unknown'))
    }
    expect(await modelsWithout({ secrets: 3, words: 0, rows: 0 })).toEqual([false])
    expect(await modelsWithout({ secrets: 0, words: 1, rows: 0 })).toEqual([true])
    expect(await modelsWithout({ secrets: 0, words: 0, rows: 1 })).toEqual([true])
  })

  test('is no more than recorded where the old one was no more', async () => {
    const scratch = claimed()
    const replaces = { digest: { sha256: one }, level: 'recorded' }
    replace(scratch, { of: second, by: ann, predicate: { replaces } })
    expect(said(await collect(scratch))).toEqual([['recorded', two], []])
  })

  test('counts by its bundle, over the very statement, where another room says so', async () => {
    const scratch = claimed()
    putRecord(scratch, { transcript: first })
    replace(scratch, { of: second, parts: { redactionBundle: '{"b":1}' } })
    const repository = await scratch.open()
    const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
    const none = () => Promise.resolve({ signers: new Map(), refused: [], undecided: undefined })
    for (const signer of ['person', 'forge'] as const) {
      const redactor = (bundle: Uint8Array, statement: Uint8Array) =>
        Promise.resolve(
          Buffer.from(bundle).toString() === '{"b":1}' && Buffer.from(statement).includes(two)
            ? { signer, name: 'zoe' }
            : undefined,
        )
      const verifyRecords = Object.assign(none, { wasAsked: false, redactor })
      const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { verifyRecords })
      const isPerson = signer === 'person'
      const code = isPerson ? 'session-record-replaced' : 'session-record-redaction-unsigned'
      expect(Object.keys(sessions.findingCounts)).toEqual([code])
      // A bundle of a redaction says nothing of the bytes of the new record, so it raises nothing.
      expect(sessions.sessions.map(({ level }) => level)).toEqual(['recorded'])
    }
  })
})

describe('explains nothing, and takes nothing away:', () => {
  const cases: { readonly [what: string]: readonly [code: string, step: Step] } = {
    'a redaction that nobody signed': ['session-record-redaction-unsigned', { of: second }],
    'one that a stranger signed': ['session-record-redaction-unsigned', { of: second, by: stranger }],
    'one with a bundle that nobody verified': [
      'session-record-redaction-unsigned',
      { of: second, parts: { redactionBundle: '{}' } },
    ],
    'one that is of another record': ['session-record-redaction-mismatch', { of: second, by: ann, digest: three }],
    'one of its own record': ['session-record-redaction-mismatch', { of: second, by: ann, replaces: two }],
    'one that says it of itself, among earlier ones': [
      'session-record-redaction-mismatch',
      { of: second, by: ann, predicate: { earlier: [{ sha256: two }] } },
    ],
    'one of several records': [
      'session-record-redaction-mismatch',
      {
        ...{ of: second, by: ann },
        statement: { subject: [two, three].map((sha256) => ({ name: 'r', digest: { sha256 } })) },
      },
    ],
    'a statement of another type': [
      'session-record-redaction-mismatch',
      { of: second, by: ann, statement: { predicateType: 'https://w3id.org/countersign/session-record/v1' } },
    ],
    'one without a reason': ['session-record-redaction-mismatch', { of: second, by: ann, predicate: { reason: '' } }],
    'one whose reason steers a terminal': [
      'session-record-redaction-mismatch',
      { of: second, by: ann, predicate: { reason: 'fine\u001b[2J' } },
    ],
    'one whose record has other bytes than its name': [
      'session-record-other-digest',
      { of: second, by: ann, digest: three, parts: { digest: three } },
    ],
  }

  test.each(part(Object.entries(cases), 3))('%s', async (_, [code, step]) => {
    const scratch = claimed()
    putRecord(scratch, { transcript: first, key: ann })
    replace(scratch, step)
    const collected = await collect(scratch)
    expect(said(collected)).toMatchObject([['signed', one], expect.arrayContaining([code])])
    scratch.git(['update-ref', '-d', `refs/countersign/sessions/${one}`])
    const fate = await fateOf(scratch)
    expect(fate).toMatchObject({ isHere: false, newest: undefined, replacements: [] })
    expect(fate?.unsigned).toEqual(code.endsWith('unsigned') ? [two] : [])
    // And the level of the release is not raised by it.
    expect((await collect(scratch)).sessions.map((it) => it.level)).not.toContain('signed')
  })

  test('a redaction beside the record of another session', async () => {
    const scratch = claimed()
    const other = '22222222-2222-4333-8444-555555555555'
    scratch.commit(`more\n\nAI-Session-ID: claude-code:${other}`, { 'b.txt': 'b\n' })
    putRecord(scratch, { transcript: first, key: ann })
    replace(scratch, { of: claudeTranscript(other), by: ann, parts: { session: other } })
    const { sessions } = await collect(scratch)
    expect(sessions.map(({ level }) => level)).toEqual(['signed', 'signed'])
  })

  test('redactions that go round in a ring', async () => {
    const scratch = claimed()
    replace(scratch, { of: first, by: ann, replaces: two })
    replace(scratch, { of: second, by: ann })
    const collected = await collect(scratch)
    expect(said(collected)).toMatchObject([['signed', expect.any(String)], ['session-record-redaction-loop']])
    expect(await fateOf(scratch)).toMatchObject({ newest: undefined, replacements: [{ digest: two }, { digest: one }] })
  })

  test('a tree with the bundle of a redaction, and none', async () => {
    const scratch = claimed()
    putRecord(scratch, { transcript: second, key: ann, redactionBundle: '{}' })
    expect(said(await collect(scratch))).toMatchObject([['claimed', undefined], ['session-record-malformed']])
  })
})

test('of two that rival each other both are told, and the later one is followed', async () => {
  const scratch = claimed()
  replace(scratch, { of: third, by: ann, predicate: { redactedAt: '2026-03-03T10:00:00Z', reason: 'A place.' } })
  replace(scratch, { of: second, by: ann })
  expect(await fateOf(scratch)).toMatchObject({
    newest: three,
    replacements: [
      { digest: two, reason: 'It held a name.' },
      { digest: three, reason: 'A place.' },
    ],
  })
})

test('a way without end is not followed for ever, and a pattern is nobody’s name', () => {
  const step = (at: number): Replacement => ({
    ...{ replaces: String(at), earlier: [], digest: String(at + 1), level: 'signed', reason: 'r', by: 'ann' },
    ...{ redactedAt: '2026-03-03T10:00:00Z', removed: { secrets: 0, words: 1, rows: 0 } },
    ...{ tool: 'claude-code', session: sessionOfRecord },
  })
  const steps = Array.from({ length: 1_000 }, (_, at) => step(at))
  expect(followReplacements('0', steps)?.newest).toBeUndefined()
  expect(followReplacements('0', steps)?.replacements.length).toBeLessThan(20)
  expect(followReplacements('990', steps)?.newest).toBe('1000')
  expect(followReplacements('1000', steps)).toBeUndefined()
})
