/** Forgers who take, swap or invent what stands around the signature: certificate, log entry, time. */
import { X509Certificate } from 'node:crypto'
import { FulcioSigner } from '@sigstore/sign'
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import {
  again,
  certificateSigner,
  createOwnAuthority,
  ecKeys,
  keySigner,
  serverAuth,
  signWith,
} from '../world/own-authority.ts'
import type { KeyPair, OwnAuthority } from '../world/own-authority.ts'
import { digitalSignature, fromNow, generalizedText, oids, ownCertificate, pemOf } from '../world/own-certificates.ts'
import { ownTimestamp, ownTimestampAuthority } from '../world/own-timestamps.ts'
import type { OwnTimestampAuthority } from '../world/own-timestamps.ts'
import { edited, signAt, trustIn } from '../world/release.ts'
import type { EditableBundle, EditableEntry, Job, Release, Signing } from '../world/release.ts'
import { handsOver } from './ask.ts'
import { releaseLeaf } from './identity.ts'
import { releaseJob } from './row.ts'
import type { Forgery, Scene } from './row.ts'

const entryInvalid = 'log-entry log-entry-invalid'
const timeInvalid = 'trusted-time trusted-time-invalid'
const timeMissing = 'trusted-time trusted-time-missing'
const untrusted = 'certificate-chain certificate-untrusted'
const unreadable = 'undecided bundle-malformed'
const hour = 3_600_000

type Material = EditableBundle['verificationMaterial']

/** The genuine bundle of the release with one edit around its signature. */
function changed(
  id: string,
  forger: string,
  stop: string,
  edit: (material: Material, entry: EditableEntry, other: Material) => unknown,
  signing: Signing = {},
): Forgery {
  return {
    id,
    forger,
    stoppedBy: [stop],
    async make(scene) {
      const { release } = scene
      const genuine = await release.genuine(releaseJob, signing)
      // The forger's own, made later: its times lie in the life of the genuine certificate.
      const other = await release.attested({ repository: 'mallory/widget' }, signing)
      const forged = edited(genuine, ({ verificationMaterial: it }) => {
        edit(it, it.tlogEntries[0]!, other.verificationMaterial)
      })
      return handsOver(scene, forged, { genuine })
    },
  }
}

/** A certificate that was valid from and until these hours from now, under an authority that is trusted. */
function outdated(id: string, forger: string, from: number, until: number): Forgery {
  return {
    id,
    forger,
    stoppedBy: [untrusted],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const leaf = releaseLeaf(release)
      const [notBefore, notAfter] = [from, until].map((it) => fromNow(it * hour)) as [Date, Date]
      const statement = release.statement(releaseJob)
      return handsOver(scene, await authority.sign(statement, { ...leaf, notBefore, notAfter }), {
        trust: authority.trust,
        genuine: await authority.sign(statement, leaf),
      })
    },
  }
}

/** Signs the release's statement with certificate, log and times of these Sigstores; each knows the release's identity. */
function signedAt({ release }: Scene, fulcio: LocalSigstore, log: LocalSigstore): Promise<EditableBundle> {
  return signAt({ certificate: fulcio, log }, release.statement(releaseJob), releaseJob)
}

/** A root with these timestamp authorities for its own. */
function trustWithClocks(root: JsonObject, clocks: readonly OwnTimestampAuthority[]): TrustSource {
  return trustIn({
    ...root,
    timestampAuthorities: clocks.map(({ signer, root: above }) => ({
      subject: { organization: 'test', commonName: 'stamp' },
      uri: 'https://stamp.test.localhost',
      certChain: { certificates: [signer, above].map(({ der }) => ({ rawBytes: der.toString('base64') })) },
      validFor: { start: fromNow(-hour).toISOString() },
    })),
  })
}

interface JsonObject {
  readonly [member: string]: Json
}

function rootOf({ trustedRoot }: LocalSigstore): JsonObject {
  if (!isObject(trustedRoot)) throw new Error('the root is an object')
  return trustedRoot
}

/** The root in which an authority of the forger's own stands for Fulcio. */
function rootWith({ trust }: OwnAuthority): JsonObject {
  if (trust.kind !== 'json' || !isObject(trust.json)) throw new Error('the root is an object')
  return trust.json
}

function stampedBy(bundle: EditableBundle, stamp: (data: Uint8Array) => Buffer): EditableBundle {
  return edited(bundle, (it) => {
    const signature = Buffer.from(it.dsseEnvelope.signatures[0]!.sig, 'base64')
    const signedTimestamp = stamp(signature).toString('base64')
    it.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp }] }
  })
}

/** The certificate, PEM, that Fulcio gives a job for these keys. */
async function certified(release: Release, keys: KeyPair, job: Job): Promise<string> {
  const signer = new FulcioSigner({
    fulcioBaseURL: release.sigstore.url,
    retry: again,
    identityProvider: { getToken: () => release.token(job) },
    keyHolder: keySigner(keys),
  })
  const { key } = await signer.sign(Buffer.from('anything'))
  if (key.$case !== 'x509Certificate') throw new Error('Fulcio gives certificates')
  return key.certificate
}

export const materialForgeries: readonly Forgery[] = [
  changed(
    '25',
    'has no trusted time, so that nobody knows whether the certificate was valid',
    timeMissing,
    (it) => (it.timestampVerificationData.rfc3161Timestamps = []),
    { rekor: 2 },
  ),
  changed(
    '25b',
    'writes the time themselves, into a log entry whose time nobody signed',
    timeMissing,
    (it, entry) => {
      it.timestampVerificationData.rfc3161Timestamps = []
      entry.integratedTime = String(Math.floor(fromNow(0).getTime() / 1_000))
    },
    { rekor: 2 },
  ),
  outdated('25c', 'found a key whose certificate had expired', -2, -1),
  outdated('25d', 'signs before their certificate begins', 1, 2),
  changed(
    '25e',
    'takes the timestamp of another signature',
    timeInvalid,
    (it, _, other) => (it.timestampVerificationData = other.timestampVerificationData),
  ),
  {
    id: '25f',
    forger: 'logs after their certificate has expired what was stamped before',
    stoppedBy: [untrusted],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const clock = ownTimestampAuthority()
      const ago = (minutes: number): Date => fromNow(-minutes * 60_000)
      const leaf = releaseLeaf(release)
      const statement = release.statement(releaseJob)
      const late = await authority.sign(statement, { ...leaf, notBefore: ago(50), notAfter: ago(30) })
      const early = stampedBy(late, (data) => clock.stamp(data, { time: generalizedText(ago(40)) }))
      return handsOver(scene, early, {
        trust: trustWithClocks(rootWith(authority), [clock]),
        genuine: stampedBy(await authority.sign(statement, leaf), (data) => clock.stamp(data)),
      })
    },
  },
  changed('26', 'leaves the log entry out', 'log-entry log-entry-missing', (it) => (it.tlogEntries = [])),
  changed(
    '26b',
    'puts the log entry of another signature in its place',
    entryInvalid,
    (it, _, other) => (it.tlogEntries = other.tlogEntries),
  ),
  changed('26c', 'leaves the inclusion proof out', unreadable, (_, entry) => delete entry.inclusionProof),
  changed('26d', 'leaves the promise of the log out, and the timestamp with it', timeMissing, (it, entry) => {
    delete entry.inclusionPromise
    it.timestampVerificationData.rfc3161Timestamps = []
  }),
  changed(
    '26e',
    'puts the promise of another entry in its place',
    entryInvalid,
    (_, entry, other) => (entry.inclusionPromise = other.tlogEntries[0]!.inclusionPromise!),
  ),
  changed(
    '26f',
    'puts the proof of another entry in its place',
    entryInvalid,
    (_, entry, other) => (entry.inclusionProof = other.tlogEntries[0]!.inclusionProof!),
  ),
  {
    id: '26g',
    forger: 'has the signature logged for another certificate, where its owner does not see it',
    stoppedBy: ['log-entry-signer log-entry-foreign'],
    async make(scene) {
      const { release } = scene
      const keys = ecKeys()
      const own = certificateSigner(await certified(release, keys, releaseJob), keys.privateKey)
      const logged = await certified(release, keys, { repository: 'mallory/widget' })
      const statement = release.statement(releaseJob)
      return handsOver(scene, await signWith(release.sigstore, statement, own, { logged }), {
        genuine: await signWith(release.sigstore, statement, own),
      })
    },
  },
  {
    id: '27',
    forger: 'runs a Sigstore of their own, whose services have the same names',
    stoppedBy: [timeInvalid],
    make: async (scene) => handsOver(scene, await signedAt(scene, scene.foreign, scene.foreign)),
  },
  {
    id: '27b',
    forger: "takes time and log from the release's Sigstore, and the certificate from their own",
    stoppedBy: [untrusted],
    async make(scene) {
      const { release, foreign } = scene
      const services = { certificate: foreign, times: release.sigstore, log: release.sigstore }
      return handsOver(scene, await signAt(services, release.statement(releaseJob), releaseJob))
    },
  },
  {
    id: '27c',
    forger: 'logs only in a log of their own',
    stoppedBy: [entryInvalid],
    make: async (scene) => handsOver(scene, await signedAt(scene, scene.release.sigstore, scene.foreign)),
  },
  {
    id: '27d',
    forger: 'mixes the services of two Sigstores that are both trusted',
    stoppedBy: [entryInvalid],
    async make(scene) {
      const { release, foreign } = scene
      const sources = [release.trust, trustIn(foreign.trustedRoot)]
      return handsOver(scene, await signedAt(scene, release.sigstore, foreign), { trust: { kind: 'any', sources } })
    },
  },
  {
    id: '27e',
    forger: 'got a certificate that stands in no certificate log',
    stoppedBy: ['certificate-transparency certificate-timestamp-invalid'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const own = rootWith(authority)
      const unlogged = await authority.sign(release.statement(releaseJob), releaseLeaf(release))
      const { ctlogs, certificateAuthorities } = rootOf(release.sigstore)
      const both = [...(certificateAuthorities as Json[]), ...(own['certificateAuthorities'] as Json[])]
      return handsOver(scene, unlogged, {
        trust: trustIn({ ...own, ctlogs: ctlogs!, certificateAuthorities: both }),
      })
    },
  },
  {
    id: '36',
    forger: 'adds their signature to the genuine one',
    stoppedBy: ['signature signature-invalid'],
    async make(scene) {
      const { release } = scene
      const genuine = await release.genuine(releaseJob)
      const own = await release.sign(release.statement(releaseJob), { repository: 'mallory/widget' })
      const both = edited(genuine, (it) => it.dsseEnvelope.signatures.push(...own.dsseEnvelope.signatures))
      return handsOver(scene, both, { genuine })
    },
  },
  ...(
    [
      [
        'P4',
        'stamps with a certificate that is for other things too',
        [oids.timeStamping, oids.codeSigning],
        'critical',
      ],
      ['P4b', 'stamps with a certificate for code signing', [oids.codeSigning], 'critical'],
      ['P4c', 'stamps with one that does not say critically what it is for', [oids.timeStamping], undefined],
    ] as const
  ).map(([id, forger, purposes, mark]): Forgery => ({
    id,
    forger,
    stoppedBy: [timeInvalid],
    async make(scene) {
      const { release } = scene
      const marked = mark === undefined ? {} : { purposesMark: mark }
      const genuine = await release.genuine(releaseJob)
      const clock = ownTimestampAuthority()
      const signer = ownCertificate({ subject: 'stamp signer', issuer: clock.root, purposes, ...marked })
      const stamp = (data: Uint8Array): Buffer => ownTimestamp(data, signer, clock.root.subject)
      // Both are issued by the authority that is trusted, and only one of them to stamp.
      const trust = trustWithClocks(rootOf(release.sigstore), [clock, { ...clock, signer }])
      return handsOver(scene, stampedBy(genuine, stamp), {
        trust,
        genuine: stampedBy(genuine, (data) => clock.stamp(data)),
      })
    },
  })),
  {
    id: 'P5',
    forger: 'issues a certificate with the key of their own certificate, as if that were an authority',
    stoppedBy: [untrusted],
    async make(scene) {
      const { release } = scene
      const keys = ecKeys()
      const own = new X509Certificate(await certified(release, keys, { repository: 'mallory/widget' }))
      const [name] = releaseLeaf(release).names ?? []
      const subject = ecKeys()
      const { der } = ownCertificate({
        issuer: { der: own.raw, subject: '', serialNumber: Buffer.of(1), ...keys },
        keys: subject,
        keyUsage: digitalSignature,
        purposes: [oids.codeSigning],
        name: name!,
      })
      const signer = certificateSigner(pemOf(der), subject.privateKey)
      const bundle = await signWith(release.sigstore, release.statement(releaseJob), signer)
      const chained = edited(bundle, (it) => {
        it.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1'
        const certificates = [der, own.raw].map((raw) => ({ rawBytes: raw.toString('base64') }))
        delete it.verificationMaterial.certificate
        it.verificationMaterial.x509CertificateChain = { certificates }
      })
      return handsOver(scene, chained)
    },
  },
  {
    id: 'P5b',
    forger: 'signs under a TLS certificate of an authority that is trusted',
    stoppedBy: ['code-signing certificate-usage'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const leaf = releaseLeaf(release)
      const statement = release.statement(releaseJob)
      return handsOver(scene, await authority.sign(statement, { ...leaf, usage: serverAuth }), {
        trust: authority.trust,
        genuine: await authority.sign(statement, leaf),
      })
    },
  },
  changed('P6', 'counts one timestamp twice', timeInvalid, ({ timestampVerificationData: it }) =>
    it.rfc3161Timestamps.push(...it.rfc3161Timestamps),
  ),
  changed('P6b', 'counts one log entry twice', entryInvalid, (it) => it.tlogEntries.push(...it.tlogEntries), {
    rekor: 2,
  }),
  changed('P7', 'gives a certificate and a bare key, for readers that disagree on which counts', unreadable, (it) => {
    it.publicKey = { hint: 'mine' }
  }),
  changed('P7b', 'gives bytes that are not a certificate', unreadable, (it) => (it.certificate = { rawBytes: 'AAAA' })),
  changed('P7c', 'gives nothing to verify with', unreadable, (it) => {
    delete it.certificate
  }),
  changed('P8', 'gives more log entries than any client reads', unreadable, (it, entry) => {
    it.tlogEntries = Array.from({ length: 33 }, () => entry)
  }),
]
