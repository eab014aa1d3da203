/** The inspecting flow: what the bundles of a file claim, under the heading "not verified". */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Provenance } from '../model/evidence.ts'
import { inspectionType } from '../model/inspection.ts'
import type { Inspection } from '../model/inspection.ts'
import { parseStatement } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { readPredicate } from '../predicates/index.ts'
import { describeMaterial } from '../sigstore/verify/describe.ts'
import { readBundleFile } from '../store/bundle-index.ts'

/**
 * Every bundle of a file, or the error of one that cannot be read. Errors: `input-unreadable`, `input-too-large`; a file
 * without a single readable bundle throws its first error (`json-*`, `bundle-*`).
 */
export async function inspect(path: string, cwd: string = process.cwd()): Promise<readonly Inspection[]> {
  const stored = await readBundleFile(resolve(cwd, path))
  const readable = stored.flatMap(({ label, content }) =>
    content instanceof CountersignError ? [] : [inspectBundle(label, content)],
  )
  const [unreadable] = stored.flatMap(({ content }) => (content instanceof CountersignError ? [content] : []))
  if (readable.length === 0) throw unreadable ?? new CountersignError('bundle-malformed', 'the file holds no bundle')
  return readable
}

function inspectBundle(label: string, bundle: Bundle): Inspection {
  const { problems, ...material } = describeMaterial(bundle)
  const payload = readPayload(bundle)
  const { statement, provenance } = payload
  return {
    type: inspectionType,
    verified: false,
    bundle: label,
    format: bundle.version === 'dsse' ? 'bare DSSE envelope' : `Sigstore bundle ${bundle.version}`,
    ...material,
    signatures: bundle.envelope?.signatures.length ?? 1,
    ...(bundle.envelope === undefined ? {} : { payloadType: bundle.envelope.payloadType }),
    ...(statement === undefined ? {} : { statement: describeStatement(statement) }),
    ...(provenance === undefined
      ? {}
      : {
          buildType: provenance.buildType,
          builderId: provenance.builderId,
          ...(provenance.invocationId === undefined ? {} : { invocationId: provenance.invocationId }),
        }),
    sessions: [...(provenance?.sessions ?? [])],
    ...(provenance?.attribution === undefined ? {} : { attribution: provenance.attribution }),
    problems: [...problems, ...payload.problems],
  }
}

interface Payload {
  readonly statement?: Statement
  readonly provenance?: Provenance
  readonly problems: readonly string[]
}

function readPayload({ envelope }: Bundle): Payload {
  if (envelope === undefined) return { problems: ['a message signature: no statement inside'] }
  let statement: Statement
  try {
    statement = parseStatement(envelope.payload)
  } catch (thrown) {
    return { problems: [messageOf(thrown)] }
  }
  try {
    const provenance = readPredicate(statement.predicateType, statement.predicate)
    return { statement, ...(provenance === undefined ? {} : { provenance }), problems: [] }
  } catch (thrown) {
    return { statement, problems: [messageOf(thrown)] }
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof CountersignError) return thrown.message
  throw thrown
}

function describeStatement({ _type, predicateType, subject, predicate }: Statement): Inspection['statement'] {
  return {
    type: _type,
    predicateType,
    subjects: subject.map(({ name, digest }) => ({ ...(name === undefined ? {} : { name }), digest })),
    ...(predicate === undefined ? {} : { predicate }),
  }
}
