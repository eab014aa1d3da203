/** The inspecting flow: what the bundles of a file claim, under the heading "not verified". */
import { resolve } from 'node:path'
import { CountersignError, attemptAsync } from '../errors.ts'
import type { Bundle } from '../model/bundle.ts'
import { summariseDeployment } from '../model/deployment-summary.ts'
import { summariseRebuild } from '../model/rebuild-summary.ts'
import type { Predicate } from '../model/predicate.ts'
import { inspectionType } from '../model/inspection.ts'
import type { Inspection } from '../model/inspection.ts'
import { JsonBudget, spendJson } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { parseStatement } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { asWritten, membersIn, objectOf } from '../model/written-json.ts'
import { contextOf } from '../model/summary.ts'
import { matchSubject } from '../model/subject-match.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { readPredicate } from '../predicates/read.ts'
import { describeMaterial } from '../sigstore/verify/describe.ts'
import { visitBundleBytes, visitBundleFile } from '../store/bundle-index.ts'
import type { BundleVisit } from '../store/bundle-index.ts'
import { digestsOf } from '../verify/artifact.ts'
import type { NamedDigests } from '../verify/artifact.ts'
import { algorithmsIn, candidatesFor, indexBeside, newSurroundings } from '../verify/candidates.ts'

/**
 * What each bundle says of itself, or nothing of one that cannot be read. Errors: `input-too-large`; where not a single bundle
 * can be read, the first error (`json-*`, `bundle-*`).
 *
 * @example
 * ```ts
 * import { inspect } from 'countersign'
 * import { readFile } from 'node:fs/promises'
 *
 * const [inspection] = await inspect(await readFile('dist/app.tgz.sigstore.json'))
 * console.log(inspection?.verified, inspection?.signer.identity) // false, and what the certificate says
 * ```
 */
export async function inspect(bundle: Uint8Array | Bundle): Promise<readonly Inspection[]> {
  const name = 'bundle'
  if (bundle instanceof Uint8Array) return inspectAll((visit) => visitBundleBytes(name, bundle, visit))
  return [inspectBundle(name, bundle, new JsonBudget(0))]
}

/**
 * The same for a file: one of bundles, or an artifact with its bundle beside it, found as a verification finds it. Errors: also
 * `path-missing`, `input-unreadable`; of an artifact, which is no bundle itself, that of reading it as one if none lies beside it.
 *
 * @example
 * ```ts
 * import { inspectFile } from 'countersign/inspect'
 *
 * for (const { bundle, sessions } of await inspectFile('dist/app.tgz.sigstore.json')) console.log(bundle, sessions)
 * ```
 */
export async function inspectFile(path: string, world: Partial<World> = {}): Promise<readonly Inspection[]> {
  const { cwd } = worldOf(world)
  const inspections = await attemptAsync(() => inspectAll((visit) => visitBundleFile(resolve(cwd, path), visit)))
  if (!(inspections instanceof CountersignError)) return inspections
  if (inspections.kind === 'usage') throw inspections
  return (await inspectBeside(path, cwd)) ?? refuse(inspections)
}

function refuse(error: CountersignError): never {
  const { code, message } = error
  const beside = 'no bundle lies beside it'
  const hint = error.hint === undefined ? `this is not a bundle, and ${beside}` : `${error.hint}; ${beside}`
  throw new CountersignError(code, message, { hint, cause: error })
}

/** The bundles about an artifact that lie beside it; where none of them is, one that is not, which says so. */
async function inspectBeside(path: string, cwd: string): Promise<readonly Inspection[] | undefined> {
  const indexes = await attemptAsync(() => indexBeside({ path }, cwd, newSurroundings()))
  if (indexes instanceof CountersignError) {
    if (indexes.code === 'attestation-none') return undefined
    throw indexes
  }
  const artifact = await digestsOf({ path }, algorithmsIn(indexes), cwd)
  const { examined, beyond } = await candidatesFor(artifact, indexes)
  const budget = new JsonBudget(0)
  const inspections = examined.flatMap(({ label, content }) =>
    content instanceof CountersignError ? [] : [inspectBundle(label, content, budget, artifact)],
  )
  const broken = examined.flatMap(({ label, content }) =>
    content instanceof CountersignError ? [`${label}: ${content.message}`] : [],
  )
  const [first] = examined
  if (inspections.length === 0 && first?.content instanceof CountersignError) throw first.content
  // What is not shown is named with the last of them.
  const notShown = [...broken, ...(beyond.length === 0 ? [] : [`${beyond.length} more bundles about it are not shown`])]
  return inspections.map((it, index) =>
    index === inspections.length - 1 ? { ...it, problems: [...it.problems, ...notShown] } : it,
  )
}

/** Keeps of each bundle only what is shown of it, and shows statements as long as there are not too many to hold. */
async function inspectAll(
  read: (visit: BundleVisit) => Promise<CountersignError | undefined>,
): Promise<readonly Inspection[]> {
  const inspections: Inspection[] = []
  const budget = new JsonBudget(0)
  const none = await read((label, bundle) => inspections.push(inspectBundle(label, bundle, budget)))
  if (none !== undefined) throw none
  return inspections
}

function inspectBundle(label: string, bundle: Bundle, budget: JsonBudget, beside?: NamedDigests): Inspection {
  const { problems, ...material } = describeMaterial(bundle)
  const payload = readPayload(bundle, budget)
  const { statement, predicate } = payload
  const provenance = predicate?.kind === 'build-provenance' ? predicate : undefined
  const context = predicate?.kind === 'change-provenance' ? contextOf(predicate) : undefined
  const deployment = predicate?.kind === 'deployment' ? predicate : undefined
  const sessions = predicate !== undefined && 'sessions' in predicate ? predicate.sessions : []
  return {
    type: inspectionType,
    verified: false,
    bundle: label,
    ...(beside === undefined
      ? {}
      : { artifact: { ...beside, named: statement !== undefined && matchSubject(statement, beside.digest) >= 0 } }),
    format: formatOf(bundle),
    ...material,
    signatures: bundle.envelope?.signatures.length ?? 1,
    ...(bundle.envelope === undefined ? {} : { payloadType: bundle.envelope.payloadType }),
    ...(statement === undefined ? {} : { statement: describeStatement(statement, payload.text) }),
    ...(provenance === undefined
      ? {}
      : {
          buildType: provenance.buildType,
          builderId: provenance.builderId,
          ...(provenance.invocationId === undefined ? {} : { invocationId: provenance.invocationId }),
          ...(provenance.aiConfiguration === undefined ? {} : { aiConfiguration: provenance.aiConfiguration }),
          ...(provenance.tree === undefined ? {} : { tree: provenance.tree }),
          ...(provenance.builtCommit === undefined ? {} : { builtCommit: provenance.builtCommit }),
          ...(provenance.preparedIn === undefined ? {} : { preparedIn: provenance.preparedIn }),
          ...(provenance.reasoningLog === undefined ? {} : { reasoningLog: provenance.reasoningLog }),
        }),
    ...(predicate?.kind === 'rebuild-comparison'
      ? {
          ...(predicate.job.run === undefined ? {} : { invocationId: predicate.job.run }),
          rebuild: summariseRebuild(predicate),
        }
      : {}),
    ...(deployment === undefined
      ? {}
      : {
          ...(deployment.job.run === undefined ? {} : { invocationId: deployment.job.run }),
          ...(deployment.preparedIn === undefined ? {} : { preparedIn: deployment.preparedIn }),
          deployment: summariseDeployment(deployment),
        }),
    sessions: [...sessions],
    ...(context === undefined ? {} : { context }),
    ...(provenance?.attribution === undefined ? {} : { attribution: provenance.attribution }),
    problems: [...problems, ...payload.problems],
  }
}

function formatOf({ version, form }: Bundle): string {
  return form ?? (version === 'dsse' ? 'bare DSSE envelope' : `Sigstore bundle ${version}`)
}

interface Payload {
  readonly statement?: Statement
  /** Of the statement. */
  readonly text?: string
  readonly predicate?: Predicate
  readonly problems: readonly string[]
}

function readPayload({ envelope }: Bundle, budget: JsonBudget): Payload {
  if (envelope === undefined) return { problems: ['a message signature: no statement inside'] }
  let statement: Statement
  try {
    spendJson(envelope.payload, 'the statement', limits.statementBytes, budget)
    statement = parseStatement(envelope.payload)
  } catch (thrown) {
    return { problems: [messageOf(thrown)] }
  }
  const text = Buffer.from(envelope.payload).toString('utf8')
  try {
    const predicate = readPredicate(statement.predicateType, statement.predicate)
    return { statement, text, predicate, problems: [] }
  } catch (thrown) {
    return { statement, text, problems: [messageOf(thrown)] }
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof CountersignError) return thrown.message
  throw thrown
}

function describeStatement(statement: Statement, text = '{}'): Inspection['statement'] {
  const { _type, predicateType, subject, predicate, ...others } = statement
  const members = membersIn(text)
  const textOf = (name: string): string | undefined => members.find((it) => it.name === name)?.text
  const subjectTexts = membersIn(textOf('subject') ?? '[]')
  const otherMembers = members.filter(({ name }) => Object.hasOwn(others, name))
  return {
    type: _type,
    predicateType,
    subjects: subject.map((it, index) => describeSubject(it, subjectTexts[index]?.text ?? '{}')),
    ...(predicate === undefined ? {} : { predicate: asWritten({ ...predicate }, textOf('predicate')) }),
    ...(otherMembers.length === 0 ? {} : { others: asWritten(others, objectOf(otherMembers)) }),
  }
}

type DescribedSubject = NonNullable<Inspection['statement']>['subjects'][number]

/** Without a name that is null: it is absent (`parseStatement`). */
function describeSubject({ name, ...others }: Statement['subject'][number], text: string): DescribedSubject {
  const subject = name === undefined ? others : { name, ...others }
  return asWritten(subject, objectOf(membersIn(text).filter((it) => Object.hasOwn(subject, it.name))))
}
