/** GitHub's own instance of Sigstore: which root a bundle of it needs, what that root asks for, and what a name is worth. */
import { describe, expect, it } from 'vitest'
import { withFlags } from '../../src/cli/flags.ts'
import type { Json } from '../../src/model/json.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import { failedChecks } from '../../src/model/verdict.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { codeOfAsync } from '../world/failure.ts'
import { gitHubInstance, releaseSigner, releaseType } from '../world/github-instance.ts'
import type { GitHubInstance } from '../world/github-instance.ts'
import { createOwnAuthority } from '../world/own-authority.ts'
import { checksOf, edited, refusals, trustIn, useRelease } from '../world/release.ts'

const release = useRelease()

let made: GitHubInstance | undefined
const gitHub = (): GitHubInstance => (made ??= gitHubInstance(release()))
const gitHubTrust = (): TrustSource => trustIn(gitHub().root, 'GitHub')
const publicTrust = (): TrustSource => trustIn(release().sigstore.trustedRoot, 'public')
const both = (): TrustSource => ({ kind: 'any', sources: [publicTrust(), gitHubTrust()] })

const question: QuestionOptions = { repo: 'acme/widget' }
const notes = (verdict: Verdict): string[] =>
  failedChecks(checksOf(verdict)).map((it) => (it.note === undefined ? '' : withFlags(it.note)))

describe('an attestation of a private repository', () => {
  it('passes under the root of its instance, which asks for a timestamp and for no log', async () => {
    const verdict = await release().judge(await gitHub().attested(), { trust: gitHubTrust(), question })
    expect(refusals(verdict)).toEqual([])
    const skipped = checksOf(verdict).flatMap((it) => (it.outcome === 'skipped' ? [`${it.rule}: ${it.note}`] : []))
    expect(skipped).toContain('log-entry: the trusted root names no transparency log')
    expect(skipped).toContain('certificate-transparency: the trusted root names no certificate log')
    expect(verdict.attestations[0]!.summary!.times.map((it) => it.source)).toEqual(['timestamp authority'])
  })

  it('does not pass without a timestamp, nor with an entry of a log that the root does not name', async () => {
    const undated = edited(await gitHub().attested(), (it) => {
      it.verificationMaterial.timestampVerificationData.rfc3161Timestamps = []
    })
    expect(refusals(await release().judge(undated, { trust: gitHubTrust(), question }))).toEqual([
      'trusted-time trusted-time-missing',
    ])
    const [entry] = (await release().genuine()).verificationMaterial.tlogEntries
    const logged = edited(await gitHub().attested(), (it) => {
      it.verificationMaterial.tlogEntries = [entry!]
    })
    expect(refusals(await release().judge(logged, { trust: gitHubTrust(), question }))).toEqual([
      'log-entry log-entry-invalid',
    ])
  })

  it('without the root of its instance is refused, and the verdict says which one is missing', async () => {
    const verdict = await release().judge(await gitHub().attested(), { trust: publicTrust(), question })
    expect(refusals(verdict)).toEqual(['certificate-chain certificate-untrusted'])
    expect(failedChecks(checksOf(verdict))[0]!.found).toContain('O=GitHub, Inc., CN=test-root')
    expect(notes(verdict)).toEqual([expect.stringContaining("GitHub's own Sigstore (--sigstore github)")])
    const tenant = await release().judge(await gitHub().attested({}, 'acme'), { trust: publicTrust(), question })
    expect(notes(tenant)).toEqual([expect.stringContaining('of acme.ghe.com (--sigstore acme.ghe.com)')])
  })

  it('of a tenant is asked for by its issuer', async () => {
    const ask = {
      signer: 'https://acme.ghe.com/acme/widget/.github/workflows/release.yml@refs/heads/main',
      issuer: 'https://token.actions.acme.ghe.com',
      source: 'https://acme.ghe.com/acme/widget',
    }
    const bundle = await gitHub().attested({}, 'acme')
    const verdict = await release().judge(bundle, { trust: gitHubTrust(), question: ask })
    // The statement of the test names github.com as its builder, which the certificate of a tenant does not bear out.
    expect(new Set(refusals(verdict).map((it) => it.split(' ').at(-1)))).toEqual(
      new Set(['predicate-certificate-mismatch']),
    )
    const other = { ...ask, issuer: 'https://token.actions.other.ghe.com' }
    expect(refusals(await release().judge(bundle, { trust: gitHubTrust(), question: other }))).toContain(
      'issuer issuer-mismatch',
    )
  })
})

describe('of several roots', () => {
  it('the authority that the certificate names chooses, in any order', async () => {
    for (const sources of [
      [publicTrust(), gitHubTrust()],
      [gitHubTrust(), publicTrust()],
    ]) {
      const trust: TrustSource = { kind: 'any', sources }
      const own = await release().judge(await gitHub().attested(), { trust, question })
      expect([own.outcome, own.trust, own.attestations[0]!.trust]).toEqual(['pass', 'GitHub', 'GitHub'])
      const open = await release().judge(await release().genuine(), { trust })
      expect([open.outcome, open.trust]).toEqual(['pass', 'public'])
    }
  })

  it('each asks for what it asks for: the log of one is not waived by the other', async () => {
    const unlogged = edited(await release().genuine(), (it) => (it.verificationMaterial.tlogEntries = []))
    const verdict = await release().judge(unlogged, { trust: both() })
    expect(refusals(verdict)).toEqual(['log-entry log-entry-missing'])
    expect(verdict.attestations[0]!.trust).toBe('public')
  })

  it('may follow each other in one file, whatever it is called', async () => {
    const lines = [release().sigstore.trustedRoot, gitHub().root].map((it) => JSON.stringify(it))
    for (const [name, text] of [
      ['roots.jsonl', `${lines.join('\n')}\n`],
      ['roots-without-an-end.jsonl', lines.join('\n')],
      ['roots.json', lines.join('\n')],
      [
        'roots-printed.json',
        JSON.stringify(gitHub().root, null, 2) + JSON.stringify(release().sigstore.trustedRoot, null, 2),
      ],
    ] as const) {
      const path = release().write(text, name)
      const verdict = await release().judge(await gitHub().attested(), { trust: { kind: 'file', path }, question })
      expect(refusals(verdict), name).toEqual([])
      expect(verdict.trust, name).toMatch(new RegExp(`^${path}:\\d+$`))
    }
  })

  it('one that cannot decide keeps the others from saying no, and not from saying yes', async () => {
    const { root } = gitHub()
    const broken = edited(root as unknown as { timestampAuthorities: { certChain: Json }[]; tlogs: Json[] }, (it) => {
      it.timestampAuthorities[0]!.certChain = { certificates: [{ rawBytes: 'AAAA' }] }
      it.tlogs = (release().sigstore.trustedRoot as unknown as { tlogs: Json[] }).tlogs
    })
    const undecided = trustIn(broken, 'broken')
    const ask = (sources: readonly TrustSource[], bundle: object): Promise<Verdict> =>
      release().judge(bundle, { trust: { kind: 'any', sources }, question })
    const bundle = await gitHub().attested()
    expect(refusals(await ask([undecided, gitHubTrust()], bundle))).toEqual([])
    expect(refusals(await ask([undecided], bundle))).toEqual(['undecided trusted-root-malformed'])
    const foreign = (await release().genuine()).verificationMaterial.timestampVerificationData.rfc3161Timestamps[0]!
      .signedTimestamp
    const undated = edited(bundle, (it) => {
      it.verificationMaterial.timestampVerificationData.rfc3161Timestamps.push({ signedTimestamp: foreign })
    })
    expect((await ask([undecided, gitHubTrust()], undated)).outcome).toBe('undecided')
  })
})

describe('a forged certificate', () => {
  it('that names the authority of GitHub gains nothing', async () => {
    const forger = createOwnAuthority(release().sigstore, 'GitHub, Inc.')
    const genuine = await gitHub().attested()
    const forged = await forger.sign(release().statement(), {
      names: ['https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'],
      extensions: {
        issuer: 'https://token.actions.githubusercontent.com',
        sourceRepositoryUri: 'https://github.com/acme/widget',
      },
    })
    const unlogged = edited(forged, (it) => (it.verificationMaterial.tlogEntries = []))
    for (const bundle of [forged, unlogged]) {
      for (const trust of [gitHubTrust(), publicTrust(), both()]) {
        const verdict = await release().judge(bundle, { trust, question })
        expect(refusals(verdict), verdict.trust).toEqual(['certificate-chain certificate-untrusted'])
      }
    }
    // Under another's root it is no other's either.
    const verdict = await release().judge(genuine, { trust: forger.trust, question })
    expect(verdict.outcome).toBe('fail')
  })
})

describe('a release of GitHub', () => {
  const asked: QuestionOptions = {
    signer: releaseSigner,
    certificateWithoutIssuer: true,
    anySource: true,
    predicateType: [releaseType],
  }

  it('whose certificate names no issuer passes by a waiver, which is shown', async () => {
    const verdict = await release().judge(await gitHub().release(), { trust: gitHubTrust(), question: asked })
    expect(refusals(verdict)).toEqual([])
    expect(checksOf(verdict)).toContainEqual({
      rule: 'issuer',
      outcome: 'skipped',
      note: 'waived by `certificateWithoutIssuer`: the certificate names none',
    })
    expect(verdict.question['issuer']).toBe('none in the certificate (waived)')
  })

  it('does not pass for another name, under another root, or where an issuer is asked for', async () => {
    const bundle = await gitHub().release()
    const ask = async (change: Partial<typeof asked>, trust = gitHubTrust()): Promise<string[]> =>
      refusals(await release().judge(bundle, { trust, question: { ...asked, ...change } as QuestionOptions }))
    expect(await ask({ signer: 'https://acme.releases.github.com' })).toEqual(['signer signer-mismatch'])
    expect(await ask({}, publicTrust())).toEqual(['certificate-chain certificate-untrusted'])
    const { certificateWithoutIssuer: _, ...rest } = asked as { certificateWithoutIssuer?: true }
    const issued = { ...rest, issuer: 'https://token.actions.githubusercontent.com' } as unknown as QuestionOptions
    expect(refusals(await release().judge(bundle, { trust: gitHubTrust(), question: issued }))).toEqual([
      'issuer issuer-mismatch',
    ])
  })

  it('is no way round the issuer: a certificate that names one does not pass by the waiver', async () => {
    for (const extensions of [{ issuer: 'https://evil.example' }, { issuerV1: 'https://evil.example' }]) {
      const bundle = await gitHub().release(releaseSigner, { extensions })
      const verdict = await release().judge(bundle, { trust: gitHubTrust(), question: asked })
      expect(refusals(verdict)).toEqual(['issuer issuer-mismatch'])
    }
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['with an issuer', { issuer: 'https://token.actions.githubusercontent.com' }, 'question-conflict'],
    [
      'with a repository of GitHub',
      { repo: 'acme/widget', signer: undefined, anySource: undefined },
      'question-conflict',
    ],
    ['with a key', { key: 'PEM', signer: undefined }, 'question-conflict'],
    ['without a signer', { signer: undefined }, 'question-incomplete'],
  ])('cannot be asked for %s', async (_, change, code) => {
    const given = { ...asked, ...change } as unknown as QuestionOptions
    expect(await codeOfAsync(() => release().judge('{}', { trust: gitHubTrust(), question: given }))).toBe(code)
  })
})
