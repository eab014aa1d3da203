/**
 * A release to test with: an embedded Sigstore, an artifact in a folder of its own, tokens of every provider, statements as
 * `attest` writes them, bundles signed over HTTP. Signers here may sign anything, as an attacker with an identity of
 * their own may.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { ArtifactInput } from '../../src/model/artifact.ts'
import type { VerifiedToken } from '../../src/model/facts.ts'
import type { Json } from '../../src/model/json.ts'
import type { Claims } from '../../src/model/provider.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { Session } from '../../src/model/session.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import { decidingChecks, failedChecks } from '../../src/model/verdict.ts'
import type { AttestationSummary, Check, Verdict } from '../../src/model/verdict.ts'
import { worldOf } from '../../src/platform/world.ts'
import { buildProvenance } from '../../src/predicates/build-provenance.ts'
import type { ProvenancePredicate } from '../../src/predicates/provenance.ts'
import { rangeUpTo } from './range.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import type { ClaimInputs } from '../../src/providers/sample.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { chooseServices } from '../../src/sigstore/sign/services.ts'
import { signStatement } from '../../src/sigstore/sign/sign-statement.ts'
import { judge } from '../../src/verify/verify.ts'

export const artifactBytes = 'the artifact'
export const artifactDigest = createHash('sha256').update(artifactBytes).digest('hex')

/** Who signs. */
export interface Job extends ClaimInputs {
  /** Default `github`. */
  readonly provider?: string
  /** Claims in place of those that follow from the rest. */
  readonly claims?: Claims
}

/** The statement as JSON that a test may edit. */
export interface EditableStatement {
  _type: string
  subject: { name?: string; digest: Record<string, string> }[]
  predicateType: string
  predicate: ProvenancePredicate
}

/** A question that names signer and issuer itself, so that a test may put another one in its place. */
export type WholeQuestion = Extract<QuestionOptions, { signer: string; issuer: string; repo?: never }>

/** A Sigstore bundle as JSON that a test may edit. */
export interface EditableBundle {
  mediaType: string
  verificationMaterial: {
    certificate?: { rawBytes: string }
    publicKey?: { hint: string }
    x509CertificateChain?: { certificates: { rawBytes: string }[] }
    tlogEntries: EditableEntry[]
    timestampVerificationData: { rfc3161Timestamps: { signedTimestamp: string }[] }
  }
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid?: string }[] }
}

export interface EditableEntry {
  logIndex: string
  logId: { keyId: string }
  kindVersion: { kind: string; version: string }
  integratedTime: string
  inclusionPromise?: { signedEntryTimestamp: string }
  inclusionProof?: {
    hashes: string[]
    rootHash: string
    treeSize: string
    logIndex: string
    checkpoint: { envelope: string }
  }
  canonicalizedBody: string
}

export interface Signing {
  /** Which log; default 1. */
  readonly rekor?: 1 | 2
}

export interface Release {
  readonly sigstore: LocalSigstore
  readonly folder: string
  /** Path of the artifact. */
  readonly artifact: string
  readonly trust: TrustSource
  token(job?: Job): Promise<string>
  /** What `attest` would write for that job. */
  statement(job?: Job): EditableStatement
  /** Signs these very bytes, or an object as JSON. */
  sign(payload: string | Buffer | object, job?: Job, signing?: Signing): Promise<EditableBundle>
  /** Statement and signature of one job: a genuine attestation. */
  attested(job?: Job, signing?: Signing): Promise<EditableBundle>
  /** The same, signed once for the tests of the file, in a copy that a test may edit. */
  genuine(job?: Job, signing?: Signing): Promise<EditableBundle>
  /** The strictest question that a genuine attestation of the job passes. */
  question(job?: Job): WholeQuestion
  /** Writes the bundle (or text) to a file and asks for the artifact; by default the question of the default job. */
  judge(bundle: object | string, options?: Partial<Ask>): Promise<Verdict>
  write(content: object | string, name?: string): string
}

export interface Ask {
  readonly question: QuestionOptions
  readonly artifact: string | ArtifactInput
  readonly trust: TrustSource
}

/** One session of each kind, as the readers would have found them. */
export const sessions: readonly Session[] = [
  {
    id: 'session_01Test',
    level: 'claimed',
    tool: 'claude-code',
    models: ['claude-opus-4-6'],
    commits: ['0123456789abcdef0123456789abcdef01234567'],
    linkage: 'direct',
    readers: ['trailer'],
  },
  {
    level: 'claimed',
    tool: 'cursor',
    models: [],
    commits: ['0123456789abcdef0123456789abcdef01234567'],
    lines: { added: 2 },
    linkage: 'direct',
    readers: ['git-ai-note'],
  },
]

/** One release for the tests of a file, ended after them. */
export function useRelease(): () => Release {
  let release: Release | undefined
  let folder: string | undefined
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
    release = startRelease(folder, await startLocalSigstore())
  })
  afterAll(async () => {
    await release?.sigstore.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })
  return () => {
    if (release === undefined) throw new Error('the release is started by beforeAll')
    return release
  }
}

/** The same for whoever ends it himself. */
export function startRelease(folder: string, sigstore: LocalSigstore): Release {
  const artifact = join(folder, 'app.tgz')
  writeFileSync(artifact, artifactBytes)
  const trust = trustIn(sigstore.trustedRoot)
  const kept = new Map<string, Promise<EditableBundle>>()
  let files = 0
  const release: Release = {
    sigstore,
    folder,
    artifact,
    trust,
    token: (job) => sigstore.mintToken(claimsOf(job)),
    statement: (job) => statementFor(tokenFor(sigstore, job)),
    sign: (payload, job, signing) => signAt({ certificate: sigstore }, payload, job, signing),
    attested: (job, signing) => release.sign(release.statement(job), job, signing),
    async genuine(job = {}, signing = {}) {
      const key = JSON.stringify([job, signing])
      const signed = kept.get(key) ?? release.attested(job, signing)
      kept.set(key, signed)
      return structuredClone(await signed)
    },
    question(job) {
      const { issuer, identity } = tokenFor(sigstore, job)
      const { sourceRepositoryUri: source, runnerEnvironment: runner } = identity.extensions
      const signer = { signer: identity.subjectAlternativeName.value, issuer }
      const runners = runner === 'self-hosted' ? ({ selfHostedRunner: 'allow' } as const) : {}
      return source === undefined ? { ...signer, ...runners, anySource: true } : { ...signer, ...runners, source }
    },
    write(content, name = `bundle-${(files += 1)}.json`) {
      const path = join(folder, name)
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
      return path
    },
    judge: (bundle, ask = {}) =>
      judge({
        artifact: ask.artifact ?? artifact,
        bundle: release.write(bundle),
        trust: ask.trust ?? trust,
        question: ask.question ?? release.question(),
      }),
  }
  return release
}

/** Whose services sign: by default all of one Sigstore. */
export interface Services {
  readonly certificate: LocalSigstore
  readonly times?: LocalSigstore
  readonly log?: LocalSigstore
}

/** Signs by these services, under a token of the one that certifies. */
export async function signAt(
  { certificate, times = certificate, log = certificate }: Services,
  payload: string | Buffer | object,
  job?: Job,
  { rekor = 1 }: Signing = {},
): Promise<EditableBundle> {
  const { fulcio } = chooseServices(certificate.signingConfig, new Date())
  const services = { ...chooseServices(times.signingConfig, new Date()), fulcio, log: { url: log.url, version: rekor } }
  const token = await certificate.mintToken(claimsOf(job))
  return JSON.parse(await signStatement(bytesOf(payload), token, services, {}, worldOf())) as EditableBundle
}

/** Text and bytes as they are, an object as JSON. */
export function bytesOf(payload: string | Buffer | object): Buffer {
  if (Buffer.isBuffer(payload)) return payload
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
}

/** Trust in a root at hand. */
export function trustIn(json: Json, origin = 'the embedded Sigstore of this test'): TrustSource {
  return { kind: 'json', json, origin }
}

/** What a token of the job says. */
export function claimsOf({ provider = 'github', claims, ...job }: Job = {}): Claims {
  return { ...providerClaims(provider, job), ...claims }
}

function tokenFor(sigstore: LocalSigstore, job?: Job): VerifiedToken {
  const claims = { iss: sigstore.issuer, ...claimsOf(job) }
  const identity = tokenIdentity(claims)
  if (identity === undefined) throw new Error('the claims give no identity')
  return { raw: '', issuer: sigstore.issuer, claims, identity }
}

function statementFor(token: VerifiedToken): EditableStatement {
  const { sourceRepositoryDigest: commit = 'f'.repeat(40) } = token.identity.extensions
  const predicate = buildProvenance(
    {
      subjects: [],
      token,
      source: {
        ...{
          commit,
          ref: 'refs/heads/main',
          remote: undefined,
          dirty: false,
          changed: [],
          changedCount: 0,
          shallow: false,
        },
        ...{ untracked: { count: 0 }, sparse: undefined, submodules: { count: 0, first: [] } },
      },
      inputs: undefined,
      sessions: {
        range: rangeUpTo(commit),
        commits: { total: 3, claimed: 2 },
        sessions,
        lines: { ai: 2, human: 0 },
        readers: [{ reader: 'trailer', outcome: 'found', claims: 2 }],
        findings: [],
        findingCounts: {},
      },
    },
    '0.0.0-test',
  )
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app.tgz', digest: { sha256: artifactDigest } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate,
  }
}

/**
 * Why a verdict is no pass, for an exact comparison: `rule code` of each failed check in order, or `outcome code` where no
 * check was reached. Empty for a pass, and for nothing else.
 */
export function refusals(verdict: Verdict): string[] {
  const failure = verdict.outcome === 'pass' ? undefined : verdict.failure
  const failed = verdict.outcome === 'fail' ? failedChecks(checksOf(verdict)).map((it) => `${it.rule} ${it.code}`) : []
  const reasons = failure === undefined ? failed : [...failed, `${verdict.outcome} ${failure.code}`]
  if ((verdict.outcome === 'pass') !== (reasons.length === 0)) {
    throw new Error(`outcome ${verdict.outcome} with ${reasons.join(', ')}`)
  }
  return reasons
}

/** The checks of the attestation that decided, or came nearest; none where there was none. */
export function checksOf(verdict: Verdict): readonly Check[] {
  return decidingChecks(verdict)
}

/** What that attestation says; undefined where its signature does not hold, or there is none. */
export function summaryOf({ attestations: [first] }: Verdict): AttestationSummary | undefined {
  return first?.summary
}

/**
 * Why every attestation but the first is no pass, in no order: the code of its first failed check, or of what makes it
 * unreadable.
 */
export function otherRefusals({ attestations, unreadable }: Verdict): string[] {
  const codes = attestations.slice(1).map(({ outcome, checks }) => failedChecks(checks)[0]?.code ?? outcome)
  return [...codes, ...unreadable.map((it) => it.code)].sort()
}

/** A deep copy with one edit. */
export function edited<T>(value: T, edit: (copy: T) => void): T {
  const copy = structuredClone(value)
  edit(copy)
  return copy
}
