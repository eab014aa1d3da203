/** Whose signatures under certificates count: those of identities that the caller named, whole and under their own issuer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certifiedVerifier } from '../../src/attest/certified-signatures.ts'
import type { RootAtHand } from '../../src/attest/roots-at-hand.ts'
import { resolveRange } from '../../src/collect/git/history.ts'
import { collectChanges } from '../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { CountersignError } from '../../src/errors.ts'
import { parseAllowedIdentities } from '../../src/model/allowed-identity.ts'
import { limits } from '../../src/model/limits.ts'
import { trustFromJson } from '../../src/sigstore/verify/trusted-root.ts'
import { commitPayload, withSignature } from '../world/commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from '../world/entire-checkpoint.ts'
import { codeOf } from '../world/failure.ts'
import { armoured, gitsignSignature } from '../world/gitsign.ts'
import { scratchRepository } from '../world/scratch-repository.ts'

let sigstore: LocalSigstore
let other: LocalSigstore

beforeAll(async () => {
  sigstore = await startLocalSigstore()
  other = await startLocalSigstore({ issuer: 'https://other.example' })
})
afterAll(async () => {
  await sigstore.close()
  await other.close()
})

const payload = commitPayload()
const own = (): RootAtHand => ({
  root: 'own',
  load: () => Promise.resolve(trustFromJson(sigstore.trustedRoot, 'this test')),
})
const noTrust: RootAtHand = {
  root: 'public-good',
  load: () => Promise.reject(new CountersignError('trust-stale', 'too old')),
}

async function ask(der: Buffer, names: readonly string[], roots = [own()], signed = payload): Promise<string> {
  const allowed = parseAllowedIdentities(names.map((it) => `${sigstore.issuer}=${it}`))
  const answer = await certifiedVerifier(allowed, roots)(der, Buffer.from(signed))
  return answer.outcome === 'signed' ? answer.signer : answer.outcome === 'refused' ? answer.code : answer.outcome
}

const job = 'https://github.com/acme/agent/.github/workflows/agent.yml@refs/heads/main'
const jobClaims = providerClaims('github', { repository: 'acme/agent', workflow: 'agent.yml' })

describe('a signature under a certificate', () => {
  it('is a person’s under an address, and a platform’s under the name of a workflow', async () => {
    expect(await ask(await gitsignSignature(sigstore, payload), ['ann@example.org'])).toBe('person')
    expect(await ask(await gitsignSignature(sigstore, payload, { claims: jobClaims }), [job])).toBe('agent-platform')
  })

  it('is nobody’s under another name, of a workflow of the same repository too', async () => {
    const signature = await gitsignSignature(sigstore, payload)
    expect(await ask(signature, [])).toBe('unnamed')
    expect(await ask(signature, ['bob@example.org', 'nn@example.org', 'ann@example.or', 'Ann@example.org'])).toBe(
      'unnamed',
    )
    const release = providerClaims('github', { repository: 'acme/agent', workflow: 'release.yml' })
    expect(await ask(await gitsignSignature(sigstore, payload, { claims: release }), [job])).toBe('unnamed')
  })

  it('is nobody’s under the same name by another issuer', async () => {
    const theirs = await gitsignSignature(other, payload)
    const roots: RootAtHand[] = [
      { root: 'own', load: () => Promise.resolve(trustFromJson(other.trustedRoot, 'other')) },
    ]
    expect(await ask(theirs, ['ann@example.org'], roots)).toBe('unnamed')
  })

  it('says why it does not count', async () => {
    const names = ['ann@example.org']
    expect(await ask(await gitsignSignature(sigstore, commitPayload({ time: 1 })), names)).toBe('wrong')
    expect(await ask(await gitsignSignature(sigstore, payload, { log: 'none' }), names)).toBe('unlogged')
    const times = { log: 'none', times: sigstore } as const
    expect(await ask(await gitsignSignature(sigstore, payload, times), names)).toBe('unlogged')
    expect(await ask(await gitsignSignature(sigstore, payload, { log: other }), names)).toBe('untrusted')
    expect(await ask(Buffer.from('x'), names)).toBe('malformed')
    const forged = await startLocalSigstore({ issuer: sigstore.issuer })
    try {
      expect(await ask(await gitsignSignature(forged, payload), names)).toBe('untrusted')
    } finally {
      await forged.close()
    }
  })

  it('is undecided without trust, unless it is one of something else', async () => {
    const signature = await gitsignSignature(sigstore, payload)
    expect(await ask(signature, ['ann@example.org'], [noTrust])).toBe('undecided')
    expect(await ask(signature, ['ann@example.org'], [noTrust, own()])).toBe('person')
    expect(await ask(signature, ['ann@example.org'], [own(), noTrust], 'another')).toBe('wrong')
  })
})

describe('identities', () => {
  it('are named whole', () => {
    expect(parseAllowedIdentities(['https://a.example/x=https://b.example/?c=d'])).toEqual([
      { issuer: 'https://a.example/x', name: 'https://b.example/?c=d' },
    ])
    for (const text of [
      ...['', 'ann@example.org', '=ann@example.org', 'https://a.example=', 'http://a.example=ann@example.org'],
      ...[
        'https://a.example=*',
        'https://a.example=*@example.org',
        'https://*=ann@example.org',
        'https://=ann@b.example',
        // Where does the issuer end? No issuer of OpenID Connect has a query.
        'https://a.example?x=y=ann@example.org',
        'https://a.example#x=ann@example.org',
      ],
      ...['https://a.example=ann @example.org', `https://a.example=${'a'.repeat(limits.identityCharacters)}`],
    ]) {
      expect(
        codeOf(() => parseAllowedIdentities([text])),
        text,
      ).toBe('allowed-identity-malformed')
    }
    const many = Array.from({ length: limits.allowedIdentities + 1 }, () => 'https://a.example=ann@example.org')
    expect(codeOf(() => parseAllowedIdentities(many))).toBe('allowed-identity-malformed')
  })
})

describe('a record that a commit of gitsign’s brought in', () => {
  const id = '7b9d8e75f733'

  async function levels(names: readonly string[] | undefined, log?: 'none'): Promise<unknown[]> {
    const scratch = scratchRepository()
    scratch.commit(`one\n\nEntire-Checkpoint: ${id}`)
    storeOnBranch(scratch, id, checkpoint(id, [sessionMetadata(id), claudeRow()]))
    const object = commitPayload({ tree: scratch.git(['rev-parse', `${branch}^{tree}`]) })
    const der = await gitsignSignature(sigstore, object, log === undefined ? {} : { log })
    const signed = withSignature(object, armoured(der))
    scratch.git(['update-ref', branch, scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], signed)])
    const repository = await scratch.open()
    const range = await resolveRange(repository, { adopt: true, allowShallow: 'refuse' })
    const allowed =
      names === undefined ? undefined : parseAllowedIdentities(names.map((it) => `${sigstore.issuer}=${it}`))
    const signers = allowed === undefined ? {} : { verifyCertified: certifiedVerifier(allowed, [own()]) }
    const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { signers })
    const report = sessions.readers.find(({ reader }) => reader === 'commit-signature')
    return [sessions.sessions[0]?.level, sessions.sessions[0]?.recordSigner, report?.outcome, sessions.findingCounts]
  }

  it('is signed where the identity was named, and else was found', async () => {
    expect(await levels(['ann@example.org'])).toEqual(['signed', 'person', 'found', {}])
    expect(await levels(['bob@example.org'])).toEqual(['recorded', undefined, 'nothing', {}])
    expect(await levels(undefined)).toEqual(['recorded', undefined, 'could-not-look', {}])
  })

  it('was found where nobody knows when it was signed, and that is told', async () => {
    expect(await levels(['ann@example.org'], 'none')).toEqual([
      ...['recorded', undefined, 'nothing'],
      { 'signature-unlogged': 1 },
    ])
  })
})
