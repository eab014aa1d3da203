/** AI sessions as they stand in provenance: one ResourceDescriptor each (DESIGN §4), and the summary of the range. */
import { isDigest } from '../model/digest.ts'
import { attributionSummary, sessionAnnotation } from '../model/session.ts'
import type { AttributionSummary, Session } from '../model/session.ts'
import type { ResourceDescriptor } from '../model/statement.ts'

export const sessionMediaType = 'application/vnd.countersign.ai-session+jsonl'

export const sessionScheme = 'urn:ai-session:'
/** In the place of a session that nobody named; in-toto wants one of URI, digest and content. */
const toolScheme = 'urn:ai-tool:'
export const summaryName = 'ai-attribution'

/**
 * Session → descriptor. A claim that names a tool but no session is called by its tool; only a session whose record was found has
 * a digest, and so a media type.
 */
export function sessionDescriptor({ id, digest, ...annotation }: Session): ResourceDescriptor {
  const tool = encodeURIComponent(annotation.tool)
  return {
    name: id === undefined ? `ai-session/${annotation.tool}` : `ai-session/${annotation.tool}/${id}`,
    uri: id === undefined ? `${toolScheme}${tool}` : `${sessionScheme}${tool}:${encodeURIComponent(id)}`,
    ...(digest === undefined || annotation.level === 'claimed'
      ? {}
      : { digest: { sha256: digest.sha256 }, mediaType: sessionMediaType }),
    annotations: { countersign: annotation },
  }
}

/**
 * Descriptor → session; undefined for a descriptor that is none. Signed by whoever signed the statement: a verifier shows
 * the level that they gave it and adds nothing.
 */
export function readSession(descriptor: ResourceDescriptor): Session | undefined {
  const { uri = '' } = descriptor
  if (!uri.startsWith(sessionScheme) && !uri.startsWith(toolScheme)) return undefined
  const parsed = sessionAnnotation.safeParse(descriptor.annotations?.['countersign'])
  if (!parsed.success) return undefined
  // What the descriptor says stands beside the annotation, whatever that has under the same names.
  const { id: _id, digest: _digest, ...annotation } = parsed.data
  const [, id] = uri.startsWith(sessionScheme) ? uri.slice(sessionScheme.length).split(':', 2) : []
  const sha256 = descriptor.digest?.['sha256']
  return {
    ...annotation,
    ...(id === undefined ? {} : { id: decode(id) }),
    ...(sha256 === undefined || !isDigest('sha256', sha256) ? {} : { digest: { sha256 } }),
  }
}

/** Summary → byproduct. */
export function summaryDescriptor(summary: AttributionSummary): ResourceDescriptor {
  return {
    name: summaryName,
    uri: `urn:git-range:${summary.range.since ?? ''}..${summary.range.until}`,
    annotations: { countersign: summary },
  }
}

/** Byproduct → summary; undefined if it is another one. */
export function readSummary(descriptor: ResourceDescriptor): AttributionSummary | undefined {
  if (descriptor.name !== summaryName) return undefined
  const parsed = attributionSummary.safeParse(descriptor.annotations?.['countersign'])
  return parsed.success ? parsed.data : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
