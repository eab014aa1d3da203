/**
 * The verified evidence about one artifact as one plain document: what rules of a policy's own are written over (CEL), and what another
 * engine is given in place of them. Published as `schemas/policy-input/v1`. Null is "nobody looked", an empty list "there is
 * none".
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { aiConfiguration } from './ai-configuration.ts'
import { parseJson } from './json.ts'
import { limits } from './limits.ts'
import { attributionSummary, session } from './session.ts'
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

/**
 * A document as another program has it → the same, and what it says of AI as the rules about AI see it. Whoever wrote it signed nothing: it is
 * for trying rules on (`policy test`), and never for a verdict. Errors: `json-*`, `policy-tests-malformed`.
 */
export function parsePolicyInput(bytes: Uint8Array): { readonly input: PolicyInput; readonly ai: AiEvidence } {
  parseJson(bytes, 'the document', limits.policyInputBytes)
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes), exactly as Parameters<typeof JSON.parse>[1])
  const read = z.looseObject({ type: z.literal(policyInputType), now: z.string(), ai: aiDocument() }).safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    const member = issue?.path.map(String).join('.').slice(0, 200) ?? ''
    throw new CountersignError('policy-tests-malformed', `the document is no policy input: ${member}`)
  }
  const { branch, ...ai } = read.data.ai
  const told = Object.fromEntries(Object.entries({ ...ai, branch }).map(([name, it]) => [name, it ?? undefined]))
  return { input: value as PolicyInput, ai: told as unknown as AiEvidence }
}

/** As much of it as every rule relies on. */
const aiDocument = () =>
  z.object({
    sessions: z.nullable(z.array(session)),
    changes: z.nullable(
      z.array(
        z.looseObject({
          commit: z.string(),
          context: z.looseObject({}),
          sessions: z.optional(z.array(z.looseObject({ uri: z.string() }))),
          lines: z.optional(lines()),
          files: z.optional(z.array(z.extend(lines(), { path: z.string() }))),
        }),
      ),
    ),
    total: z.nullable(z.number()),
    attribution: z.nullable(attributionSummary),
    readers: z.nullable(z.array(z.object({ reader: z.string(), outcome: z.string() }))),
    configuration: z.nullable(aiConfiguration),
    branch: z.nullable(z.unknown()),
  })

const lines = () => z.looseObject({ ai: z.number(), human: z.number(), unknown: z.number(), generated: z.number() })

/** A whole number beyond what a double holds stays the number that was signed. The payload was parsed with its bounds before. */
function exactly(_: string, value: unknown, { source }: { readonly source?: string }): unknown {
  const isWhole = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
  return isWhole ? BigInt(source ?? '') : value
}
