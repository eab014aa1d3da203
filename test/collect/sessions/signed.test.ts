import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import { readSignatures, readSignerKeys } from '../../../src/collect/signatures/index.ts'
import type { SignerKeys } from '../../../src/collect/signatures/index.ts'
import type { KnownKey } from '../../../src/collect/signatures/known-keys.ts'
import type { CollectedSessions } from '../../../src/model/facts.ts'
import type { CertifiedAnswer } from '../../../src/model/certified-signature.ts'
import type { ReaderReport, Session } from '../../../src/model/session.ts'
import { encode, tags } from '../../../src/sigstore/verify/asn1.ts'
import { commitPayload, ed25519Key, signedBy, sshSignature, withSignature } from '../../world/commit-signature.ts'
import type { CommitParts } from '../../world/commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from '../../world/entire-checkpoint.ts'
import { gitAiNote } from '../../world/git-ai-record.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { part } from '../../world/runs.ts'

const ann = ed25519Key()
const stranger = ed25519Key()
const allowedSigners = `ann@example.org namespaces="git" ${ann.text}\n`
const session = '11111111-2222-4333-8444-555555555555'

async function collect(scratch: Scratch, signers: SignerKeys = { allowedSigners }): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { signers })
  return sessions
}

/** Writes the object of a commit and puts a ref on it. */
function put(scratch: Scratch, object: string, ref = 'HEAD'): string {
  const id = scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)
  scratch.git(['update-ref', ref, id])
  return id
}

const treeOf = (scratch: Scratch, ref: string): string => scratch.git(['rev-parse', `${ref}^{tree}`])
const reportIn = ({ readers }: CollectedSessions): ReaderReport | undefined =>
  readers.find(({ reader }) => reader === 'commit-signature')

/** What matters here of the only session. */
function told({ sessions: [it] }: CollectedSessions): Partial<Session> {
  const { level, signers, recordSigner } = it ?? {}
  return { ...(level && { level }), ...(signers && { signers }), ...(recordSigner && { recordSigner }) }
}

const claim = 'Change it\n\nAI-Session-ID: claude-code:one\n'

describe('a signed claim', () => {
  test('stays a claim, and tells who signed it', async () => {
    const scratch = scratchRepository()
    const tree = treeOf(scratch, scratch.commit('one', { 'a.txt': 'a\n' }))
    put(scratch, signedBy(ann, { tree, message: claim }))
    const collected = await collect(scratch)
    expect(told(collected)).toEqual({ level: 'claimed', signers: ['person'] })
    expect(reportIn(collected)).toEqual({ reader: 'commit-signature', outcome: 'found', claims: 1 })
    expect(told(await collect(scratch, {}))).toEqual({ level: 'claimed' })
  })

  test('is signed by nobody where its commit was altered, or another’s signature was taken', async () => {
    const scratch = scratchRepository()
    const tree = treeOf(scratch, scratch.commit('one', { 'a.txt': 'a\n' }))
    const signature = sshSignature(ann, commitPayload({ tree }))
    put(scratch, withSignature(commitPayload({ tree, message: claim }), signature))
    const collected = await collect(scratch)
    expect(told(collected)).toEqual({ level: 'claimed' })
    expect(collected.findingCounts).toEqual({ 'signature-wrong': 1 })
    expect(reportIn(collected)).toEqual({ reader: 'commit-signature', outcome: 'nothing', claims: 0 })
  })

  test('counts where the commit went into a squash', async () => {
    const scratch = scratchRepository()
    const start = scratch.commit('start', { 'a.txt': 'a\n' })
    const end = scratch.commit('Change it (#1)', { 'a.txt': 'b\n' })
    const tree = treeOf(scratch, end)
    put(scratch, signedBy(ann, { tree, parents: [start], message: claim }), 'refs/pull/1/head')
    const collected = await collect(scratch)
    expect(told(collected)).toEqual({ level: 'claimed', signers: ['person'] })
    expect(collected.sessions[0]).toMatchObject({ linkage: 'squash', commits: [end] })
  })

  test('is no note: that lies beside the commit', async () => {
    const scratch = scratchRepository()
    const start = scratch.commit('start', { 'b.txt': 'a\n' })
    const tree = treeOf(scratch, scratch.commit('one', { 'a.txt': 'a\n' }))
    const id = put(scratch, signedBy(ann, { tree, parents: [start], message: 'One\n\nAI-Session-ID: codex:two\n' }))
    scratch.note(id, gitAiNote(id, { 'a.txt': { s1: '1' } }))
    const { sessions } = await collect(scratch)
    expect(sessions.map(({ tool, signers }) => [tool, signers])).toEqual([
      ['claude-code', undefined],
      ['codex', ['person']],
    ])
  })

  test('is not looked for where no commit names AI', async () => {
    const scratch = scratchRepository()
    const tree = treeOf(scratch, scratch.commit('one', { 'a.txt': 'a\n' }))
    put(scratch, signedBy(stranger, { tree }))
    expect(reportIn(await collect(scratch, {}))).toBeUndefined()
  })
})

/** A commit that names a checkpoint, which holds the record of the session. */
function withCheckpoint(id = '7b9d8e75f733'): Scratch {
  const scratch = scratchRepository()
  scratch.commit(`one\n\nEntire-Checkpoint: ${id}`)
  storeOnBranch(scratch, id, checkpoint(id, [sessionMetadata(id), claudeRow()]))
  return scratch
}

/** The last commit of the store once more, with other parts and a signature. */
function signStore(scratch: Scratch, key = ann, parts: CommitParts = {}): string {
  return put(scratch, signedBy(key, { tree: treeOf(scratch, branch), ...parts }), branch)
}

describe('a signed record', () => {
  test('is one that a signed commit brought in', async () => {
    const scratch = withCheckpoint()
    signStore(scratch)
    const collected = await collect(scratch)
    expect(told(collected)).toEqual({ level: 'signed', recordSigner: 'person' })
    expect(collected.sessions[0]).toMatchObject({ id: session })
    expect(told(await collect(scratch, {}))).toEqual({ level: 'recorded' })
  })

  test('is not one that a stranger signed, or whose commit was altered', async () => {
    const scratch = withCheckpoint()
    signStore(scratch, stranger)
    expect(told(await collect(scratch))).toEqual({ level: 'recorded' })
    const tree = treeOf(scratch, branch)
    put(scratch, withSignature(commitPayload({ tree }), sshSignature(ann, commitPayload({ tree, time: 1 }))), branch)
    expect(told(await collect(scratch))).toEqual({ level: 'recorded' })
  })

  test('is not one that only lies in the tree of a signed commit', async () => {
    const scratch = withCheckpoint()
    const before = scratch.git(['rev-parse', branch])
    storeOnBranch(scratch, 'aaaaaaaaaaaa', { 'metadata.json': '{}' })
    signStore(scratch, ann, { parents: [before] })
    expect(told(await collect(scratch))).toEqual({ level: 'recorded' })
  })

  test('is not one that a signed merge took over', async () => {
    const scratch = withCheckpoint()
    const theirs = scratch.git(['rev-parse', branch])
    const ours = scratch.git(['rev-parse', 'HEAD'])
    signStore(scratch, ann, { parents: [ours, theirs] })
    expect(told(await collect(scratch))).toEqual({ level: 'recorded' })
  })

  test('is not one that somebody had brought in before', async () => {
    const scratch = withCheckpoint()
    const theirs = scratch.git(['rev-parse', branch])
    const without = put(scratch, commitPayload({ parents: [theirs] }), 'refs/heads/gone')
    signStore(scratch, ann, { parents: [without] })
    expect(told(await collect(scratch))).toEqual({ level: 'recorded' })
  })

  test('is not one that was brought in twice, whichever says that it was first', async () => {
    const scratch = withCheckpoint()
    const theirs = scratch.git(['rev-parse', branch])
    const copy = signStore(scratch, ann, { time: 1_600_000_000 })
    put(scratch, commitPayload({ tree: treeOf(scratch, copy), parents: [theirs, copy] }), branch)
    expect(told(await collect(scratch))).toEqual({ level: 'recorded' })
  })

  test('is not one in a clone that ends with its commit, and nothing is wrong with that', async () => {
    const scratch = withCheckpoint()
    const last = signStore(scratch, ann, { parents: ['1'.repeat(40)] })
    scratch.write('.git/shallow', `${last}\n`)
    const collected = await collect(scratch)
    expect(told(collected)).toEqual({ level: 'recorded' })
    expect(collected.findingCounts).toEqual({})
  })

  test('keeps its claims where git cannot tell who brought it in', async () => {
    const scratch = withCheckpoint()
    signStore(scratch, ann, { parents: ['1'.repeat(40)] })
    const collected = await collect(scratch)
    expect(told(collected)).toEqual({ level: 'recorded' })
    expect(collected.findingCounts).toEqual({ 'checkpoint-origin-unknown': 1 })
  })
})

describe('signatures', () => {
  const platform: KnownKey = {
    ...{ signer: 'agent-platform', name: 'a platform', committer: 'agent@platform.example' },
    ...{ fingerprint: ann.fingerprint, since: '2025-01-01', source: 'this test' },
  }

  async function signersOf(
    object: string,
    known: readonly KnownKey[],
    keys: SignerKeys = { allowedSigners },
  ): Promise<unknown[]> {
    const scratch = scratchRepository()
    scratch.commit('start')
    const id = put(scratch, object)
    const codes: string[] = []
    const signatures = await readSignatures(await scratch.open(), new Set([id]), readSignerKeys(keys, known), (code) =>
      codes.push(code),
    )
    return [
      signatures.signers.get(id),
      ...codes,
      ...(signatures.report?.detail === undefined ? [] : [signatures.report.detail]),
    ]
  }

  test('of a platform are those under its own name, whatever else is allowed', async () => {
    const committer = 'Agent <agent@platform.example>'
    expect(await signersOf(signedBy(ann, { committer }), [platform])).toEqual(['agent-platform'])
    expect(await signersOf(signedBy(ann), [platform])).toEqual([undefined, 'signature-unbound'])
  })

  test('of a forge stay that, also where somebody allowed its key', async () => {
    const forge: KnownKey = { ...platform, signer: 'forge' }
    expect(await signersOf(signedBy(ann), [forge])).toEqual(['forge'])
    expect(await signersOf(signedBy(ann), [])).toEqual(['person'])
    // Of a forge of the caller's own, under whatever name and time it stands in the file.
    const forgeSigners = `nobody@example.org valid-before="20200101Z" ${ann.text}\n`
    expect(await signersOf(signedBy(ann), [], { allowedSigners, forgeSigners })).toEqual(['forge'])
  })

  test('of kinds that are not verified are told', async () => {
    const of = (kind: string): string =>
      withSignature(commitPayload(), `-----BEGIN ${kind}-----\n\nAAAA\n-----END ${kind}-----\n`)
    const unasked = '1 signatures with certificates, and no identity was named'
    expect(await signersOf(of('SIGNED MESSAGE'), [])).toEqual([undefined, unasked])
    expect(await signersOf(of('PGP SIGNATURE'), [])).toEqual([undefined, 'signature-malformed'])
    expect(await signersOf(of('SOMETHING'), [])).toEqual([undefined, 'signature-malformed'])
  })

  test.for<[CertifiedAnswer, unknown[]]>(
    part(
      [
        [{ outcome: 'unnamed' }, [undefined]],
        [{ outcome: 'undecided', detail: 'no trust' }, [undefined, '1 signatures with certificates, and no trust']],
        [{ outcome: 'refused', code: 'malformed', detail: 'x' }, [undefined, 'signature-malformed']],
        [{ outcome: 'refused', code: 'uncertified', detail: 'x' }, [undefined, 'signature-not-verified']],
        [{ outcome: 'refused', code: 'wrong', detail: 'x' }, [undefined, 'signature-wrong']],
        [{ outcome: 'refused', code: 'unlogged', detail: 'x' }, [undefined, 'signature-unlogged']],
        [{ outcome: 'refused', code: 'untrusted', detail: 'x' }, [undefined, 'signature-untrusted']],
      ],
      2,
    ),
  )('with certificates are what is found of them (%o)', async ([answer, told]) => {
    const der = encode(tags.sequence).toString('base64')
    const object = withSignature(
      commitPayload(),
      `-----BEGIN SIGNED MESSAGE-----\n${der}\n-----END SIGNED MESSAGE-----\n`,
    )
    expect(await signersOf(object, [], { verifyCertified: () => Promise.resolve(answer) })).toEqual(told)
  })
})
