/**
 * The end of attesting: sign, verify what came back as anybody would, write (`deferred.ts`: keep what was made, where services are out).
 */
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { bundleLine } from '../model/bundle-line.ts'
import { parseBundle } from '../model/bundle.ts'
import type { Subject } from '../model/digest.ts'
import { isList, memberAt } from '../model/json.ts'
import type { VerifiedToken } from '../model/facts.ts'
import { signerName } from '../model/certified-name.ts'
import { certifiedBuild, gitHubIssuer, splitIdentity } from '../model/identity.ts'
import type { QuestionOptions } from '../model/question.ts'
import { decidingChecks, failedChecks } from '../model/verdict.ts'
import type { World } from '../platform/world.ts'
import { parseQuestion } from '../policy/question.ts'
import { beforeLogging } from '../sigstore/verify/trusted-root.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { keepSigned, removeKept, writeBundleFile } from '../store/bundle-file.ts'
import { judgeCandidates } from '../verify/judge.ts'
import type { Judgement } from '../verify/judge.ts'
import { VerificationError } from '../verify/verifier.ts'
import { inTheWay } from './output.ts'
import type { Output } from './output.ts'
import type { Attestation, UnsignedAttestation } from './request.ts'
import type { OpenSigstore, SigningRequest } from './sigstore.ts'

export interface SigningGoal {
  readonly sigstore: OpenSigstore
  readonly token: VerifiedToken
  /** Undefined: the bundle is given back and not written. */
  readonly out: Output | undefined
  readonly world: World
  /** Type of the predicate that is signed; default: build provenance. */
  readonly predicateType?: string
  /** Of a statement that says "no": the code by which verifiers refuse it, and the only one. */
  readonly refusedBy?: ErrorCode
}

/**
 * Trust comes first: a log entry is for ever, and one that nobody could verify then would be for nothing. So the bundle is
 * verified before it is logged, by all that a log does not tell, and again when it is. What was signed before,
 * to the byte, is not signed again: a step that is repeated has the same answer. Errors: those of `attest` from here on;
 * `output-exists` also where the file has a bundle for the same subject with another statement.
 */
export async function signAndWrite(
  made: UnsignedAttestation,
  { sigstore, token, out, world, predicateType, refusedBy }: SigningGoal,
): Promise<Attestation> {
  const own = { subjects: made.subjects, token, predicateType, refusedBy }
  const before = out === undefined ? undefined : sameIn(out, made)
  const trust = await sigstore.trust()
  if (before !== undefined && out !== undefined) {
    const question = attempt(() => verifyOwn(before, own, trust, 'nothing was signed'))
    if (question instanceof CountersignError) throw otherIn(out)
    return {
      ...made,
      notes: [...made.notes, noteBefore(made)],
      bundle: before,
      question,
      written: out.path,
      signedBefore: true,
    }
  }
  const notes = [...made.notes]
  const bundle = await sigstore.sign(Buffer.from(made.statement), token.raw, {
    note: (text) => notes.push(text),
    before: {
      trust,
      check: (unlogged) => verifyOwn(unlogged, own, beforeLogging(trust), 'nothing was logged'),
    },
  })
  const entry = isLogged(bundle) ? '; it was logged, and its entry stays' : ''
  const question = verifyOwn(bundle, own, trust, 'nothing was written', entry)
  if (out === undefined) return { ...made, notes, bundle, question }
  const failure = await attemptAsync(() => writeSigned(bundle, out, world))
  if (failure instanceof CountersignError) throw await kept(failure, bundle, out)
  return { ...made, notes, bundle, question, written: out.path }
}

/** Of several statements in one run each says which it is. */
function noteBefore({ subjects }: UnsignedAttestation): string {
  const [first, ...others] = subjects.map((it) => it.name)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `this very statement about ${first ?? ''}${more} was signed before, and nothing was signed now`
}

function isLogged(bundle: string): boolean {
  const entries = memberAt(JSON.parse(bundle), 'verificationMaterial', 'tlogEntries')
  return isList(entries) && entries.length > 0
}

/**
 * Asked of all statements of one run before the first is signed: its log entry would be for ever, and for nothing where another one cannot be
 * written. Error: `output-exists`.
 */
export function refuseOther(make: () => UnsignedAttestation, { out }: Pick<SigningGoal, 'out'>): void {
  if (out !== undefined && out.present.length > 0) sameIn(out, make())
}

/** The bundle of this statement that is there already, as a line. Error: `output-exists` (only others are). */
function sameIn(out: Output, { statement }: UnsignedAttestation): string | undefined {
  if (out.present.length === 0) return undefined
  const bytes = Buffer.from(statement)
  const same = out.present.find(({ envelope }) => envelope !== undefined && bytes.equals(envelope.payload))
  if (same === undefined) throw otherIn(out)
  return bundleLine(same)
}

function otherIn({ path }: Output): CountersignError {
  return inTheWay(`${path} holds a bundle for the same subject with another statement`)
}

/**
 * Writes a bundle that is signed and logged for ever. While another process writes the same file it is kept beside it: a job that
 * waits may be ended at any moment.
 */
async function writeSigned(bundle: string, { path, mode }: Output, world: World): Promise<void> {
  let kept: string | undefined
  await writeBundleFile(path, bundle, mode, world, {
    begins: async () => {
      const place = await attemptAsync(() => keepSigned(path, bundle))
      if (typeof place === 'string') kept = place
    },
    lasts() {
      const until = kept === undefined ? '' : `; until then the signed bundle is kept in ${kept}`
      world.progress(`another process writes ${path}${until}`, 'wait')
    },
  })
  if (kept !== undefined) await removeKept(kept)
}

/** The failure of writing, where the bundle, which is signed and logged for ever, is kept elsewhere. */
async function kept(failure: CountersignError, bundle: string, { path }: Output): Promise<CountersignError> {
  const place = await attemptAsync(() => keepSigned(path, bundle))
  if (place instanceof CountersignError) return failure
  return new CountersignError(failure.code, `${failure.message}; the signed bundle is kept in ${place}`, {
    hint: 'publish it from there, or merge it with the bundles that are in the way (`mergeBundles`)',
    cause: failure,
  })
}

/** What our own bundle has to be. */
interface Own {
  readonly subjects: readonly Subject[]
  readonly token: VerifiedToken
  readonly predicateType: string | undefined
  readonly refusedBy: ErrorCode | undefined
}

/**
 * Asks of our own bundle what a careful verifier would ask: exactly the identity of the token, and that the provenance says
 * what the certificate says. Returns that question; where the job ran on a foreign change or on a self-hosted runner, or built a
 * commit of its own, with the waiver that everybody else will need too.
 */
function verifyOwn(
  bundle: string,
  { subjects, token, predicateType, refusedBy }: Own,
  trust: Trust,
  state: string,
  entry = '',
): QuestionOptions {
  const [subject] = subjects
  if (subject === undefined) throw new CountersignError('subject-none', 'there is nothing to attest')
  const { buildTrigger: trigger } = token.identity.extensions
  const parsed = parseBundle(Buffer.from(bundle))
  const strict = { ...questionOf(token), ...(predicateType === undefined ? {} : { predicateType: [predicateType] }) }
  const ask = (options: QuestionOptions): Judgement =>
    judgeCandidates(
      { question: parseQuestion(options), trust: trust.origin, artifact: subject },
      { examined: [{ label: 'bundle', content: parsed }], beyond: [], unrelated: 0 },
      [trust],
    )
  const failed = failedChecks(decidingChecks(ask(strict).verdict)).map((it) => it.code)
  const question: QuestionOptions = {
    ...strict,
    ...(failed.includes('trigger-refused') && trigger !== undefined ? { trigger: [trigger] } : {}),
    ...(failed.includes('runner-refused') ? { selfHostedRunner: 'allow' } : {}),
    ...(failed.includes('built-commit-differs') ? { allowBuiltCommit: true } : {}),
    ...(failed.includes('deployment-removed') ? { allowRemoved: true } : {}),
  }
  const { verdict } = ask(question)
  if (verdict.outcome === 'pass') return question
  const refusals = failedChecks(decidingChecks(verdict)).map((it) => it.code)
  if (refusedBy !== undefined && refusals.length > 0 && refusals.every((it) => it === refusedBy)) return question
  const { code, message } = new VerificationError(verdict)
  throw new CountersignError(
    'bundle-not-verifiable',
    `the signed bundle does not verify, so ${state}: ${message} (${code})${entry}`,
  )
}

/**
 * Who signed, exactly, and what. A workflow on github.com that another one called is asked for together with its caller, because
 * whoever may write to the repository may call it too.
 */
function questionOf({ issuer, identity }: VerifiedToken): QuestionOptions {
  const { buildConfigUri: caller } = identity.extensions
  const { source } = certifiedBuild(identity.extensions)
  const signer = signerName(identity) ?? identity.subjectAlternativeName.value
  if (source === undefined) return { signer, issuer, anySource: true }
  const repo = afterPrefix(source, 'https://github.com/')
  const reusable = afterPrefix(signer, 'https://github.com/')
  const workflow = caller === undefined ? undefined : afterPrefix(splitIdentity(caller).file, `${source}/`)
  if (repo === undefined || reusable === undefined || workflow === undefined || caller === signer) {
    return { signer, issuer, source }
  }
  return { repo, signerWorkflow: reusable, workflow, ...(issuer === gitHubIssuer ? {} : { issuer }) }
}

function afterPrefix(text: string, prefix: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined
}

/** Error: `private-to-public-log`. */
export function refusePrivateToPublic({ publishPrivate }: SigningRequest, { sigstore, token }: SigningGoal): void {
  const visibility = token.identity.extensions.sourceRepositoryVisibility
  // Where the token does not say (Buildkite, CircleCI, a person), it may be private.
  if (sigstore.kind === 'public' && visibility !== 'public' && publishPrivate !== true) {
    throw new CountersignError(
      'private-to-public-log',
      `the repository is ${visibility ?? 'perhaps private, for the token does not say'}, and public Sigstore keeps a public log`,
      { option: 'publishPrivate' },
    )
  }
}
