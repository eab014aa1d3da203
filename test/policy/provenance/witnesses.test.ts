/** Thresholds count witnesses, each once: logs, and timestamp authorities. */
import { describe, expect, test } from 'vitest'
import { isObject } from '../../../src/model/json.ts'
import type { TrustSource } from '../../../src/model/trust-source.ts'
import { openRetryBudget } from '../../../src/platform/retry-budget.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { addToLog } from '../../../src/sigstore/sign/rekor.ts'
import { ownTimestampAuthority } from '../../world/own-timestamps.ts'
import type { OwnTimestampAuthority } from '../../world/own-timestamps.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { edited, trustIn, useRelease } from '../../world/release.ts'
import type { EditableBundle } from '../../world/release.ts'

const release = useRelease()

async function rows(
  provenance: object,
  bundle: EditableBundle,
  trust: TrustSource = release().trust,
): Promise<string[]> {
  const asked = { ...release(), trust }
  return refusalsIn(await judgeBy(asked, [bundle], policyText(release(), { provenance })))
}

/** The signature of a bundle in another log of the same Sigstore as well. */
async function loggedToo(bundle: EditableBundle, version: 1 | 2): Promise<EditableBundle> {
  const { dsseEnvelope, verificationMaterial } = bundle
  const [signature] = dsseEnvelope.signatures
  const envelope = {
    payloadType: dsseEnvelope.payloadType,
    payload: Buffer.from(dsseEnvelope.payload, 'base64'),
    signatures: [{ sig: Buffer.from(signature!.sig, 'base64'), keyid: '' }],
  }
  const certificate = Buffer.from(verificationMaterial.certificate!.rawBytes, 'base64')
  const log = { url: release().sigstore.url, version }
  const budget = openRetryBudget({}, worldOf())
  const answer = await addToLog(log, { envelope, certificate }, budget).finally(() => budget.close())
  if (answer.kind !== 'entry') throw new Error('it is logged already')
  return edited(bundle, (it) => it.verificationMaterial.tlogEntries.push(answer.entry as never))
}

describe('provenance/log-entries', () => {
  const few = ['provenance/log-entries fail log-entries-too-few']

  test('are of distinct logs', async () => {
    const bundle = await release().attested(releaseJob)
    expect(await rows({ logEntries: { atLeast: 1 } }, bundle)).toEqual([])
    expect(await rows({ logEntries: { atLeast: 2 } }, bundle)).toEqual(few)
    const both = await loggedToo(bundle, 2)
    expect(await rows({ logEntries: { atLeast: 2 } }, both)).toEqual([])
    expect(await rows({ logEntries: { atLeast: 3 } }, both)).toEqual(few)
  })

  test('are of one log under whatever id the root knows it', async () => {
    const bundle = await release().attested(releaseJob)
    const root = release().sigstore.trustedRoot
    if (!isObject(root)) throw new Error('the root is an object')
    // The same key twice in the root: its logs are still one witness.
    const trust = trustIn({ ...root, tlogs: [...(root['tlogs'] as object[]), ...(root['tlogs'] as object[])] } as never)
    expect(await rows({ logEntries: { atLeast: 2 } }, bundle, trust)).toEqual(few)
  })
})

describe('provenance/timestamps', () => {
  const few = ['provenance/timestamps fail timestamps-too-few']

  /** A root with these authorities, each under its own address unless it is told. */
  function trustWith(clocks: readonly OwnTimestampAuthority[], uri?: string): TrustSource {
    const root = release().sigstore.trustedRoot
    if (!isObject(root)) throw new Error('the root is an object')
    const timestampAuthorities = clocks.map(({ signer, root: above }, index) => ({
      uri: uri ?? `https://stamp-${index}.test.localhost`,
      certChain: { certificates: [signer, above].map(({ der }) => ({ rawBytes: der.toString('base64') })) },
      validFor: { start: '2026-01-01T00:00:00Z' },
    }))
    return trustIn({ ...root, timestampAuthorities })
  }

  const stamped = (bundle: EditableBundle, clocks: readonly OwnTimestampAuthority[]): EditableBundle =>
    edited(bundle, (it) => {
      const signature = Buffer.from(it.dsseEnvelope.signatures[0]!.sig, 'base64')
      const rfc3161Timestamps = clocks.map((clock) => ({ signedTimestamp: clock.stamp(signature).toString('base64') }))
      it.verificationMaterial.timestampVerificationData = { rfc3161Timestamps }
    })

  test('are of distinct authorities', async () => {
    const clocks = [ownTimestampAuthority(), ownTimestampAuthority()]
    const bundle = await release().attested(releaseJob)
    const trust = trustWith(clocks)
    expect(await rows({ timestamps: { atLeast: 2 } }, stamped(bundle, clocks), trust)).toEqual([])
    expect(await rows({ timestamps: { atLeast: 2 } }, stamped(bundle, clocks.slice(0, 1)), trust)).toEqual(few)
  })

  test('are of one authority, however many keys it has', async () => {
    const clocks = [ownTimestampAuthority(), ownTimestampAuthority()]
    const bundle = stamped(await release().attested(releaseJob), clocks)
    expect(
      await rows({ timestamps: { atLeast: 2 } }, bundle, trustWith(clocks, 'https://stamp.test.localhost')),
    ).toEqual(few)
  })

  test('are no times of logs', async () => {
    const bundle = stamped(await release().attested(releaseJob), [])
    expect(await rows({ timestamps: { atLeast: 1 } }, bundle)).toEqual(['provenance/timestamps fail evidence-missing'])
  })
})
