/**
 * A client for the Sigstore conformance suite (sigstore/sigstore-conformance docs/cli_protocol.md) over our own core:
 *
 *     sign-bundle [--staging] [--in-toto] --identity-token T --bundle F [--trusted-root F] [--signing-config F] FILE
 *     verify-bundle [--staging] --bundle F (--certificate-identity I --certificate-oidc-issuer U | --key PEM)
 *                   [--trusted-root F] FILE_OR_DIGEST
 *
 * Exit 0 is yes, 1 no, 2 usage, 3 could not decide; why not is one line on stderr.
 */
import { bundleToJSON } from '@sigstore/bundle'
import { FulcioSigner, MessageSignatureBundleBuilder, RekorWitness, TSAWitness } from '@sigstore/sign'
import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { CountersignError, asFailure } from '../../src/errors.ts'
import { oneLine } from '../../src/one-line.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { inTotoPayloadType } from '../../src/model/envelope.ts'
import type { Signatory } from '../../src/model/evidence.ts'
import { certifiedBuild } from '../../src/model/identity.ts'
import type { Json } from '../../src/model/json.ts'
import { parseStatement } from '../../src/model/statement.ts'
import { matchSubject } from '../../src/model/subject-match.ts'
import { worldOf } from '../../src/platform/world.ts'
import { verifyMessage } from '../conformance/message.ts'
import type { Artifact } from '../conformance/message.ts'
import { chooseServices } from '../../src/sigstore/sign/services.ts'
import type { SigningServices } from '../../src/sigstore/sign/services.ts'
import { signStatement } from '../../src/sigstore/sign/sign-statement.ts'
import { loadTrust, readTrustFile } from '../../src/sigstore/trust/source.ts'
import type { Trust } from '../../src/sigstore/verify/trusted-root.ts'
import { fetchPublicSigningConfig } from '../../src/sigstore/trust/tuf.ts'
import { verifyBundle } from '../../src/sigstore/verify/verify-bundle.ts'
import type { Refused } from '../../src/sigstore/verify/verify-bundle.ts'

/** Where it speaks. */
export interface Streams {
  readonly stderr: { write(text: string): unknown }
}

/** argv without node and script → exit code. Never throws. */
export async function main(argv: readonly string[], { stderr }: Streams): Promise<number> {
  const [command, ...rest] = argv
  try {
    if (command === 'sign-bundle') await signBundle(rest)
    else if (command === 'verify-bundle') await verifyBundleFile(rest)
    else throw new CountersignError('usage', 'expected sign-bundle or verify-bundle')
    return 0
  } catch (thrown) {
    const failure = asFailure(thrown, 'internal', 'unexpected')
    stderr.write(`conformance-client: error: ${oneLine(failure.message)} (${failure.code})\n`)
    return exitCodeOf(failure.kind)
  }
}

async function signBundle(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        staging: { type: 'boolean' },
        'in-toto': { type: 'boolean' },
        'identity-token': { type: 'string' },
        bundle: { type: 'string' },
        'trusted-root': { type: 'string' },
        'signing-config': { type: 'string' },
      },
    }),
  )
  const token = required(values['identity-token'], '--identity-token')
  const out = required(values.bundle, '--bundle')
  const config = await signingConfig(values['signing-config'], values.staging)
  const services = chooseServices(config, new Date())
  const artifact = await readFile(required(positionals[0], 'FILE'))
  const bundle = await (values['in-toto'] === true
    ? signStatement(artifact, token, services, {}, worldOf())
    : signMessage(artifact, token, services))
  await writeFile(out, `${bundle}\n`)
}

/** Countersign signs statements only, so a bare signature is the library's work, with the services that we chose. */
async function signMessage(artifact: Buffer, token: string, services: SigningServices): Promise<string> {
  const { fulcio, log, timestampAuthorities } = services
  const patience = { timeout: 30_000 }
  const builder = new MessageSignatureBundleBuilder({
    signer: new FulcioSigner({
      ...patience,
      fulcioBaseURL: fulcio,
      identityProvider: { getToken: () => Promise.resolve(token) },
    }),
    witnesses: [
      ...(log === undefined
        ? []
        : [new RekorWitness({ ...patience, rekorBaseURL: log.url, majorApiVersion: log.version })]),
      ...timestampAuthorities.map((url) => new TSAWitness({ ...patience, tsaBaseURL: url })),
    ],
  })
  return JSON.stringify(bundleToJSON(await builder.create({ data: artifact })))
}

async function signingConfig(path: string | undefined, staging: boolean | undefined): Promise<Json> {
  if (path !== undefined) return readTrustFile(path)
  if (staging === true)
    throw new CountersignError('usage', 'staging has no root of its own here: give --signing-config')
  return fetchPublicSigningConfig({}, worldOf())
}

async function verifyBundleFile(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        staging: { type: 'boolean' },
        bundle: { type: 'string' },
        'certificate-identity': { type: 'string' },
        'certificate-oidc-issuer': { type: 'string' },
        key: { type: 'string' },
        'trusted-root': { type: 'string' },
      },
    }),
  )
  const { key, 'certificate-identity': identity, 'certificate-oidc-issuer': issuer } = values
  if (key === undefined && (identity === undefined || issuer === undefined)) {
    throw new CountersignError('usage', 'expected --certificate-identity with --certificate-oidc-issuer, or --key')
  }
  const bundle = parseBundle(await readFile(required(values.bundle, '--bundle')))
  const artifact = await readArtifact(required(positionals[0], 'FILE_OR_DIGEST'))
  const pem = key === undefined ? undefined : await readFile(key, 'utf8')
  const signatory = verified(bundle, artifact, await trustIn(values['trusted-root'], values.staging), pem)
  if (signatory.kind === 'key') return // by the very key that was asked for
  const { subjectAlternativeName, extensions } = signatory.identity
  if (subjectAlternativeName?.value !== identity) {
    throw new CountersignError('signer-mismatch', `signed by ${subjectAlternativeName?.value ?? 'nobody by one name'}`)
  }
  const build = certifiedBuild(extensions)
  if (build.issuer !== issuer)
    throw new CountersignError('issuer-mismatch', `vouched for by ${build.issuer ?? 'nobody'}`)
}

async function trustIn(path: string | undefined, staging: boolean | undefined): Promise<Trust> {
  if (path !== undefined) return loadTrust({ kind: 'file', path }, worldOf())
  if (staging === true) throw new CountersignError('usage', 'staging has no root of its own here: give --trusted-root')
  return loadTrust({ kind: 'public' }, worldOf())
}

/** `sha256:<64 hex>` that is no file is a digest. */
async function readArtifact(text: string): Promise<Artifact> {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(text) ?? []
  const isFile = await stat(text).then(
    () => true,
    () => false,
  )
  return hex !== undefined && !isFile ? { sha256: Buffer.from(hex, 'hex') } : { bytes: await readFile(text) }
}

/** Who signed the artifact, or the statement that has it as a subject. */
function verified(bundle: Bundle, artifact: Artifact, trust: Trust, key: string | undefined): Signatory {
  if (bundle.envelope === undefined) {
    const result = verifyMessage(bundle, trust, artifact, key)
    if (result.outcome === 'refused') throw refusal(result)
    return result.proof.signatory
  }
  const result = verifyBundle(bundle, trust, key)
  if (result.outcome === 'refused') throw refusal(result)
  const { envelope, signatory } = result.signed
  if (envelope.payloadType !== inTotoPayloadType) {
    throw new CountersignError('payload-type-mismatch', `the payload is ${envelope.payloadType}`)
  }
  const digest = 'bytes' in artifact ? createHash('sha256').update(artifact.bytes).digest() : artifact.sha256
  if (matchSubject(parseStatement(envelope.payload), { sha256: Buffer.from(digest).toString('hex') }) < 0) {
    throw new CountersignError('subject-mismatch', 'the artifact is no subject of the statement')
  }
  return signatory
}

function refusal({ code, message }: Refused): CountersignError {
  return new CountersignError(code, message)
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new CountersignError('usage', `${name} is missing`)
  return value
}

function parsed<T>(parse: () => T): T {
  try {
    return parse()
  } catch (thrown) {
    throw asFailure(thrown, 'usage', 'the arguments cannot be read')
  }
}
