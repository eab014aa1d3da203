/** What was verified, or what bundles claim → lineage. */
import { sha256Hex } from '../model/digest.ts'
import type { Evidence } from '../model/evidence.ts'
import type { Inspection } from '../model/inspection.ts'
import type { Lineage } from '../model/lineage.ts'
import { readPredicate } from '../predicates/read.ts'
import { lineageOf } from './lineage.ts'
import type { LineageStatement } from './lineage.ts'

/**
 * The lineage of an artifact whose evidence passed a question: where it was built, which changes went into it, which AI sessions wrote
 * them, who asked for them, reviewed them and let them in. It says no more than what was signed.
 *
 * @example
 * ```ts
 * import { verify } from 'countersign'
 * import { lineageOfEvidence } from 'countersign/graph'
 *
 * const question = { repo: 'acme/widget', workflow: 'release.yml', issuer: 'https://oidc.countersign.localhost' }
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * const { nodes, edges, basis } = lineageOfEvidence(await verify({ artifact: 'dist/app.tgz', trust, question }))
 * console.log(basis, nodes.length, edges.length) // verified …
 * ```
 */
export function lineageOfEvidence({ statements }: Evidence): Lineage {
  return lineageOf(
    statements.map(({ signed, statement, predicate }): LineageStatement => ({
      subjects: statement.subject,
      sha256: sha256Hex(signed.envelope.payload),
      signer:
        signed.signatory.kind === 'certificate' ? signed.signatory.identity.subjectAlternativeName?.value : undefined,
      predicate,
    })),
    'verified',
  )
}

/**
 * The same of what bundles claim, and nobody verified. Error: `predicate-malformed`.
 *
 * @example
 * ```ts
 * import { inspectFile } from 'countersign/inspect'
 * import { lineageOfInspections } from 'countersign/graph'
 *
 * const lineage = lineageOfInspections(await inspectFile('dist/app.tgz'))
 * console.log(lineage.basis, lineage.gaps.length) // claimed …
 * ```
 */
export function lineageOfInspections(inspections: readonly Inspection[]): Lineage {
  return lineageOf(
    inspections.flatMap(({ statement, signer }): LineageStatement[] =>
      statement === undefined
        ? []
        : [
            {
              sha256: undefined,
              subjects: statement.subjects.map(({ name, digest }) => ({ name, digest })),
              signer: signer.identity,
              predicate: readPredicate(statement.predicateType, statement.predicate),
            },
          ],
    ),
    'claimed',
  )
}
