/** Records of sessions in refs, made object by object, so that any part of one can be wrong. */
import { createHash } from 'node:crypto'
import { commitPayload, sshSignature, withSignature } from './commit-signature.ts'
import type { TestKey } from './commit-signature.ts'
import { ownGitFolder, writeRef, writeTree } from './loose-objects.ts'
import type { Scratch } from './scratch-repository.ts'

export const sessionOfRecord = '11111111-2222-4333-8444-555555555555'

/** Rows of Claude Code with so many answers. */
export function claudeTranscript(session = sessionOfRecord, answers = 1): string {
  const row = (at: number, type: string, message: object): string => {
    const timestamp = new Date(Date.UTC(2026, 2, 1, 10, 0, at)).toISOString()
    return `${JSON.stringify({ type, uuid: `u${String(at)}`, sessionId: session, timestamp, version: '2.1.40', message })}\n`
  }
  const asked = row(1, 'user', { role: 'user', content: 'What?' })
  const said = Array.from({ length: answers }, (_, at) =>
    row(at + 2, 'assistant', { id: `m${String(at)}`, model: 'claude-opus-4-6', content: [] }),
  )
  return [asked, ...said].join('')
}

export interface RecordParts {
  readonly tool?: string
  readonly session?: string
  readonly transcript?: string
  /** In the name of the ref; default: that of the transcript. */
  readonly digest?: string
  /** Members of the card beside those that fit. */
  readonly card?: object
  /** In place of the lines of the tree that fit, as `git mktree` reads them. */
  readonly tree?: (lines: string) => string
  /** In place of the object of the commit. */
  readonly commit?: (payload: string) => string
  readonly key?: TestKey
  readonly bundle?: string
  /** Text of its redaction, and of a bundle of that. */
  readonly redaction?: string
  readonly redactionBundle?: string
}

export interface RedactionParts {
  /** Digest of the record that it is about, and of the one that this replaces. */
  readonly digest: string
  readonly replaces: string
  readonly predicate?: object
  readonly statement?: object
}

/** A statement that one record replaces another. */
export function redactionOf({ digest, replaces, predicate, statement }: RedactionParts): string {
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'record.jsonl', digest: { sha256: digest } }],
    predicateType: 'https://w3id.org/countersign/session-redaction/v1',
    predicate: {
      replaces: { digest: { sha256: replaces }, level: 'signed' },
      ...{ reason: 'It held a name.', redactedAt: '2026-03-02T10:00:00.000Z' },
      removed: { secrets: 0, words: 1, rows: 0 },
      redaction: { rules: 'r', ruleSet: { sha256: '0'.repeat(64) } },
      ...predicate,
    },
    ...statement,
  })
}

const same = (text: string): string => text

export const digestOf = (transcript: string): string => createHash('sha256').update(transcript).digest('hex')

/** Puts it there; gives its ref. */
export function putRecord(scratch: Scratch, parts: RecordParts = {}): string {
  const { tool = 'claude-code', session = sessionOfRecord, transcript = claudeTranscript(session), key } = parts
  const { digest = digestOf(transcript), bundle } = parts
  const { tree = same, commit = same } = parts
  const card = {
    ...{ format: 'claude-code', digest: { sha256: digest }, bytes: Buffer.byteLength(transcript), tool, session },
    ...{ turns: 1, iterations: 1, models: [], edits: [], redaction: { rules: 'r', count: 0 }, ...parts.card },
  }
  const blob = (text: string): string => scratch.object('blob', text)
  const files = [
    ['record.json', JSON.stringify(card)],
    ['record.jsonl', transcript],
    ...(bundle === undefined ? [] : [['record.sigstore.json', bundle]]),
    ...(parts.redaction === undefined ? [] : [['redaction.json', parts.redaction]]),
    ...(parts.redactionBundle === undefined ? [] : [['redaction.sigstore.json', parts.redactionBundle]]),
  ]
  const blobs = new Map(files.map(([name = '', text = '']) => [name, blob(text)]))
  const lines = Array.from(blobs, ([name, blob]) => `100644 blob ${blob}\t${name}\n`).join('')
  const own = ownGitFolder(scratch.folder)
  const isPlain = own !== undefined && tree === same
  const id = isPlain ? writeTree(own, blobs) : scratch.git(['mktree', '--missing'], tree(lines))
  const payload = commit(
    commitPayload({
      ...{ tree: id, author: 'countersign <>', time: 1_772_359_202 },
      message: `AI session record\n\nAI-Session-ID: ${tool}:${session}\n`,
    }),
  )
  const object = key === undefined ? payload : withSignature(payload, sshSignature(key, payload))
  const at = scratch.object('commit', object)
  const ref = `refs/countersign/sessions/${digest}`
  if (own === undefined) scratch.git(['update-ref', ref, at])
  else writeRef(own, ref, at)
  return ref
}
