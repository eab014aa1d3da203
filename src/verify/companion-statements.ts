/**
 * A statement of changes is no provenance, and passes no question that asks for one; but where provenance that passes names its
 * very bytes, it belongs to it, and is held against the rest of the question.
 */
import { sha256Hex } from '../model/digest.ts'
import type { VerifiedStatement } from '../model/evidence.ts'
import type { Provenance } from '../model/predicate.ts'
import type { VerdictFinding } from '../model/verdict.ts'
import { contradictions } from '../policy/contradictions.ts'

export interface Named {
  readonly bundle: string
  readonly statement: VerifiedStatement
}

/** A statement of changes as the evidence about one artifact has it. */
export interface ChangesStatement extends Named {
  readonly sha256: string
}

/** What those whom a question admits say of one artifact. */
export interface Among {
  readonly passing: readonly Named[]
  /** Also statements of changes, which pass no question by themselves. */
  readonly admitted: readonly Named[]
}

/** What cannot all be true of it. */
export function contradicting({ passing, admitted }: Among): VerdictFinding[] {
  return [...contradictions(passing), ...changesContradicting(passing, changesAmong(admitted))]
}

/** What several questions admit, each statement once: of one bundle there is one, whichever question it answers. */
export function together(all: readonly Among[]): Among {
  const once = (named: readonly Named[]): Named[] => [...new Map(named.map((it) => [it.statement, it])).values()]
  return { passing: once(all.flatMap((it) => it.passing)), admitted: once(all.flatMap((it) => it.admitted)) }
}

/** Those among them, each with the digest of its bytes. */
export function changesAmong(statements: readonly Named[]): ChangesStatement[] {
  return statements.flatMap((it) =>
    it.statement.predicate.kind === 'change-provenance'
      ? [{ ...it, sha256: sha256Hex(it.statement.signed.envelope.payload) }]
      : [],
  )
}

/** Where provenance that passes and a statement of changes about the same artifact cannot both be believed. */
function changesContradicting(passing: readonly Named[], changes: readonly ChangesStatement[]): VerdictFinding[] {
  return passing.flatMap(({ bundle, statement }): VerdictFinding[] => {
    const { predicate } = statement
    if (predicate.kind !== 'build-provenance' || predicate.changeStatement === undefined) return []
    const own = changes.find((it) => it.sha256 === predicate.changeStatement)
    const others = changes.filter((it) => it.sha256 !== predicate.changeStatement)
    const of = (message: string, bundles: readonly Named[]): VerdictFinding => ({
      ...{ code: 'changes-contradict' as const, message },
      bundles: [bundle, ...bundles.map((it) => it.bundle)],
    })
    return [
      ...(own === undefined && others.length > 0
        ? [of(`the provenance names other changes than those given: sha256:${predicate.changeStatement}`, others)]
        : []),
      ...(own !== undefined && !isOfRange(own, predicate)
        ? [of('the statement of changes that the provenance names is of another range', [own])]
        : []),
    ]
  })
}

function isOfRange({ statement: { predicate } }: ChangesStatement, { attribution }: Provenance): boolean {
  if (predicate.kind !== 'change-provenance' || attribution === undefined) return false
  const { since, until } = predicate.range
  return since === attribution.range.since && until === attribution.range.until
}
