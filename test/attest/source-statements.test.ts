/** Signed statements about a commit: each attack is one that a person who may push notes, and has an identity, can make. */
import { describe, expect, it } from 'vitest'
import { sourceVerifier } from '../../src/attest/source-statements.ts'
import type { RootAtHand } from '../../src/attest/roots-at-hand.ts'
import type { AttestedRepository } from '../../src/attest/source-statements.ts'
import { CountersignError } from '../../src/errors.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import type { SourceAnswer } from '../../src/model/source-statement.ts'
import { worldOf } from '../../src/platform/world.ts'
import { numericId } from '../../src/providers/sample.ts'
import { loadTrust } from '../../src/sigstore/trust/source.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { edited, signAt, useRelease } from '../world/release.ts'
import type { EditableBundle, Job } from '../world/release.ts'
import { agentCommitStatement, bareEnvelope } from '../world/small-records.ts'
import { sourceNote, sourceSummary } from '../world/source-statement.ts'
import type { SourceNote } from '../world/source-statement.ts'

const release = useRelease()
const commit = '1'.repeat(40)

/** The workflow that guards the source, as it runs for the branch. */
const guard: Job = {
  repository: 'acme/widget',
  ref: 'refs/heads/main',
  sha: commit,
  event: 'push',
  workflow: 'acme/guard/.github/workflows/source.yml@refs/heads/main',
  callerWorkflow: 'source.yml',
}

const own = (): RootAtHand => ({ root: 'own', load: () => loadTrust(release().trust, worldOf()) })
const noTrust: RootAtHand = {
  root: 'public-good',
  load: () => Promise.reject(new CountersignError('trust-stale', 'too old')),
}
const widget: AttestedRepository = { url: 'https://github.com/acme/widget', id: undefined, issuer: '' }

async function ask(
  bundle: object | string,
  { attested = widget, roots = [own()] }: { attested?: AttestedRepository; roots?: RootAtHand[] } = {},
): Promise<SourceAnswer> {
  const text = typeof bundle === 'string' ? bundle : JSON.stringify(bundle)
  return sourceVerifier(attested, roots)(Buffer.from(text), commit)
}

async function codeOf(...asked: Parameters<typeof ask>): Promise<string> {
  const answer = await ask(...asked)
  return answer.outcome === 'refused' ? answer.code : answer.outcome
}

const sign = (note: SourceNote, job: Job = {}): Promise<EditableBundle> => release().sign(note, { ...guard, ...job })

describe('a statement about the source', () => {
  it('counts with who signed it and when, as the certificate and the log say', async () => {
    const note = sourceNote(commit)
    const answer = await ask(await sign(note))
    expect(answer).toMatchObject({
      outcome: 'verified',
      statement: {
        digest: sha256Hex(JSON.stringify(note)),
        signer: {
          name: { kind: 'uri', value: 'https://github.com/acme/guard/.github/workflows/source.yml@refs/heads/main' },
          issuer: release().sigstore.issuer,
          root: 'own',
        },
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        activity: 'pr_merge',
        actor: 'ann-of-acme',
      },
    })
  })

  it('may be of the run of an agent, for this repository, and then says nothing of the source', async () => {
    const about = (inner: object = {}): SourceNote => agentCommitStatement(commit, 'run', inner) as SourceNote
    const answer = await ask(await sign(about()))
    expect(answer).toMatchObject({
      outcome: 'verified',
      statement: { digest: sha256Hex(JSON.stringify(about())), activity: undefined, actor: undefined, levels: [] },
    })
    // Another run than was signed.
    const swapped = edited(await sign(about()), (it) => {
      it.dsseEnvelope.payload = Buffer.from(JSON.stringify(about({ agent: {} }))).toString('base64')
    })
    expect(await codeOf(swapped)).toBe('source-unverified')
    expect(await codeOf(bareEnvelope(about()))).toBe('source-unverified')
    expect(await codeOf(await sign(agentCommitStatement('2'.repeat(40), 'run') as SourceNote))).toBe(
      'source-other-commit',
    )
    expect(await codeOf(await sign(about(), { repository: 'evil/widget' }))).toBe('source-contradicts-certificate')
  })

  it('may be a summary of levels, in a log of either kind', async () => {
    const bundle = await release().sign(sourceSummary(commit), guard, { rekor: 2 })
    expect(await ask(bundle)).toMatchObject({
      outcome: 'verified',
      statement: { result: 'PASSED', levels: ['SLSA_SOURCE_LEVEL_3', 'TAG_HYGIENE'] },
    })
  })

  it('holds by the time of the log beside a timestamp of an authority that the root does not have', async () => {
    const other = await startLocalSigstore()
    try {
      const foreign = await signAt({ certificate: other }, sourceNote(commit), guard)
      const stamped = edited(await sign(sourceNote(commit)), (it) => {
        it.verificationMaterial.timestampVerificationData = foreign.verificationMaterial.timestampVerificationData
      })
      expect(await codeOf(stamped)).toBe('verified')
      const unlogged = edited(stamped, (it) => {
        for (const entry of it.verificationMaterial.tlogEntries) Reflect.deleteProperty(entry, 'inclusionPromise')
      })
      expect(await codeOf(unlogged)).toBe('source-unverified')
    } finally {
      await other.close()
    }
  })

  it('about another commit is no statement about this one, whoever copies its note', async () => {
    expect(await codeOf(await sign(sourceNote('2'.repeat(40))))).toBe('source-other-commit')
  })

  it('whose payload was altered does not hold', async () => {
    const altered = edited(await sign(sourceNote('2'.repeat(40))), (it) => {
      it.dsseEnvelope.payload = Buffer.from(JSON.stringify(sourceNote(commit))).toString('base64')
    })
    expect(await codeOf(altered)).toBe('source-unverified')
  })

  it('by a Sigstore that nobody trusts does not hold', async () => {
    const other = await startLocalSigstore()
    try {
      expect(await codeOf(await signAt({ certificate: other }, sourceNote(commit), guard))).toBe('source-unverified')
    } finally {
      await other.close()
    }
  })

  it('of another kind says nothing of the source', async () => {
    const foreign = edited(sourceNote(commit), (it) => (it.predicateType = 'https://slsa.dev/provenance/v0.9'))
    expect(await codeOf(await sign(foreign))).toBe('source-type-unknown')
  })

  it('of another repository counts for that one, whatever it names', async () => {
    const theirs = sourceNote(commit, { repoUri: 'https://github.com/mallory/widget' })
    const mallory = { repository: 'mallory/widget' }
    expect(await codeOf(await sign(theirs, mallory))).toBe('source-other-repository')
    expect(await codeOf(await sign(sourceNote(commit), mallory))).toBe('source-contradicts-certificate')
    const nowhere = edited(sourceNote(commit), (it) => Reflect.deleteProperty(it.predicate, 'repoUri'))
    expect(await codeOf(await sign(nowhere, mallory))).toBe('source-other-repository')
  })

  it('by a workflow that ran for a branch of its own says nothing of the guarded one', async () => {
    expect(await codeOf(await sign(sourceNote(commit), { ref: 'refs/heads/mallory' }))).toBe(
      'source-contradicts-certificate',
    )
  })

  it('is of a repository by its number, which a name that was taken over does not have', async () => {
    const bundle = await sign(sourceNote(commit))
    const { issuer } = release().sigstore
    const id = numericId('acme/widget')
    expect(await codeOf(bundle, { attested: { url: widget.url, id, issuer } })).toBe('verified')
    expect(await codeOf(bundle, { attested: { url: widget.url, id: '999', issuer } })).toBe('source-other-repository')
    expect(await codeOf(bundle, { attested: { url: widget.url, id: '999', issuer: 'https://other.example' } })).toBe(
      'verified',
    )
    const renamed = { url: 'https://github.com/acme/gadget', id, issuer }
    expect(await codeOf(bundle, { attested: renamed })).toBe('verified')
    expect(await codeOf(bundle, { attested: { ...renamed, id: undefined } })).toBe('source-other-repository')
  })

  it.each<[string, string | object]>([
    ['nothing', ''],
    ['no JSON', '{"mediaType":'],
    ['another document', '{"commit":"x","sessions":[]}'],
    ['deep JSON', '{"a":'.repeat(100_000)],
    ['a bare envelope', { payloadType: 'text/plain', payload: '', signatures: [] }],
  ])('is no %s', async (_, line) => {
    expect(await codeOf(line)).toBe('source-malformed')
  })

  it('in a bare envelope, or of another payload type, is none', async () => {
    const { dsseEnvelope } = await sign(sourceNote(commit))
    expect(await codeOf(dsseEnvelope)).toBe('source-unverified')
    expect(await codeOf({ ...dsseEnvelope, payloadType: 'text/plain' })).toBe('source-malformed')
  })

  it('is undecided where there is no trust, and not where another root vouches for it', async () => {
    const bundle = await sign(sourceNote(commit))
    expect(await ask(bundle, { roots: [noTrust] })).toEqual({
      outcome: 'undecided',
      detail: 'no trust to verify by: trust-stale',
    })
    expect(await codeOf(bundle, { roots: [own(), noTrust] })).toBe('verified')
    const broken = edited(bundle, (it) => (it.dsseEnvelope.signatures[0]!.sig = ''))
    expect(await codeOf(broken, { roots: [own(), noTrust] })).toBe('undecided')
  })

  it('says of no bundle more than a code', async () => {
    const hostile = sourceNote(commit, { actor: '\u001b[2Jann', controls: [{ name: '\u001b[2Jann' }] })
    const answer = await ask(await sign(hostile))
    expect(answer).toEqual({ outcome: 'refused', code: 'source-malformed', detail: 'predicate-malformed' })
  })
})
