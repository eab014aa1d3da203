/**
 * Bundles → verdict, for one artifact whose digests are known. In the order of in-toto's validation model
 * (in-toto/attestation docs/validation.md): signature, certificate, log and time → statement → subject → predicate → question.
 */
import { CountersignError, attempt, kindOf } from '../errors.ts'
import type { Bundle } from '../model/bundle.ts'
import { inTotoPayloadType } from '../model/envelope.ts'
import { isDigest } from '../model/digest.ts'
import type { Evidence, Signed, VerifiedStatement } from '../model/evidence.ts'
import type { PolicyEvidence } from '../model/policy-evidence.ts'
import type { Question } from '../model/question.ts'
import { parseStatement } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { matchSubject, subjectNamed } from '../model/subject-match.ts'
import type { ArtifactDigests } from '../model/subject-match.ts'
import { summariseSigned, summariseStatement } from '../model/summary.ts'
import { failureOf, verdictType } from '../model/verdict.ts'
import { byText } from '../model/text-order.ts'
import type {
  AttestationSummary,
  AttestationVerdict,
  Check,
  Verdict,
  VerdictFailure,
  VerdictFinding,
} from '../model/verdict.ts'
import { fail, noteOf, pass, skip } from '../policy/checks.ts'
import { evaluate, notReached, outcomeOf } from '../policy/evaluate.ts'
import { readPredicate } from '../predicates/read.ts'
import { rootsFor } from '../sigstore/verify/choose-root.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../sigstore/verify/verify-bundle.ts'
import type { NamedDigests } from './artifact.ts'
import { changesAmong, contradicting } from './companion-statements.ts'
import type { Among, Named } from './companion-statements.ts'
import { counted } from '../model/counted.ts'

/** What a verdict is about, before anything is proved. */
export interface Draft {
  readonly question: Question
  /** Origins of the trusted roots, in words. */
  readonly trust: string
  readonly artifact: NamedDigests
}

/** A bundle to be judged, or why it cannot be. */
export interface Candidate {
  readonly label: string
  readonly content: Bundle | CountersignError
}

export interface Candidates {
  /** Those that seem to be about the artifact, or any one, to say what is wrong with it; at most `limits.candidates`. */
  readonly examined: readonly Candidate[]
  /** Those about the artifact that are beyond that limit, by name. */
  readonly beyond: readonly string[]
  /** How many others there were, about other artifacts. */
  readonly unrelated: number
}

/** `evidence` is there if and only if the verdict is pass. */
export interface Judgement {
  readonly verdict: Verdict
  readonly evidence: Evidence | undefined
  /** What the rules of a policy looked at, whether or not they let it pass; undefined where the questions of identity were not answered. */
  readonly looked?: PolicyEvidence | undefined
  /** Whoever the question admits, and what of it passes; undefined where no bundle could be read. */
  readonly among?: Among
  /** The bundles that were looked at, by their labels. */
  readonly examined?: readonly Candidate[]
  /** The bundles of the release before that were looked at. */
  readonly before?: readonly Bundle[]
}

/** One bundle under one root. `statement` is there once a subject matched. */
interface Judged {
  readonly attestation: AttestationVerdict
  readonly statement: VerifiedStatement | undefined
  /** The checks before those of the question. */
  readonly base: readonly Check[]
}

/**
 * Judges every candidate. One that passes is enough, and all that pass are named; where none does, the nearest comes first. Of
 * several roots the authority that its certificate names chooses, and each is tried alone: authorities of one never stand beside
 * logs of another.
 */
export function judgeCandidates(
  draft: Draft,
  { examined, beyond, unrelated }: Candidates,
  trusts: readonly Trust[],
): Judgement {
  const judged: Judged[] = []
  const unreadable: Verdict['unreadable'] = []
  for (const { label, content } of examined) {
    try {
      if (content instanceof CountersignError) throw content
      judged.push(judgeUnder(rootsFor(content, trusts), (trust) => judgeBundle(label, content, draft, trust)))
    } catch (thrown) {
      if (!(thrown instanceof CountersignError)) throw thrown
      unreadable.push({ bundle: label, ...failureOf(thrown) })
    }
  }
  const rest = { unreadable, findings: notExamined(beyond), ...(unrelated > 0 ? { unrelated } : {}) }
  const sorted = passingFirst(withChanges(nearestFirst(judged), draft.question))
  const [first] = sorted
  if (first === undefined) {
    const [reason] = unreadable
    const none = 'there is no bundle'
    const hint = reason?.hint === undefined ? {} : { hint: reason.hint }
    const error = new CountersignError(reason?.code ?? 'attestation-none', reason?.message ?? none, hint)
    return { verdict: { ...undecided(draft, error), ...rest }, evidence: undefined }
  }
  return concluded(draft, sorted, trusts, rest)
}

/** The nearest of the results; a root that cannot decide keeps the others from saying "no", and not from saying "yes". */
function judgeUnder(trusts: readonly Trust[], judgeBy: (trust: Trust) => Judged): Judged {
  const results = trusts.map((trust) => attempt(() => judgeBy(trust)))
  const judged = results.flatMap((it) => (it instanceof CountersignError ? [] : [it]))
  const [undecidable] = results.flatMap((it) => (it instanceof CountersignError ? [it] : []))
  const [nearest] = nearestFirst(judged)
  if (nearest !== undefined && (undecidable === undefined || nearest.attestation.outcome === 'pass')) return nearest
  throw undecidable ?? new CountersignError('trusted-root-malformed', 'there is no trusted root')
}

function concluded(
  draft: Draft,
  sorted: readonly Judged[],
  trusts: readonly Trust[],
  rest: Pick<Verdict, 'unreadable' | 'findings' | 'unrelated'>,
): Judgement {
  const passing = passingOf(sorted)
  const [first, ...others] = passing.map((it) => it.statement)
  const among = { passing, admitted: namedOf(sorted.filter((it) => isAdmitted(it, draft.question))) }
  const attestations = sorted.map((it) => it.attestation)
  const findings = [...contradicting(among), ...rest.findings]
  const common = { ...frame(draft), ...rest, findings, attestations }
  if (first === undefined) {
    const nearest = attestations[0]?.trust ?? draft.trust
    const trust = trusts.length === 1 ? nearest : `none of ${draft.trust}; nearest ${nearest}`
    return { verdict: { ...common, trust, outcome: 'fail' }, evidence: undefined, among }
  }
  const trust = [...new Set(attestations.filter((it) => it.outcome === 'pass').map((it) => it.trust))].join(', or ')
  // What was not examined may be what contradicts: a crowd of bundles in front would hide it.
  const doubt = isStrict(draft.question) ? findings[0] : undefined
  if (doubt !== undefined) {
    return { verdict: { ...common, trust, outcome: 'fail', failure: refusal(doubt) }, evidence: undefined, among }
  }
  return {
    verdict: { ...common, trust, outcome: 'pass' },
    evidence: { artifact: draft.artifact, statements: [first, ...others] },
    among,
  }
}

/** By itself, or by what narrows it: a flag beside a policy. */
function isStrict({ strictness, narrowedBy = [] }: Question): boolean {
  return strictness === 'strict' || narrowedBy.some(isStrict)
}

function namedOf(judged: readonly Judged[]): Named[] {
  return judged.flatMap(({ attestation: { bundle }, statement }) =>
    statement === undefined ? [] : [{ bundle, statement }],
  )
}

function passingOf(judged: readonly Judged[]): Named[] {
  return namedOf(judged.filter(({ attestation }) => attestation.outcome === 'pass'))
}

/** The same, each statement of changes that a passing provenance names held against the question as what it is. */
function withChanges(judged: readonly Judged[], question: Question): Judged[] {
  const digests = passingOf(judged).flatMap(({ statement: { predicate } }) =>
    predicate.kind === 'build-provenance' ? (predicate.changeStatement ?? []) : [],
  )
  if (digests.length === 0) return [...judged]
  const given = new Map(changesAmong(namedOf(judged)).map((it) => [it.statement, it.sha256]))
  const accepted = new Set<string>()
  const companions = judged.map((it): Judged => {
    const { attestation, statement, base } = it
    const sha256 = statement === undefined ? undefined : given.get(statement)
    if (statement === undefined || sha256 === undefined || !digests.includes(sha256)) return it
    const checks = [...base, ...evaluateAsItIs(statement, question)]
    const outcome = outcomeOf(checks)
    if (outcome === 'pass') accepted.add(sha256)
    return { ...it, attestation: { ...attestation, outcome, checks, summary: summariseStatement(statement) } }
  })
  return companions.map((it) => withGiven(it, accepted))
}

/** The rest of the question, of a statement of another type than it asks for; what only provenance says was asked of the provenance. */
function evaluateAsItIs(statement: VerifiedStatement, question: Question): readonly Check[] {
  const asItIs = ({ asked: { builderId: _, ...asked }, ...it }: Question): Question => ({
    ...{ ...it, asked, inputs: [], tree: 'any' },
    predicateTypes: [statement.statement.predicateType],
  })
  const { narrowedBy } = question
  return evaluate(statement, {
    ...asItIs(question),
    ...(narrowedBy === undefined ? {} : { narrowedBy: narrowedBy.map(asItIs) }),
  })
}

/** Anybody can sign something about an artifact and lay it beside: only who may answer the question can contradict an answer. */
function isAdmitted({ statement, base }: Judged, question: Question): boolean {
  return statement !== undefined && outcomeOf([...base, ...evaluateAsItIs(statement, question)]) === 'pass'
}

/** Said of the provenance whether the changes that it names were given here, and hold. */
function withGiven(judged: Judged, accepted: ReadonlySet<string>): Judged {
  const { attestation } = judged
  const named = attestation.summary?.changeStatement
  if (attestation.outcome !== 'pass' || named === undefined || !accepted.has(named.sha256)) return judged
  const summary = { ...attestation.summary, changeStatement: { ...named, given: true } }
  return { ...judged, attestation: { ...attestation, summary } }
}

/** Names in a finding; how many there are besides, its message says. */
const namedBundles = 200

function notExamined(bundles: readonly string[]): VerdictFinding[] {
  if (bundles.length === 0) return []
  const message = `${counted(bundles.length, 'more bundle is', 'more bundles are')} about the artifact, or cannot be read, and not examined`
  return [{ code: 'bundles-not-examined', message, bundles: bundles.slice(0, namedBundles) }]
}

function refusal({ message }: VerdictFinding): VerdictFailure {
  return failureOf(new CountersignError('attestations-contradict', message))
}

/** What passes, then the others, each in the order in which they came: provenance stands before what it names. */
function passingFirst(judged: readonly Judged[]): readonly Judged[] {
  const isPass = ({ attestation }: Judged): number => (attestation.outcome === 'pass' ? 1 : 0)
  return judged.toSorted((a, b) => isPass(b) - isPass(a))
}

/** What passes first, then what comes nearest; of equals, by the name of the bundle and not by their order. */
function nearestFirst(judged: readonly Judged[]): readonly Judged[] {
  return judged.toSorted(
    (a, b) => closeness(b.attestation) - closeness(a.attestation) || byText(a.attestation.bundle, b.attestation.bundle),
  )
}

/** Passed, then more passed checks, then fewer failed ones. */
export function closeness({ outcome, checks }: Pick<AttestationVerdict, 'outcome' | 'checks'>): number {
  const count = (asked: Check['outcome']): number => checks.filter((it) => it.outcome === asked).length
  return (outcome === 'pass' ? 1_000_000 : 0) + count('pass') * 1_000 - count('fail')
}

function judgeBundle(bundle: string, content: Bundle, draft: Draft, trust: Trust): Judged {
  const result = verifiedOnce(content, trust, draft.question.key)
  if (result.outcome === 'refused') {
    const checks = [...result.checks, ...later(['payload-type', 'statement', 'subject']), ...notReached()]
    return { attestation: { bundle, trust: trust.origin, outcome: 'fail', checks }, statement: undefined, base: [] }
  }
  const { signed } = result
  const read = readOnce(signed, draft.artifact)
  if ('failed' in read) {
    const checks = [...signed.checks, ...read.failed, ...notReached()]
    const summary = summariseSigned(signed)
    const attestation = { bundle, trust: trust.origin, outcome: 'fail' as const, checks, summary }
    return { attestation, statement: undefined, base: [] }
  }
  const { statement } = read
  const base = [...signed.checks, ...read.checks]
  const checks = [...base, ...evaluate(statement, draft.question)]
  const summary: AttestationSummary = summariseStatement(statement)
  return { attestation: { bundle, trust: trust.origin, outcome: outcomeOf(checks), checks, summary }, statement, base }
}

/**
 * Statements about the artifact whose signatures hold under one of the roots, whoever signed them: what they say counts for nothing until
 * somebody was asked for. `keys` are those that may have signed beside certificates.
 */
export function heldStatements(
  { artifact }: Pick<Draft, 'artifact'>,
  { examined }: Candidates,
  trusts: readonly Trust[],
  keys: readonly string[] = [],
): VerifiedStatement[] {
  return examined.flatMap(({ content }) => {
    if (content instanceof CountersignError) return []
    for (const key of [undefined, ...keys]) {
      for (const trust of attemptedRoots(content, trusts)) {
        const result = attempt(() => verifiedOnce(content, trust, key))
        if (result instanceof CountersignError || result.outcome === 'refused') continue
        const read = readStatement(result.signed, artifact)
        if ('statement' in read) return [read.statement]
      }
    }
    return []
  })
}

function attemptedRoots(bundle: Bundle, trusts: readonly Trust[]): readonly Trust[] {
  const roots = attempt(() => rootsFor(bundle, trusts))
  return roots instanceof CountersignError ? [] : roots
}

type Verified = ReturnType<typeof verifyBundle>

/** By bundle, root and key, on which alone the answer depends: a policy asks many questions of one bundle. */
const verified = new WeakMap<Bundle, WeakMap<Trust, Map<string | undefined, Verified>>>()

function verifiedOnce(bundle: Bundle, trust: Trust, key: string | undefined): Verified {
  const byTrust = verified.get(bundle) ?? new WeakMap<Trust, Map<string | undefined, Verified>>()
  const byKey = byTrust.get(trust) ?? new Map<string | undefined, Verified>()
  const result = byKey.get(key) ?? verifyBundle(bundle, trust, key)
  verified.set(bundle, byTrust.set(trust, byKey.set(key, result)))
  return result
}

export type Read =
  { readonly statement: VerifiedStatement; readonly checks: readonly Check[] } | { readonly failed: readonly Check[] }

/** By what was signed and the artifact, for the same reason; and so a statement is the same one, whichever question it answers. */
const statementsRead = new WeakMap<Signed, WeakMap<NamedDigests, Read>>()

function readOnce(signed: Signed, artifact: NamedDigests): Read {
  const byArtifact = statementsRead.get(signed) ?? new WeakMap<NamedDigests, Read>()
  const read = byArtifact.get(artifact) ?? readStatement(signed, artifact)
  statementsRead.set(signed, byArtifact.set(artifact, read))
  return read
}

/** Signed → VerifiedStatement: in-toto payload, well-formed statement, a subject with the artifact's digest, a readable predicate. */
export function readStatement(
  signed: Signed,
  { name, digest: artifact }: NamedDigests,
  match: typeof matchSubject = matchSubject,
): Read {
  const { payloadType, payload } = signed.envelope
  if (payloadType !== inTotoPayloadType) {
    const failed = fail('payload-type', 'payload-type-mismatch', inTotoPayloadType, payloadType)
    return { failed: [failed, ...later(['statement', 'subject'])] }
  }
  const checks: Check[] = [pass('payload-type', inTotoPayloadType, payloadType)]
  try {
    const statement = parseStatement(payload)
    const predicate = readPredicate(statement.predicateType, statement.predicate)
    checks.push(pass('statement', undefined, statement._type))
    const subjectIndex = match(statement, artifact)
    const expected = Object.entries(artifact)
      .map(([algorithm, value]) => `${algorithm}:${value}`)
      .join(' ')
    const found = statement.subject[subjectIndex]
    if (found === undefined) {
      const failed = fail('subject', 'subject-mismatch', expected, describeSubjects(statement))
      const note = namesakeNote(statement, name, artifact)
      return { failed: [...checks, note === undefined ? failed : { ...failed, ...noteOf('subject-mismatch', note) }] }
    }
    checks.push(pass('subject', expected, found.name ?? 'unnamed'))
    return { statement: { signed, statement, subjectIndex, predicate }, checks }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    const failed = fail('statement', thrown.code, 'an in-toto statement', thrown.message)
    return { failed: [...checks, failed, ...later(['subject'])] }
  }
}

function describeSubjects({ subject }: Statement): string {
  const shown = subject.slice(0, 3).map(({ name, digest }) => {
    const [algorithm, value] = Object.entries(digest)[0] ?? ['', '']
    return `${name ?? 'unnamed'} ${algorithm}:${value.slice(0, 16)}…`
  })
  return `${shown.join(', ')}${subject.length > 3 ? ` and ${subject.length - 3} more` : ''}`
}

/** The same name under another digest is what most often is wrong: a file that was built anew, or changed on its way. */
function namesakeNote(statement: Statement, name: string, artifact: ArtifactDigests): string | undefined {
  const subject = subjectNamed(statement, name)
  const known = Object.entries(subject?.digest ?? {}).filter(([algorithm, hex]) => isDigest(algorithm, hex))
  const [algorithm, value] = known.find(([it]) => it in artifact) ?? known[0] ?? []
  if (subject?.name === undefined || algorithm === undefined || value === undefined) return undefined
  const [own, hex] = Object.entries(artifact).find(([it]) => it === algorithm) ?? Object.entries(artifact)[0] ?? []
  return `the attestation names ${subject.name} with ${algorithm}:${value}, this file is ${own ?? ''}:${hex ?? ''}`
}

export function later(rules: readonly string[]): readonly Check[] {
  return rules.map((rule) => skip(rule, 'not reached'))
}

type Frame = Pick<Verdict, 'type' | 'artifact' | 'question' | 'trust'>

export function frame(draft: Draft): Frame {
  return {
    type: verdictType,
    artifact: { name: draft.artifact.name, digest: { ...draft.artifact.digest } },
    question: { ...draft.question.written },
    trust: draft.trust,
  }
}

/** Nothing was proved: `fail` where the answer is no (no attestation at all), else `undecided`. */
export function undecided(draft: Draft, error: CountersignError): Verdict {
  const common = { ...frame(draft), findings: [], unreadable: [], attestations: [], failure: failureOf(error) }
  return kindOf(error.code) === 'no' ? { ...common, outcome: 'fail' } : { ...common, outcome: 'undecided' }
}
