/**
 * The verified evidence about one artifact as one plain document: what rules of a policy's own are written over (CEL), and what another
 * engine is given (`verify --format policy-input`). Published as `schemas/policy-input/v1`. Null is "nobody looked", an empty list "there is
 * none".
 */
import * as z from 'zod/mini'
import { summariseStatement } from './summary.ts'
import type { VerifiedStatement } from './evidence.ts'
import type { AiEvidence, PolicyEvidence } from './policy-evidence.ts'
import { attestationSummary } from './verdict.ts'

export const policyInputType = 'https://w3id.org/countersign/policy-input/v1'

const attestation = () =>
  z.extend(attestationSummary(), {
    /** The statement as it was signed; whole numbers of any size are whole. */
    statement: z.record(z.string(), z.unknown()),
  })

export const policyInput = () =>
  z.object({
    type: z.literal(policyInputType),
    /** RFC 3339, UTC: when this is asked. */
    now: z.string(),
    artifact: z.object({ name: z.string(), digest: z.record(z.string(), z.string()) }),
    /** The one that is looked at. */
    provenance: attestation(),
    /** All about the artifact that an admitted signer signed. */
    attestations: z.array(attestation()),
    /** By the names under which the policy asks for them. */
    companions: z.record(z.string(), z.array(attestation())),
    ai: z.object({
      sessions: z.nullable(z.array(z.unknown())),
      changes: z.nullable(z.array(z.unknown())),
      total: z.nullable(z.number()),
      attribution: z.nullable(z.unknown()),
      readers: z.nullable(z.array(z.object({ reader: z.string(), outcome: z.string() }))),
      configuration: z.nullable(z.unknown()),
      branch: z.nullable(z.unknown()),
    }),
  })
export type PolicyInput = z.infer<ReturnType<typeof policyInput>>

/** Evidence → document. Of several layers that ask under one name, all are there. */
export function policyInputOf({ now, artifact, provenance, statements, companions, ai }: PolicyEvidence): PolicyInput {
  const named = Map.groupBy(
    companions.flatMap((it) => [...it]),
    ([name]) => name,
  )
  return {
    type: policyInputType,
    now,
    artifact: { name: artifact.name, digest: { ...artifact.digest } },
    provenance: attestationOf(provenance),
    attestations: statements.map(attestationOf),
    companions: Object.fromEntries(
      [...named].map(([name, all]) => [name, all.flatMap(([, it]) => it.map(attestationOf))]),
    ),
    ai: aiInputOf(ai),
  }
}

/** The part of it that there is before anything is built, too. */
export function aiInputOf(ai: AiEvidence): PolicyInput['ai'] {
  return {
    sessions: ai.sessions === undefined ? null : [...ai.sessions],
    changes: ai.changes === undefined ? null : [...ai.changes],
    total: ai.total ?? null,
    attribution: ai.attribution ?? null,
    readers: ai.readers === undefined ? null : [...ai.readers],
    configuration: ai.configuration ?? null,
    branch: ai.branch ?? null,
  }
}

function attestationOf(statement: VerifiedStatement): PolicyInput['attestations'][number] {
  const text = new TextDecoder().decode(statement.signed.envelope.payload)
  const whole = JSON.parse(text, exactly as Parameters<typeof JSON.parse>[1]) as PolicyInput['provenance']['statement']
  return { ...summariseStatement(statement), statement: whole }
}

/** A whole number beyond what a double holds stays the number that was signed. The payload was parsed with its bounds before. */
function exactly(_: string, value: unknown, { source }: { readonly source?: string }): unknown {
  const isWhole = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
  return isWhole ? BigInt(source ?? '') : value
}
