/**
 * The end of attesting: sign, verify what came back as anybody would, write; where services are out, keep what was made.
 */
import { CountersignError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { Attestation, AttestRequest } from './attest.ts'
import { parseBundle } from '../model/bundle.ts'
import type { Subject } from '../model/digest.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import { preparedIdentityOf } from '../model/prepared.ts'
import type { QuestionOptions } from '../model/question.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Output } from './output.ts'
import type { OpenSigstore, World } from './signer.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { writeBundleFile } from '../store/bundle-file.ts'
import { keepUnsigned } from '../store/prepared-file.ts'
import { VerificationError, judgeBundleOf } from '../verify/verify.ts'
import { version } from '../version.ts'

/** An attestation before it is signed. */
export type Unsigned = Omit<Attestation, 'signed'>

export interface Goal {
  readonly sigstore: OpenSigstore
  readonly token: VerifiedToken
  readonly out: Output
}

/** Trust comes first: a log entry is for ever, and one that nobody could verify then would be for nothing. */
export async function finish(made: Unsigned, { sigstore, token, out }: Goal): Promise<Attestation> {
  const trust = await sigstore.trust()
  const notes = [...made.notes]
  const bundle = await sigstore.sign(Buffer.from(made.statement), token.raw, (note) => notes.push(note))
  const question = verifyOwn(bundle, made.subjects, token, trust)
  await writeBundleFile(out.path, bundle, out.mode)
  return { ...made, notes, signed: { bundle, out: out.path, question } }
}

/** What passes by itself; a refusal does not. */
const outages: readonly ErrorCode[] = [
  'service-unavailable',
  'service-answer-malformed',
  'trust-unavailable',
  'token-expired',
]

/** The error to end with: after an outage the statement is kept, and the hint says how it is signed later. */
export async function deferred(thrown: unknown, made: Unsigned, { token, out }: Goal, world: World): Promise<unknown> {
  if (!(thrown instanceof CountersignError) || !outages.includes(thrown.code)) return thrown
  const path = await keepUnsigned({
    statement: Buffer.from(made.statement),
    identity: preparedIdentityOf(token),
    out: out.path,
    preparedAt: world.now(),
    version,
  })
  const overwrite = out.mode === 'replace' ? ' --overwrite' : ''
  return new CountersignError(thrown.code, `${thrown.message}; the unsigned statement is kept in ${path}`, {
    hint: `in this run, with the same --sigstore: countersign attest --resume ${path}${overwrite}`,
    cause: thrown,
  })
}

/**
 * Asks of our own bundle what a careful verifier would ask: exactly the identity of the token, and that the provenance says
 * what the certificate says. Returns that question; where the job ran on a foreign change or on a self-hosted runner, with
 * the waiver that everybody else will need too.
 */
function verifyOwn(bundle: string, subjects: readonly Subject[], token: VerifiedToken, trust: Trust): QuestionOptions {
  const [subject] = subjects
  if (subject === undefined) throw new CountersignError('subject-none', 'there is nothing to attest')
  const { sourceRepositoryUri: source, buildTrigger: trigger } = token.identity.extensions
  const parsed = parseBundle(Buffer.from(bundle))
  const strict: QuestionOptions = {
    signer: token.identity.subjectAlternativeName.value,
    issuer: token.issuer,
    ...(source === undefined ? { anySource: true } : { source }),
  }
  const ask = (options: QuestionOptions): Verdict => judgeBundleOf(parsed, subject, trust, options)
  const failed = ask(strict)
    .checks.filter((it) => it.outcome === 'fail')
    .map((it) => it.code)
  const question: QuestionOptions = {
    ...strict,
    ...(failed.includes('trigger-refused') && trigger !== undefined ? { trigger: [trigger] } : {}),
    ...(failed.includes('runner-refused') ? { selfHostedRunner: 'allow' } : {}),
  }
  const verdict = ask(question)
  if (verdict.outcome === 'pass') return question
  const { code, message } = new VerificationError(verdict)
  throw new CountersignError('bundle-not-verifiable', `the signed bundle does not verify: ${message} (${code})`)
}

/** Error: `commit-not-head`. */
export function refuseOtherCommit(token: VerifiedToken, source: Source): void {
  const commit = token.identity.extensions.sourceRepositoryDigest
  if (commit !== undefined && commit !== source.commit) {
    throw new CountersignError('commit-not-head', `the token is for commit ${commit}, but HEAD is ${source.commit}`)
  }
}

/** Error: `private-to-public-log`. */
export function refusePrivateToPublic(request: AttestRequest, sigstore: OpenSigstore, token: VerifiedToken): void {
  const visibility = token.identity.extensions.sourceRepositoryVisibility
  const isPrivate = visibility === 'private' || visibility === 'internal'
  if (sigstore.kind === 'public' && isPrivate && request.publishPrivate !== true && request.dryRun !== true) {
    throw new CountersignError(
      'private-to-public-log',
      `the repository is ${visibility}, and public Sigstore keeps a public log`,
    )
  }
}
