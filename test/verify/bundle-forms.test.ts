/** Each form in which attestations are handed out: what is genuine passes through it, and what is forged is refused. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspect, inspectFile } from '../../src/inspect/inspect.ts'
import { judge } from '../../src/verify/verify.ts'
import { openVerifier } from '../../src/verify/verifier.ts'
import { countersign } from '../cli/terminal.ts'
import { handedOutForms, prettyPrinted, pyPiAttestation } from '../world/handed-out-forms.ts'
import { artifactDigest, edited, otherRefusals, refusals, useRelease } from '../world/release.ts'
import type { EditableBundle } from '../world/release.ts'

const release = useRelease()
let genuine: EditableBundle
let forged: EditableBundle
/** Of somebody else, over the same artifact. */
let foreign: EditableBundle
beforeAll(async () => {
  genuine = await release().genuine()
  forged = edited(genuine, ({ dsseEnvelope }) => {
    const text = Buffer.from(dsseEnvelope.payload, 'base64').toString()
    dsseEnvelope.payload = Buffer.from(text.replace('"claimed"', '"vouched"')).toString('base64')
  })
  foreign = await release().attested({ repository: 'mallory/widget' })
})

const artifact = { digest: `sha256:${artifactDigest}`, name: 'app.tgz' }

describe.each(handedOutForms)('$name', ({ write, label }) => {
  it('lets a genuine bundle pass, and no other', async () => {
    expect(refusals(await release().judge(write([genuine])))).toEqual([])
    expect(refusals(await release().judge(write([forged])))).toEqual(['signature signature-invalid'])
    expect(refusals(await release().judge(write([foreign])))).toEqual([
      'signer signer-mismatch',
      'source source-mismatch',
    ])
  })

  it('says where in it each bundle stands, and none hides another', async () => {
    const path = release().write(write([foreign, forged, genuine]), 'file')
    const { trust } = release()
    const verdict = await judge({ artifact: release().artifact, bundle: path, trust, question: release().question() })
    expect(refusals(verdict)).toEqual([])
    expect(verdict.attestations.map((it) => it.bundle)).toEqual([3, 1, 2].map((it) => `file${label(it)}`))
    expect(otherRefusals(verdict)).toEqual(['signature-invalid', 'signer-mismatch'])
  })

  it('is the same of bytes, and where it is inspected', async () => {
    const text = write([forged, genuine])
    const bytes = Buffer.from(text)
    const verifier = await openVerifier({ trust: release().trust })
    expect(refusals(await verifier.judge(bytes, artifact, release().question()))).toEqual([])
    const shown = await inspectFile(release().write(text, 'bundle'))
    expect(shown.map((it) => it.bundle)).toEqual([1, 2].map((it) => `bundle${label(it)}`))
    expect(shown.map((it) => it.statement?.subjects)).toEqual(
      [1, 2].map(() => [{ name: 'app.tgz', digest: { sha256: artifactDigest } }]),
    )
    expect(await inspect(bytes)).toEqual(shown)
  })
})

describe('other places', () => {
  it('bundles printed over many lines follow each other, also where one is cut off', async () => {
    const { text, labels } = prettyPrinted([forged, genuine])
    const shown = await inspectFile(release().write(text, 'file'))
    expect(shown.map((it) => it.bundle)).toEqual(labels.map((it) => `file${it}`))
    const cut = prettyPrinted([forged]).text.slice(0, -20)
    const verdict = await release().judge(`${cut}\n${prettyPrinted([genuine]).text}`)
    expect(refusals(verdict)).toEqual([])
    expect(otherRefusals(verdict)).toEqual(['json-malformed'])
  })

  it('a file may have the name that gh attestation download gives it, with a colon', async () => {
    const name = `sha256:${artifactDigest}.jsonl`
    release().write(`${JSON.stringify(foreign)}\n${JSON.stringify(genuine)}\n`, name)
    const root = release().write(release().sigstore.trustedRoot as object, 'root.json')
    const { signer, issuer, source } = release().question() as { signer: string; issuer: string; source: string }
    const question = ['--signer', signer, '--issuer', issuer, '--source', source]
    const argv = ['verify', 'app.tgz', '--bundle', name, '--trusted-root', root, ...question, '--format', 'json']
    const { exitCode, stdout } = await countersign({ cwd: release().folder }, ...argv)
    expect(exitCode).toBe(0)
    const verdict = JSON.parse(stdout) as { attestations: { bundle: string }[] }
    expect(verdict.attestations.map((it) => it.bundle)).toEqual([`${name}:2`, `${name}:1`])
  })

  it('a sidecar may be of any form', async () => {
    const path = join(release().folder, 'other.tgz')
    writeFileSync(path, 'the artifact')
    for (const { write } of handedOutForms) {
      renameSync(release().write(write([genuine]), 'sidecar'), `${path}.sigstore.json`)
      const { trust } = release()
      expect(refusals(await judge({ artifact: path, trust, question: release().question() }))).toEqual([])
    }
  })

  it('a PyPI attestation alone is one document, told as what it is', async () => {
    const text = JSON.stringify(pyPiAttestation(genuine), null, 2)
    expect(refusals(await release().judge(text))).toEqual([])
    expect(await inspect(Buffer.from(text))).toMatchObject([{ bundle: 'bundle', format: 'PyPI attestation' }])
  })

  it("PyPI's publish attestation has a predicate that is null, and passes where it is asked for", async () => {
    const predicateType = 'https://docs.pypi.org/attestations/publish/v1'
    const statement = { ...release().statement(), predicateType, predicate: null }
    const bundle = await release().sign(statement)
    const question = { ...release().question(), predicateType: [predicateType] }
    for (const text of [bundle, pyPiAttestation(bundle)]) {
      expect(refusals(await release().judge(text, { question }))).toEqual([])
      expect(refusals(await release().judge(text))).toEqual(['predicate-type predicate-type-mismatch'])
    }
  })

  it('what a document says beside a bundle is not believed', async () => {
    const verified = [{ attestation: { bundle: forged }, verificationResult: { signature: {}, verified: true } }]
    expect(refusals(await release().judge(verified))).toEqual(['signature signature-invalid'])
    const published = { ...pyPiAttestation(foreign), publisher: { kind: 'GitHub', repository: 'acme/widget' } }
    expect(refusals(await release().judge(published))).toEqual(['signer signer-mismatch', 'source source-mismatch'])
  })

  it('an address in place of a bundle is told and not fetched; the others count', async () => {
    const elsewhere = { bundle: null, repository_id: 1, bundle_url: 'https://storage.example/1.json.sn' }
    const alone = await release().judge({ attestations: [elsewhere] })
    expect(refusals(alone)).toEqual(['undecided bundle-elsewhere'])
    const verdict = await release().judge({ attestations: [elsewhere, { bundle: genuine, bundle_url: null }] })
    expect(refusals(verdict)).toEqual([])
    expect(otherRefusals(verdict)).toEqual(['bundle-elsewhere'])
  })

  it.each(['0.1', '0.2', '0.3'])('both spellings of a media type are of version %s', async (version) => {
    for (const mediaType of [
      `application/vnd.dev.sigstore.bundle+json;version=${version}`,
      `application/vnd.dev.sigstore.bundle.v${version}+json`,
    ]) {
      const bundle = edited(genuine, (it) => (it.mediaType = mediaType))
      expect(refusals(await release().judge(bundle))).toEqual([])
      expect(await inspect(Buffer.from(JSON.stringify(bundle)))).toMatchObject([
        { format: `Sigstore bundle ${version}` },
      ])
    }
  })

  it('null is absence wherever a bundle may leave a member out', async () => {
    const nulls = {
      ...genuine,
      messageSignature: null,
      verificationMaterial: {
        ...genuine.verificationMaterial,
        publicKey: null,
        x509CertificateChain: null,
        tlogEntries: genuine.verificationMaterial.tlogEntries.map((it) => ({ ...it, unknown: null })),
      },
      dsseEnvelope: {
        ...genuine.dsseEnvelope,
        signatures: genuine.dsseEnvelope.signatures.map((it) => ({ ...it, keyid: null })),
      },
    }
    expect(refusals(await release().judge(nulls))).toEqual([])
    const withoutTimestamps = edited(genuine, ({ verificationMaterial: it }) =>
      Object.assign(it.timestampVerificationData, { rfc3161Timestamps: null }),
    )
    expect(refusals(await release().judge(withoutTimestamps))).toEqual([])
    const withoutEntries = edited(genuine, ({ verificationMaterial: it }) => Object.assign(it, { tlogEntries: null }))
    expect(refusals(await release().judge(withoutEntries))).toEqual(['log-entry log-entry-missing'])
  })
})
