/** Records in refs: what counts, at which level, and what whoever may push cannot make of them. */
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import { readSessionRecord } from '../../../src/collect/session-records/read-record.ts'
import type { SignerKeys } from '../../../src/collect/signatures/index.ts'
import type { CollectedSessions } from '../../../src/model/facts.ts'
import { recordKey } from '../../../src/model/record-attestation.ts'
import type { RecordOf, VerifyRecords } from '../../../src/model/record-attestation.ts'
import { commitPayload, ed25519Key, sshSignature, withSignature } from '../../world/commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from '../../world/entire-checkpoint.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, sessionOfRecord } from '../../world/session-record.ts'
import { part } from '../../world/runs.ts'

const ann = ed25519Key()
const stranger = ed25519Key()
const allowedSigners = `ann@example.org namespaces="git" ${ann.text}\n`

async function collect(
  scratch: Scratch,
  signers: SignerKeys = { allowedSigners },
  verifyRecords?: VerifyRecords,
): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { signers, verifyRecords })
  return sessions
}

/** A commit that names the session of the record. */
function claimed(name = `claude-code:${sessionOfRecord}`): Scratch {
  const scratch = scratchRepository()
  scratch.commit(`change\n\nAI-Session-ID: ${name}`, { 'a.txt': 'a\n' })
  return scratch
}

const levels = ({ sessions }: CollectedSessions): unknown[] => sessions.map((it) => it.level)
const codes = ({ findingCounts }: CollectedSessions): string[] => Object.keys(findingCounts)

describe('a record', () => {
  test('of a claimed session is its record, and says what the session did', async () => {
    const scratch = claimed()
    putRecord(scratch)
    const collected = await collect(scratch)
    expect(collected.sessions).toMatchObject([
      {
        ...{ level: 'recorded', models: ['claude-opus-4-6'], iterations: 1, readers: ['session-record', 'trailer'] },
        digest: { sha256: digestOf(claudeTranscript()) },
        transcript: { turns: 1, redaction: { count: 0 } },
      },
    ])
    expect(codes(collected)).toEqual([])
    expect(collected.sessions).toEqual((await collect(scratch)).sessions)
  })

  test('is signed where its commit is, by a key that is known, and by nobody else', async () => {
    for (const [key, level] of [
      [ann, 'signed'],
      [stranger, 'recorded'],
    ] as const) {
      const scratch = claimed()
      putRecord(scratch, { key })
      expect(levels(await collect(scratch))).toEqual([level])
    }
  })

  test('is not signed by a key of a forge, nor by a key that is not for git or not of its time', async () => {
    for (const signers of [
      { forgeSigners: `ann@example.org ${ann.text}\n` },
      { allowedSigners, forgeSigners: `x ${ann.text}\n` },
      { allowedSigners: `ann@example.org namespaces="file" ${ann.text}\n` },
      { allowedSigners: `ann@example.org valid-before="20250101" ${ann.text}\n` },
    ]) {
      const scratch = claimed()
      putRecord(scratch, { key: ann })
      expect(levels(await collect(scratch, signers))).toEqual(['recorded'])
    }
  })

  test('is not signed by the signature of another record', async () => {
    const scratch = claimed()
    const other = commitPayload({ author: 'countersign <>', message: 'AI session record\n' })
    putRecord(scratch, { commit: (it) => withSignature(it, sshSignature(ann, other)) })
    const collected = await collect(scratch)
    expect(levels(collected)).toEqual(['recorded'])
    expect(codes(collected)).toContain('signature-wrong')
  })

  test('is signed by the bundle beside it, where another room says so', async () => {
    const seen: string[] = []
    const verify = (records: readonly RecordOf[], further: readonly Uint8Array[] = []) => {
      for (const it of further) seen.push(Buffer.from(it).toString())
      const signers = new Map(further.length === 0 ? [] : records.map((it) => [recordKey(it), 'person' as const]))
      return Promise.resolve({ signers, refused: [], undecided: undefined })
    }
    const scratch = claimed()
    putRecord(scratch, { bundle: '{"a":1}' })
    const collected = await collect(scratch, {}, Object.assign(verify, { wasAsked: false }))
    expect(levels(collected)).toEqual(['signed'])
    expect(new Set(seen)).toEqual(new Set(['{"a":1}']))
  })

  test('puts no address, path, secret or question into what is told, be it in the transcript, the card or a name', async () => {
    const planted = ['zoe@example.org', '/home/zoe/x', `ghp_16C7e42F292c6912E7710c838347Ae178B4a`, 'zoe asked this']
    for (const text of planted) {
      const said = JSON.stringify(text).slice(1, -1)
      const transcript = claudeTranscript()
        .replaceAll('claude-opus-4-6', said)
        .replaceAll('2.1.40', said)
        .replaceAll('What?', said)
      const card = { models: [text], toolVersions: [text], agent: text, parent: text, role: text, file: text }
      for (const format of ['claude-code', 'aider']) {
        const scratch = claimed(format === 'aider' ? 'aider:one' : undefined)
        if (format === 'aider') {
          putRecord(scratch, { tool: 'aider', session: 'one', transcript: text, card: { ...card, format } })
        } else putRecord(scratch, { transcript, card })
        const collected = await collect(scratch)
        expect(levels(collected)).toEqual(['recorded'])
        expect(JSON.stringify(collected)).not.toMatch(/zoe|ghp_/)
      }
    }
  })

  test('of a session that nobody names is not looked at', async () => {
    const scratch = claimed('claude-code:another')
    putRecord(scratch)
    const collected = await collect(scratch)
    expect(levels(collected)).toEqual(['claimed'])
    expect(codes(collected)).toEqual([])
  })

  test('that a person signed stays pinned, whatever somebody pushes beside it', async () => {
    const scratch = claimed()
    const signed = putRecord(scratch, { key: ann })
    putRecord(scratch, { transcript: claudeTranscript(sessionOfRecord, 9) })
    putRecord(scratch, { transcript: claudeTranscript(sessionOfRecord, 7), key: stranger })
    const collected = await collect(scratch)
    expect(collected.sessions).toMatchObject([
      { level: 'signed', iterations: 1, digest: { sha256: signed.split('/').at(-1) } },
    ])
    expect(collected.findingCounts).toMatchObject({ 'session-record-outranked': 2 })
  })

  test('with more answers goes before one with fewer', async () => {
    const scratch = claimed()
    for (const answers of [2, 5, 3])
      putRecord(scratch, { transcript: claudeTranscript(sessionOfRecord, answers), key: ann })
    expect((await collect(scratch)).sessions).toMatchObject([
      { level: 'signed', iterations: 5, digest: { sha256: digestOf(claudeTranscript(sessionOfRecord, 5)) } },
    ])
  })

  test('beside a checkpoint of the same session does not contradict it', async () => {
    const scratch = claimed()
    const files = checkpoint('c0ffee000001', [
      sessionMetadata('c0ffee000001', sessionOfRecord),
      [claudeRow(sessionOfRecord)].join(''),
    ])
    storeOnBranch(scratch, 'c0ffee000001', files)
    scratch.commit('more\n\nEntire-Checkpoint: c0ffee000001')
    putRecord(scratch)
    const collected = await collect(scratch)
    expect(branch).toBeDefined()
    expect(levels(collected)).toEqual(['recorded'])
    expect(codes(collected)).not.toContain('records-disagree')
  })
})

describe('does not count:', () => {
  const other = '99999999-2222-4333-8444-555555555555'
  const moved = digestOf('others')
  const cases: { readonly [what: string]: readonly [code: string, put: (scratch: Scratch) => unknown] } = {
    'a ref that was moved to the record of another session': [
      'session-record-other-digest',
      (it) => {
        const ref = putRecord(it, { key: ann, card: { digest: { sha256: moved } } })
        it.git(['update-ref', `refs/countersign/sessions/${moved}`, ref])
        it.git(['update-ref', '-d', ref])
      },
    ],
    'a transcript that was altered': [
      'session-record-other-digest',
      (it) => putRecord(it, { digest: moved, key: ann }),
    ],
    "another session's transcript": [
      'session-record-mismatch',
      (it) => putRecord(it, { transcript: claudeTranscript(other), key: ann }),
    ],
    'a transcript that names several sessions': [
      'session-record-mismatch',
      (it) => putRecord(it, { transcript: claudeTranscript() + claudeTranscript(other), key: ann }),
    ],
    "another tool's transcript": ['session-record-mismatch', (it) => putRecord(it, { tool: 'codex', key: ann })],
    'a card of another session': [
      'session-record-mismatch',
      (it) => putRecord(it, { card: { session: other }, key: ann }),
    ],
    'bytes of no form': ['session-record-mismatch', (it) => putRecord(it, { transcript: 'x\n', key: ann })],
    'a card that is none': ['session-record-malformed', (it) => putRecord(it, { card: { tool: 7 }, key: ann })],
    'a link in the place of the transcript': [
      'session-record-malformed',
      (it) =>
        putRecord(it, { tree: (lines) => lines.replace(/100644( blob \w+\trecord.jsonl)/, '120000$1'), key: ann }),
    ],
    'a submodule in its place': [
      'session-record-malformed',
      (it) =>
        putRecord(it, {
          tree: (lines) =>
            lines.replace(/100644 blob \w+(\trecord.jsonl)/, `160000 commit ${it.git(['rev-parse', 'HEAD'])}$1`),
          key: ann,
        }),
    ],
    'a tree with more in it': [
      'session-record-malformed',
      (it) => putRecord(it, { tree: (lines) => `${lines}${lines.replaceAll('record', 'other')}`, key: ann }),
    ],
    'a commit that a person signed for another reason': [
      'session-record-malformed',
      (it) =>
        putRecord(it, { key: ann, commit: (payload) => payload.replaceAll('countersign <>', 'Ann <ann@example.org>') }),
    ],
    'a commit whose author is somebody': [
      'session-record-malformed',
      (it) =>
        putRecord(it, { key: ann, commit: (payload) => payload.replace('countersign <>', 'Ann <ann@example.org>') }),
    ],
    'a commit with a parent': [
      'session-record-malformed',
      (it) =>
        putRecord(it, {
          key: ann,
          commit: (payload) => payload.replace('\nauthor', `\nparent ${it.git(['rev-parse', 'HEAD'])}\nauthor`),
        }),
    ],
    'a ref at a blob': [
      'session-record-malformed',
      (it) =>
        it.git(['update-ref', `refs/countersign/sessions/${moved}`, it.git(['hash-object', '-w', '--stdin'], 'x')]),
    ],
    'a ref of another name': [
      'session-record-malformed',
      (it) => it.git(['update-ref', 'refs/countersign/sessions/main', 'HEAD']),
    ],
    'a card without end': [
      'session-record-too-large',
      (it) => putRecord(it, { card: { padding: ' '.repeat(17 * 1024 * 1024) }, key: ann }),
    ],
  }
  test.for(part(Object.entries(cases), 3))('%s', async ([what, [code, put]]) => {
    const scratch = claimed(what === "another tool's transcript" ? `codex:${sessionOfRecord}` : undefined)
    put(scratch)
    const collected = await collect(scratch)
    expect(levels(collected)).toEqual(['claimed'])
    expect(codes(collected)).toContain(code)
    // One that is good counts beside it.
    if (what === "another tool's transcript") return
    putRecord(scratch, { transcript: claudeTranscript(sessionOfRecord, 3), key: ann })
    expect(levels(await collect(scratch))).toEqual(['signed'])
  })
})

describe('readSessionRecord', () => {
  async function bytes(scratch: Scratch, digest: string): Promise<string | undefined> {
    const parts = await readSessionRecord(await scratch.open(), digest)
    if (parts === undefined) return undefined
    const all: Uint8Array[] = []
    for await (const it of parts) all.push(it)
    return Buffer.concat(all).toString()
  }

  test('gives the very bytes, nothing for what is not there, and throws for what is another', async () => {
    const scratch = claimed()
    putRecord(scratch)
    expect(await bytes(scratch, digestOf(claudeTranscript()))).toBe(claudeTranscript())
    expect(await bytes(scratch, 'a'.repeat(64))).toBeUndefined()
    expect(await bytes(scratch, '../../heads/main')).toBeUndefined()
    putRecord(scratch, { digest: digestOf('others') })
    await expect(bytes(scratch, digestOf('others'))).rejects.toMatchObject({ code: 'record-malformed' })
  })
})
