/** A record is redacted once more: what goes, what stays, who signs it, and that nothing is lost on the way. */
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordFates } from '../../src/attest/record-fates.ts'
import { embeddedSigstore, localTrust } from '../../src/embedded.ts'
import { redactRecord } from '../../src/attest/redact-record.ts'
import type { RecordRedactionRequest } from '../../src/attest/redact-record.ts'
import { recordSessions } from '../../src/attest/session-records.ts'
import type { RecordCard } from '../../src/model/session-record.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, redactionOf, sessionOfRecord } from '../world/session-record.ts'
import { isEach } from '../world/runs.ts'

const reason = 'It held the name of a customer.'
const refs = 'refs/countersign/sessions/'
const pinned = (digest: string) => ({ digest, tool: 'claude-code', session: sessionOfRecord })

/** What somebody said, in the ways in which a word may stand in a record. */
const asked = [
  ...['Ask Zoë Quill', 'ZOË QUILL again', 'in a file: {"name": "Zo\\u00eb Quill", "n": 1}'],
  ...['see https://x.example/?q=Zo%C3%AB%20Quill', 'nothing of note'],
]
const row = (at: number, members: object): string =>
  `${JSON.stringify({ uuid: `u${String(at)}`, sessionId: sessionOfRecord, timestamp: `2026-03-01T10:00:0${String(at)}.000Z`, version: '2.1.40', ...members })}\n`
const edit = (at: number, path: string): string =>
  row(at, {
    type: 'assistant',
    message: {
      ...{ id: `m${String(at)}`, model: 'claude-opus-4-6' },
      content: [
        {
          ...{ type: 'tool_use', id: `t${String(at)}`, name: 'Write' },
          input: { file_path: path, content: 'export const widget = 1\n' },
        },
      ],
    },
  })
const done = (at: number, path: string): string =>
  row(at, {
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: `t${String(at - 1)}`, content: 'ok' }] },
    toolUseResult: { type: 'create', filePath: path, content: 'export const widget = 1\n', structuredPatch: [] },
  })

interface Begun {
  readonly scratch: Scratch
  readonly transcript: string
  readonly old: string
  readonly allowed: string
  readonly redact: (more?: Partial<RecordRedactionRequest>) => ReturnType<typeof redactRecord>
}

const keys = scratchKey()
function scratchKey(): () => string {
  let made: string | undefined
  return () => {
    if (made !== undefined) return made
    const path = join(execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim(), 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
    return (made = path)
  }
}

async function begun(key = keys()): Promise<Begun> {
  const scratch = scratchRepository()
  const prompts = asked.map((content, at) => row(at, { type: 'user', message: { role: 'user', content } })).join('')
  const paths = ['a.ts', 'quill.ts'].map((it) => join(scratch.folder, it)) as [string, string]
  const edits = paths.flatMap((it, at) => [edit(5 + 2 * at, it), done(6 + 2 * at, it)]).join('')
  const transcript = join(scratchFolder(), `${sessionOfRecord}.jsonl`)
  writeFileSync(transcript, prompts + edits)
  scratch.commit(`change\n\nAI-Session-ID: claude-code:${sessionOfRecord}`, { 'a.txt': 'a\n' })
  const env = { PATH: process.env['PATH'], HOME: scratch.folder }
  const world = { cwd: scratch.folder, env }
  const made = await recordSessions({
    ...{ transcripts: [transcript], world },
    ...(key === 'none' ? { sign: 'none' as const } : { signingKey: key }),
  })
  const old = made.records[0]?.digest ?? ''
  const allowed = join(scratch.folder, '.git/allowed')
  writeFileSync(allowed, `ann@example.org ${readFileSync(`${keys()}.pub`, 'utf8')}`)
  const redact: Begun['redact'] = (more = {}) =>
    redactRecord({ record: old, reason, signingKey: keys(), allowedSigners: allowed, world, ...more })
  return { scratch, transcript, old, allowed, redact }
}

const words = Buffer.from('\uFEFFzoë quill\r\n\n')
const all = (scratch: Scratch): string => scratch.git(['for-each-ref', '--format=%(refname)', refs])
const show = (scratch: Scratch, digest: string, file: string): string =>
  scratch.git(['cat-file', 'blob', `${refs}${digest}:${file}`])

test('words go in whatever way they stand, rows as a whole, and the rest is as it was', async () => {
  const { scratch, old, redact } = await begun()
  const before = JSON.parse(show(scratch, old, 'record.json')) as RecordCard
  expect(before.edits.map((it) => it.path)).toEqual(['a.ts', 'quill.ts'])
  const { digest, removed, level, outcome } = await redact({ words, rows: ['5'] })
  expect({ level, outcome, removed }).toEqual({
    ...{ level: 'signed', outcome: 'made' },
    removed: { secrets: 0, words: 4, rows: 1 },
  })
  const transcript = show(scratch, digest, 'record.jsonl')
  const rows = transcript.split('\n').map((it) => JSON.parse(it) as object)
  expect(rows).toHaveLength(9)
  expect(rows[4]).toEqual({ redacted: '[redacted]' })
  expect(digestOf(`${transcript}\n`)).toBe(digest)
  const files = ['record.jsonl', 'record.json', 'redaction.json'].map((it) => show(scratch, digest, it)).join('\n')
  expect(files).not.toMatch(/zo(ë|\\u00eb|%C3%AB)/i)
  const card = JSON.parse(show(scratch, digest, 'record.json')) as RecordCard
  expect(card).toMatchObject({
    ...{ digest: { sha256: digest }, turns: 4, iterations: 2, redaction: { count: 5 } },
    replaces: { digest: { sha256: old }, reason },
    edits: [{ path: 'a.ts' }, { path: 'quill.ts' }],
  })
  expect(card.prompts).not.toEqual(before.prompts)
  // Nothing of the statement says what was taken out.
  const statement = JSON.parse(show(scratch, digest, 'redaction.json')) as { readonly predicate: object }
  expect(Object.keys(statement.predicate)).toEqual([
    ...['replaces', 'of', 'before', 'reason', 'redactedAt', 'removed', 'redaction', 'tool'],
  ])
  expect(all(scratch).split('\n')).toHaveLength(2)
})

test.runIf(isEach)(
  'a path with a word has none in the card, an edit in a row that went is gone, and rules find what is new to them',
  async () => {
    const { scratch, redact } = await begun()
    const named = await redact({ words: Buffer.from('quill') })
    expect((JSON.parse(show(scratch, named.digest, 'record.json')) as RecordCard).edits).toMatchObject([
      { path: 'a.ts' },
      { verdict: 'applied' },
    ])
    expect(show(scratch, named.digest, 'record.json')).not.toContain('quill')
    const other = await begun()
    const gone = await other.redact({ rows: ['6-7'] })
    expect((JSON.parse(show(other.scratch, gone.digest, 'record.json')) as RecordCard).edits).toMatchObject([
      { path: 'quill.ts' },
    ])
    const planted = scratchRepository()
    const ref = putRecord(planted, {
      transcript: claudeTranscript().replace('What?', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'),
    })
    const world = { cwd: planted.folder }
    const found = await redactRecord({ record: ref.slice(refs.length), reason, signingKey: keys(), world })
    expect(found).toMatchObject({ removed: { secrets: 1, words: 0, rows: 0 }, level: 'recorded' })
  },
)

test.runIf(isEach)('a row goes as a whole where a word stands in a number, or over two texts', async () => {
  const scratch = scratchRepository()
  const transcript = claudeTranscript() + row(8, { type: 'system', phone: 4915112345678, pair: ['Ann', 'Quill'] })
  const record = putRecord(scratch, { transcript }).slice(refs.length)
  for (const word of ['15112345', 'Ann","Quill']) {
    const asked = { record, reason, signingKey: keys(), words: Buffer.from(word), world: { cwd: scratch.folder } }
    const made = await redactRecord(asked)
    expect(made).toMatchObject({ removed: { rows: 1 } })
    scratch.git(['update-ref', '-d', `${refs}${made.digest}`])
  }
})

test('is refused: nothing to take out, what names the session, a reason that tells, words that are none', async () => {
  const { scratch, old, redact } = await begun()
  const before = all(scratch)
  const usage = { code: 'usage' }
  for (const [more, error] of [
    [{}, { code: 'redaction-empty' }],
    [{ words: Buffer.from('nobody') }, { code: 'redaction-empty' }],
    [{ words: Buffer.from(sessionOfRecord) }, { code: 'redaction-breaks-record' }],
    [{ rows: ['1-9'] }, { code: 'redaction-breaks-record' }],
    [{ words, reason: 'Zoë Quill asked for it' }, usage],
    [{ words, reason: 'token ghp_16C7e42F292c6912E7710c838347Ae178B4a' }, usage],
    [{ words, reason: '42' }, usage],
    [{ words: Buffer.from('Z') }, usage],
    [{ words: Buffer.from('123') }, usage],
    [{ words: Buffer.from('Redacted') }, usage],
    [{ words: Buffer.from('some\n'.concat(...Array.from({ length: 300 }, (_, at) => `word ${String(at)}\n`))) }, usage],
    [{ rows: ['0'] }, usage],
    [{ rows: ['3-2'] }, usage],
    [{ words, record: '0'.repeat(64) }, { code: 'record-missing' }],
    [{ words, record: 'HEAD' }, usage],
    [{ words, signingKey: '/nowhere/key' }, { code: 'record-key-missing' }],
    [{ words, sign: 'sigstore' }, { code: 'record-identity-public' }],
  ] as const) {
    await expect(redact(more)).rejects.toMatchObject(error)
  }
  // What stands in the error may stand in a log.
  const error: unknown = await redact({ words: Buffer.from(`fine\n${'x'.repeat(501)}`) }).catch((it: unknown) => it)
  expect(JSON.stringify([String(error), error])).not.toContain('xxx')
  expect(all(scratch)).toBe(before)
  expect(old).toMatch(/^[0-9a-f]{64}$/)
})

test('the old record goes last, and only for a new one whose signature counts', async () => {
  const { scratch, old, allowed, redact } = await begun()
  const commit = scratch.git(['rev-parse', `${refs}${old}`])
  await expect(
    redactRecord({ ...{ record: old, reason, words, removeOld: true }, world: { cwd: scratch.folder } }),
  ).rejects.toMatchObject({ code: 'usage' })
  const nobody = join(scratch.folder, '.git/nobody')
  writeFileSync(nobody, `eve@example.org ${ed25519Key().text}\n`)
  await expect(redact({ words, removeOld: true, allowedSigners: nobody })).rejects.toMatchObject({
    code: 'redaction-unverified',
  })
  expect(scratch.git(['rev-parse', `${refs}${old}`])).toBe(commit)
  // What that run wrote is found, and is verified again.
  const bare = scratchRepository('--bare')
  await expect(redact({ words, removeOld: true, push: join(bare.folder, 'none') })).rejects.toMatchObject({
    code: 'record-push-failed',
  })
  expect(scratch.git(['rev-parse', `${refs}${old}`])).toBe(commit)
  scratch.git(['push', '--quiet', bare.folder, `${refs}*:${refs}*`])
  const made = await redact({ words, removeOld: true, push: bare.folder })
  expect(made).toMatchObject({ outcome: 'existed', pushed: true, old: { commit, here: 'removed', there: 'removed' } })
  expect([all(scratch), all(bare)]).toEqual([`${refs}${made.digest}`, `${refs}${made.digest}`])
  const fates = await recordFates([pinned(old)], { allowedSigners: allowed, world: { cwd: scratch.folder } })
  expect(fates).toMatchObject([
    { isHere: false, newest: made.digest, replacements: [{ by: 'ann@example.org', reason }] },
  ])
})

test.runIf(isEach)(
  'a remote keeps what is not the very commit that was replaced, and what refuses to go keeps the old one here',
  async () => {
    const { scratch, old, redact } = await begun()
    const bare = scratchRepository('--bare')
    scratch.git(['push', '--quiet', bare.folder, `${refs}*:${refs}*`])
    bare.write('hooks/update', '#!/bin/sh\ncase "$3" in *[!0]*) ;; *) exit 1 ;; esac\n')
    chmodSync(join(bare.folder, 'hooks/update'), 0o755)
    await expect(redact({ words, removeOld: true, push: bare.folder })).rejects.toMatchObject({
      code: 'record-remove-failed',
    })
    expect(all(scratch)).toContain(old)
    rmSync(join(bare.folder, 'hooks/update'))
    const theirs = bare.git(['commit-tree', `${refs}${old}^{tree}`, '-m', 'theirs'])
    bare.git(['update-ref', `${refs}${old}`, theirs])
    expect(await redact({ words, removeOld: true, push: bare.folder })).toMatchObject({
      old: { here: 'removed', there: 'other' },
    })
    expect(bare.git(['rev-parse', `${refs}${old}`])).toBe(theirs)
  },
)

test('raises nothing: an old record that nobody who counts signed, one that a stranger redacted before', async () => {
  for (const key of ['none', strangerKey()] as const) {
    const { redact } = await begun(key)
    expect(await redact({ words })).toMatchObject({ level: 'recorded' })
  }
  const { scratch, old, redact, allowed } = await begun()
  const unnamed = { record: old, reason, signingKey: keys(), words, world: { cwd: scratch.folder } }
  expect(await redactRecord(unnamed)).toMatchObject({ level: 'recorded' })
  // A redaction that nobody signed is carried on by nobody, and one that counts is.
  const digest = digestOf(claudeTranscript())
  putRecord(scratch, { redaction: redactionOf({ digest, replaces: old }) })
  const laundered = await redact({ record: digest, words: Buffer.from('What') })
  expect(laundered.level).toBe('recorded')
  const world = { cwd: scratch.folder }
  const [fate] = await recordFates([pinned(old)], { allowedSigners: allowed, world })
  expect(fate?.replacements.map((it) => it.digest)).not.toContain(laundered.digest)
  expect(fate?.unsigned).toContain(digest)
})

test('nothing is written where a name of a record points', async () => {
  const { scratch, redact } = await begun()
  const { digest } = await redact({ words })
  scratch.git(['update-ref', '-d', `${refs}${digest}`])
  scratch.git(['symbolic-ref', `${refs}${digest}`, 'refs/heads/planted'])
  expect(await redact({ words })).toMatchObject({ digest, outcome: 'made' })
  expect(scratch.git(['for-each-ref', 'refs/heads/planted'])).toBe('')
  expect(all(scratch)).toContain(digest)
})

test.runIf(isEach)('a second redaction carries on the first, which goes with its record', async () => {
  const { scratch, old, allowed, redact } = await begun()
  const first = await redact({ words, removeOld: true })
  const second = await redact({ record: first.digest, rows: ['5'], reason: 'A whole row.', removeOld: true })
  expect(second.level).toBe('signed')
  expect(all(scratch)).toBe(`${refs}${second.digest}`)
  const fates = await recordFates([pinned(old), pinned(first.digest)], {
    allowedSigners: allowed,
    world: { cwd: scratch.folder },
  })
  expect(fates).toMatchObject([{ newest: second.digest }, { newest: second.digest }])
})

test.runIf(isEach)('the record that was replaced is not made once more, nor by hooks one of its session', async () => {
  const { scratch, transcript, old, redact } = await begun()
  const { digest } = await redact({ words, removeOld: true })
  const world = { cwd: scratch.folder }
  scratch.git(['config', 'user.signingkey', keys()])
  const passed = { passedOver: [{ code: 'record-replaced' }], records: [] }
  const again = recordSessions({ transcripts: [transcript], sign: 'none', world })
  await expect(again).rejects.toMatchObject({ code: 'record-none' })
  writeFileSync(
    transcript,
    `${readFileSync(transcript, 'utf8')}${row(9, { type: 'user', message: { role: 'user', content: 'And Zoë Quill?' } })}`,
  )
  const note = { v: 1, tool: 'claude-code', session: sessionOfRecord, transcript, seenAt: '' }
  scratch.write('.git/countersign/sessions/claude-code/a.json', JSON.stringify(note))
  expect(await recordSessions({ pending: true, sign: 'none', world })).toMatchObject(passed)
  expect(all(scratch)).toBe(`${refs}${digest}`)
  expect(all(scratch)).not.toContain(old)
})

test('no redaction keeps anybody from recording but by their own key, or by whom git was told of', async () => {
  const recorded = async (by: 'nobody' | 'stranger' | 'me' | 'other', isTold: boolean, replaces = '0'.repeat(64)) => {
    const { scratch, transcript, allowed } = await begun('none')
    const other = claudeTranscript()
    const mine = strangerKey()
    scratch.git(['config', 'user.signingkey', `${mine}.pub`])
    const redaction = redactionOf({ digest: digestOf(other), replaces })
    const session = by === 'other' ? '22222222-2222-4333-8444-555555555555' : sessionOfRecord
    putRecord(scratch, { transcript: other, session, redaction, ...(by === 'stranger' ? { key: ed25519Key() } : {}) })
    if (by === 'me' || by === 'other') signAgain(scratch, `${refs}${digestOf(other)}`, mine)
    if (isTold) scratch.git(['config', 'gpg.ssh.allowedSignersFile', allowed])
    const note = { v: 1, tool: 'claude-code', session: sessionOfRecord, transcript, seenAt: '' }
    scratch.write('.git/countersign/sessions/claude-code/a.json', JSON.stringify(note))
    const made = await recordSessions({ pending: true, sign: 'none', world: { cwd: scratch.folder } })
    return [made.records.length, made.notCounted.length]
  }
  expect(await recorded('nobody', false)).toEqual([1, 0])
  for (const isTold of [true, false]) {
    expect(await recorded('stranger', isTold)).toEqual([1, 1])
    expect(await recorded('me', isTold)).toEqual([0, 0])
  }
  // One of another session says nothing of this one, whatever it names.
  expect(await recorded('other', false)).toEqual([1, 0])
})

/** The same commit, signed by git with a key that is in a file. */
function signAgain(scratch: Scratch, ref: string, key: string): void {
  const date = '@1772359202 +0000'
  const env = ['AUTHOR', 'COMMITTER'].map(
    (it) => `GIT_${it}_NAME=countersign GIT_${it}_EMAIL= GIT_${it}_DATE='${date}'`,
  )
  const settings = `-c gpg.format=ssh -c user.signingkey=${key}`
  scratch.sh(
    `git cat-file commit ${ref} | sed '1,/^$/d' > .git/message && id=$(${env.join(' ')} git ${settings} commit-tree -S '${ref}^{tree}' -F .git/message) && git update-ref ${ref} "$id"`,
  )
}

function strangerKey(): string {
  const path = join(scratchFolder(), 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
  return path
}

test.runIf(isEach)(
  'under an identity: a bundle over the very statement, by whom somebody named, and by nobody else',
  async () => {
    const { scratch, old } = await begun()
    const state = scratchFolder()
    const sigstore = embeddedSigstore(state)
    const issuer = 'https://oidc.countersign.localhost'
    const env = { PATH: process.env['PATH'], HOME: scratch.folder }
    scratch.git(['remote', 'add', 'origin', 'https://github.com/acme/widget.git'])
    const world = { cwd: scratch.folder, env }
    const asked = { sign: 'sigstore', publishIdentity: true, sigstore, world } as const
    const made = await redactRecord({ ...asked, record: old, reason, words })
    const { signer = '' } = made
    expect(made).toMatchObject({ outcome: 'made', level: 'recorded' })
    const trust = await localTrust(state)
    const fate = async (identity: string) =>
      (await recordFates([pinned(old)], { allowedIdentities: [`${issuer}=${identity}`], trust, world }))[0]
    expect(await fate(signer)).toMatchObject({ newest: made.digest, replacements: [{ by: signer }], unsigned: [] })
    expect(await fate('https://github.com/acme/other')).toMatchObject({ replacements: [], unsigned: [made.digest] })
    // The same bundle beside other words.
    const transcript = `${show(scratch, made.digest, 'record.jsonl')}\n`
    const statement = show(scratch, made.digest, 'redaction.json').replace(reason, 'No reason.')
    const bundle = show(scratch, made.digest, 'redaction.sigstore.json')
    const card = JSON.parse(show(scratch, made.digest, 'record.json')) as RecordCard
    putRecord(scratch, { transcript, card, redaction: statement, redactionBundle: bundle })
    expect(await fate(signer)).toMatchObject({ replacements: [], unsigned: [made.digest] })
  },
  60_000,
)

test.runIf(isEach)('the page says how a redaction is verified with git alone', async () => {
  const { scratch, allowed, redact } = await begun()
  await redact({ words })
  scratch.write('allowed', readFileSync(allowed))
  const page = readFileSync(new URL('../../docs/records.md', import.meta.url), 'utf8')
  const [, script = ''] = /<!-- redaction by hand -->\n+```sh\n([\s\S]*?)```/.exec(page) ?? []
  expect(scratch.sh(`set -e\n${script}`)).toContain(reason)
  scratch.write('allowed', `eve@example.org ${ed25519Key().text}\n`)
  expect(() => scratch.sh(`set -e\n${script}`)).toThrow()
})
