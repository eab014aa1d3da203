/** What a caller gives as the source of trust, who may be held to no type: JavaScript, or a configuration. */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { TrustSource } from './trust-source.ts'

const options = {
  network: z.optional(z.literal('none')),
  refreshTimeout: z.optional(z.number()),
  staleTrust: z.optional(z.enum(['allow', 'show'])),
}

const ofKind = {
  public: z.strictObject({ kind: z.literal('public'), ...options }),
  github: z.strictObject({ kind: z.literal('github'), trustDomain: z.optional(z.string()), ...options }),
  tuf: z.strictObject({ kind: z.literal('tuf'), mirror: z.string(), root: z.string(), ...options }),
  file: z.strictObject({ kind: z.literal('file'), path: z.string() }),
  imported: z.strictObject({ kind: z.literal('imported'), name: z.string() }),
  json: z.strictObject({ kind: z.literal('json'), json: z.unknown(), origin: z.string() }),
  any: z.strictObject({ kind: z.literal('any'), sources: z.array(z.unknown()) }),
} as const satisfies { readonly [kind in TrustSource['kind']]: z.ZodMiniType }

/** Nothing of it is taken for another source: a misspelt one would decide whom to trust. Error: `usage`. */
export function refuseOtherTrust(given: unknown): void {
  const kind = typeof given === 'object' && given !== null && 'kind' in given ? given.kind : undefined
  if (typeof kind !== 'string' || !Object.hasOwn(ofKind, kind)) {
    const found =
      kind === undefined
        ? 'has no kind'
        : `is no ${typeof kind === 'string' ? JSON.stringify(kind.slice(0, 100)) : typeof kind}`
    throw refused(`where trust comes from ${found}`, `one of ${Object.keys(ofKind).join(', ')}`)
  }
  const read = ofKind[kind as keyof typeof ofKind].safeParse(given)
  if (read.success) {
    if (read.data.kind === 'any') read.data.sources.forEach(refuseOtherTrust)
    return
  }
  const [issue] = read.error.issues
  const members = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path.map(String) ?? [])
  throw refused(
    `trust of the kind ${kind} has a member that it cannot have, or lacks one: ${members.join('.').slice(0, 100)}`,
    `its members are ${Object.keys(ofKind[kind as keyof typeof ofKind].def.shape).join(', ')}`,
  )
}

function refused(message: string, hint: string): CountersignError {
  return new CountersignError('usage', message, { option: 'trust', hint })
}
