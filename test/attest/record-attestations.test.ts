/** Signed statements about records: each attack is one that a person who may write the file, and has an identity, can make. */
import { describe, expect, it, test } from 'vitest'
import { recordBundlesIn, recordVerifier } from '../../src/attest/record-attestations.ts'
import type { RootAtHand } from '../../src/attest/roots-at-hand.ts'
import { resolveRange } from '../../src/collect/git/history.ts'
import { collectChanges } from '../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { CountersignError } from '../../src/errors.ts'
import { parseAllowedIdentities } from '../../src/model/allowed-identity.ts'
import { limits } from '../../src/model/limits.ts'
import { isAboutRecord, sessionRecordType } from '../../src/model/record-attestation.ts'
import type { RecordOf, SessionRecordPredicate } from '../../src/model/record-attestation.ts'
import { worldOf } from '../../src/platform/world.ts'
import { loadTrust } from '../../src/sigstore/trust/source.ts'
import { checkpoint, claudeRow, sessionMetadata, storeOnBranch } from '../world/entire-checkpoint.ts'
import { codeOf } from '../world/failure.ts'
import { ecKeys, keySigner, signWith } from '../world/own-authority.ts'
import { edited, signAt, useRelease } from '../world/release.ts'
import type { EditableBundle, Job } from '../world/release.ts'
import { scratchRepository } from '../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord } from '../world/session-record.ts'
import type { RecordParts } from '../world/session-record.ts'

const release = useRelease()
const record = 'a'.repeat(64)
const another = 'b'.repeat(64)
const ann: Job = { provider: 'generic', email: 'ann@example.org' }
const workflow = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'

/** A session whose own bytes name it. */
const bytes: RecordOf = {
  ...{ digest: record, tool: 'claude-code', session: 's', agent: undefined, format: 'claude-code' },
  ...{ isTold: true, card: undefined },
}

const own = (): RootAtHand => ({ root: 'own', load: () => loadTrust(release().trust, worldOf()) })
const noTrust: RootAtHand = {
  root: 'public-good',
  load: () => Promise.reject(new CountersignError('trust-stale', 'too old')),
}

function statement(digests: readonly string[], predicateType = sessionRecordType): object {
  const subject = digests.map((sha256) => ({ name: 'transcript.jsonl', digest: { sha256 } }))
  return { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: {} }
}

const sign = (digests: readonly string[], job: Job = ann, type?: string): Promise<EditableBundle> =>
  release().sign(statement(digests, type), job)

interface Asked {
  readonly digests?: readonly string[]
  readonly names?: readonly string[]
  readonly roots?: readonly RootAtHand[]
}

/** Who signed each of the records, then the codes of what does not count. */
async function told(
  bundles: readonly (object | string)[],
  { digests = [record, another], names = ['ann@example.org'], roots = [own()] }: Asked = {},
): Promise<unknown[]> {
  const text = bundles.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))).join('\n')
  const allowed = parseAllowedIdentities(names.map((it) => `${release().sigstore.issuer}=${it}`))
  const verify = recordVerifier(recordBundlesIn(Buffer.from(text)), allowed, roots)
  const { signers, refused, undecided } = await verify(digests.map((digest) => ({ ...bytes, digest })))
  return [
    Object.fromEntries([...signers].map(([key, signer]) => [key.slice(0, 64), signer])),
    ...refused.map(({ code }) => code.replace('record-attestation-', '')),
    ...(undecided === undefined ? [] : ['undecided']),
  ]
}

describe('a statement about a record', () => {
  it('is of its signer, for each record that it names and no other', async () => {
    expect(await told([await sign([record])])).toEqual([{ [record]: 'person' }])
    expect(await told([await sign([record, another])])).toEqual([{ [record]: 'person', [another]: 'person' }])
    expect(await told([await sign(['c'.repeat(64)])])).toEqual([{}])
    expect(await told([])).toEqual([{}])
  })

  it('counts under a name that was named, whole and by its issuer', async () => {
    const bundle = await sign([record])
    expect(await told([bundle], { names: ['bob@example.org'] })).toEqual([{}, 'unnamed'])
    expect(await told([await sign([record], { provider: 'generic', email: 'mallory@example.org' })])).toEqual([
      ...[{}, 'unnamed'],
    ])
    const other = await startLocalSigstore({ issuer: 'https://other.example' })
    try {
      const theirs = await signAt({ certificate: other }, statement([record]), ann)
      const root: RootAtHand = {
        root: 'own',
        load: () => loadTrust({ kind: 'json', json: other.trustedRoot, origin: 'other' }, worldOf()),
      }
      expect(await told([theirs], { roots: [root] })).toEqual([{}, 'unnamed'])
      expect(await told([theirs])).toEqual([{}, 'unverified'])
    } finally {
      await other.close()
    }
  })

  it('by a workflow is nobody’s, the releasing one’s neither, unless it was named; then it is a platform’s', async () => {
    const bundle = await sign([record], { workflow: 'release.yml' })
    expect(await told([bundle])).toEqual([{}, 'unnamed'])
    expect(await told([bundle], { names: [workflow] })).toEqual([{ [record]: 'agent-platform' }])
    expect(await told([bundle, await sign([record])], { names: [workflow, 'ann@example.org'] })).toEqual([
      { [record]: 'person' },
    ])
  })

  it('of another type says something else', async () => {
    for (const type of ['https://slsa.dev/provenance/v1', `${sessionRecordType}/`, 'https://example.org/deleted/v1']) {
      expect(await told([await sign([record], ann, type)])).toEqual([{}, 'other-type'])
    }
  })

  it('that was altered, has no time, or was signed with a bare key does not hold', async () => {
    const bundle = await sign([another])
    const altered = edited(bundle, (it) => {
      it.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement([record]))).toString('base64')
    })
    const timeless = edited(bundle, ({ verificationMaterial: it }) => {
      it.tlogEntries = []
      it.timestampVerificationData = { rfc3161Timestamps: [] }
    })
    const keyed = await signWith(release().sigstore, statement([another]), keySigner(ecKeys()))
    for (const forged of [altered, timeless, keyed, bundle.dsseEnvelope]) {
      expect(await told([forged])).toEqual([{}, 'unverified'])
    }
    expect(await told([altered, bundle])).toEqual([{ [another]: 'person' }, 'unverified'])
  })

  it('is none in lines of anything else, and these take none with them', async () => {
    const bundle = await sign([record])
    const message = { ...bundle, dsseEnvelope: undefined, messageSignature: { signature: 'AAAA' } }
    const typed = edited(bundle, (it) => (it.dsseEnvelope.payloadType = 'text/plain'))
    const text = edited(bundle, (it) => (it.dsseEnvelope.payload = Buffer.from('x').toString('base64')))
    const bare = await release().sign({ ...statement([record]), predicate: undefined }, ann)
    const lines = ['no JSON', bare, '{"a":'.repeat(10_000), {}, message, typed, text, bundle]
    expect(await told(lines)).toEqual([{ [record]: 'person' }, ...Array.from({ length: 7 }, () => 'malformed')])
  })

  it('is undecided where there is no trust, and asks for none where it is about nothing', async () => {
    const bundle = await sign([record])
    expect(await told([bundle], { roots: [noTrust] })).toEqual([{}, 'undecided'])
    expect(await told([bundle], { digests: [another], roots: [noTrust] })).toEqual([{}])
    expect(await told([bundle], { roots: [noTrust, own()] })).toEqual([{ [record]: 'person' }])
  })

  it('stands in a file with no more than are read', () => {
    const many = Buffer.from('{}\n'.repeat(limits.recordBundles + 1))
    expect(codeOf(() => recordBundlesIn(many))).toBe('input-too-large')
    expect(recordBundlesIn(many.subarray(3))).toHaveLength(limits.recordBundles)
  })
})

describe('a session', () => {
  it('is signed where a statement is about its record, and the session beside it is not', async () => {
    const scratch = scratchRepository()
    const ids = ['7b9d8e75f733', '7b9d8e75f744']
    for (const [index, id] of ids.entries()) {
      scratch.commit(`${index}\n\nEntire-Checkpoint: ${id}`)
      const session = `${index}1111111-2222-4333-8444-555555555555`
      const files = checkpoint(id, [sessionMetadata(id, session), claudeRow(session)])
      storeOnBranch(scratch, id, files)
    }
    const repository = await scratch.open()
    const range = await resolveRange(repository, { adopt: true, allowShallow: 'refuse' })
    const found = await collectChanges(repository, range)
    const [first, second] = found.sessions.sessions
    expect([first?.level, second?.level]).toEqual(['recorded', 'recorded'])
    const allowed = parseAllowedIdentities([`${release().sigstore.issuer}=ann@example.org`])
    const file = Buffer.from(JSON.stringify(await sign([second!.digest!.sha256])))
    const verifyRecords = recordVerifier(recordBundlesIn(file), allowed, [own()])
    const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { verifyRecords })
    expect(sessions.sessions.map(({ level, recordSigner }) => [level, recordSigner])).toEqual([
      ['recorded', undefined],
      ['signed', 'person'],
    ])
    expect(sessions.readers.at(-1)).toEqual({ reader: 'record-attestation', outcome: 'found', claims: 1 })
  })
})

test('a statement is about bytes as those of one session: one that names none counts where they name it themselves', () => {
  const named = { tool: 'claude-code', session: 's', format: 'claude-code' }
  const untold = { ...bytes, isTold: false }
  const card = { ...untold, card: another }
  const cases: readonly (readonly [SessionRecordPredicate, RecordOf, boolean])[] = [
    [{}, bytes, true],
    [{}, untold, false],
    [{ tool: 'claude-code' }, untold, false],
    [{ session: 'other' }, bytes, false],
    [{ tool: 'codex' }, bytes, false],
    [{ format: 'codex' }, bytes, false],
    [named, bytes, true],
    [named, untold, true],
    [named, { ...untold, format: undefined }, true],
    [{ ...named, agent: 'a' }, bytes, false],
    [named, { ...untold, agent: 'a' }, false],
    [{ ...named, agent: 'a' }, { ...untold, agent: 'a' }, true],
    [named, card, false],
    [{ ...named, card: { sha256: record } }, card, false],
    [{ ...named, card: { sha256: another } }, card, true],
    [{ card: { sha256: another } }, card, false],
  ]
  expect(cases.map(([said, of]) => isAboutRecord(said, of))).toEqual(cases.map(([, , isAbout]) => isAbout))
})

describe('the bytes that somebody signed, beside the name of another session,', () => {
  const [theirs, another] = ['a', 'b'].map((it) => `${it.repeat(8)}-2222-4333-8444-555555555555`) as [string, string]
  const cursor = [
    { role: 'user', message: { content: [{ type: 'text', text: '<user_query>hi there</user_query>' }] } },
    { role: 'assistant', message: { content: [{ type: 'text', text: 'ok' }] } },
  ]
  const rows = cursor.map((it) => `${JSON.stringify(it)}\n`).join('')
  const page = '# aider chat started at 2026-03-01 10:00:00\n\n#### hi\n\nok\n'

  const levelsOf = async (parts: RecordParts, predicate: object, given?: object) => {
    const { transcript = '', tool = '', session = '' } = parts
    const scratch = scratchRepository()
    scratch.commit(`one\n\nAI-Session-ID: ${tool}:${session}`)
    const bundle = JSON.stringify(await release().sign({ ...statement([digestOf(transcript)]), predicate }, ann))
    putRecord(scratch, { ...parts, ...(given === undefined ? { bundle } : {}) })
    const repository = await scratch.open()
    const range = await resolveRange(repository, { adopt: true, allowShallow: 'refuse' })
    const allowed = parseAllowedIdentities([`${release().sigstore.issuer}=ann@example.org`])
    const file = given === undefined ? undefined : recordBundlesIn(Buffer.from(bundle))
    const verifyRecords = recordVerifier(file, allowed, [own()])
    const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { verifyRecords })
    return [
      ...sessions.sessions.map(({ level }) => level),
      'record-attestation-other-session' in sessions.findingCounts,
    ]
  }

  it.each([undefined, {}])(
    'raise nothing where a file or a card names it',
    async (given) => {
      const named = { tool: 'cursor', session: theirs, format: 'cursor' }
      const of = (session: string): RecordParts => ({
        ...{ tool: 'cursor', session, transcript: rows, card: { format: 'cursor', file: `${session}.jsonl` } },
      })
      expect(await levelsOf(of(theirs), named, given)).toEqual(['signed', false])
      expect(await levelsOf(of(another), named, given)).toEqual(['recorded', true])
      // What was signed before statements named sessions.
      expect(await levelsOf(of(another), {}, given)).toEqual(['recorded', true])
      const told = { tool: 'claude-code', session: theirs, transcript: claudeTranscript(theirs) }
      expect(await levelsOf(told, {}, given)).toEqual(['signed', false])
      const untold = { tool: 'aider', session: theirs, transcript: page, card: { format: 'aider' } }
      expect(await levelsOf(untold, {}, given)).toEqual(['recorded', true])
      const without = { tool: 'aider', session: theirs, format: 'aider' }
      expect(await levelsOf(untold, without, given)).toEqual(['recorded', true])
    },
    60_000,
  )
})
