/** AI sessions as they stand in provenance: one ResourceDescriptor each (DESIGN §4), and the summary of the range. */
import { isDigest } from '../model/digest.ts'
import { attributionSummary, sessionAnnotation } from '../model/session.ts'
import type { AttributionSummary, Session } from '../model/session.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { withoutNulls } from './absent-members.ts'

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
  return {
    name: id === undefined ? `ai-session/${annotation.tool}` : `ai-session/${annotation.tool}/${id}`,
    uri: sessionUri(annotation.tool, id),
    ...(digest === undefined || annotation.level === 'claimed'
      ? {}
      : { digest: { sha256: digest.sha256 }, mediaType: sessionMediaType }),
    annotations: { countersign: annotation },
  }
}

/** What a session is called wherever it is named; a tool without one has a URI of its own kind. */
export function sessionUri(tool: string, id: string | undefined): string {
  const name = encodeURIComponent(tool)
  return id === undefined ? `${toolScheme}${name}` : `${sessionScheme}${name}:${encodeURIComponent(id)}`
}

/** The tool in such a URI; undefined in another text. */
export function toolOfUri(uri: string): string | undefined {
  const [scheme] = [sessionScheme, toolScheme].filter((it) => uri.startsWith(it))
  const [name = ''] = scheme === undefined ? [] : uri.slice(scheme.length).split(':', 1)
  return name === '' ? undefined : decode(name)
}

/**
 * Descriptor → session; undefined for a descriptor that is none. Signed by whoever signed the statement: a verifier shows
 * the level that they gave it and adds nothing.
 */
export function readSession(descriptor: ResourceDescriptor): Session | undefined {
  const { uri = '' } = descriptor
  if (!uri.startsWith(sessionScheme) && !uri.startsWith(toolScheme)) return undefined
  const parsed = sessionAnnotation.safeParse(withoutNulls(descriptor.annotations?.['countersign'], 'parent'))
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

/**
 * Sessions that are named and of which nothing else can be read, as a later version may write them: each is what is least known of one.
 * Left out, they would be none.
 */
export function unreadSessions(dependencies: readonly ResourceDescriptor[]): Session[] {
  return dependencies.flatMap((it) => {
    const { uri = '' } = it
    const isNamed = uri.startsWith(sessionScheme) || uri.startsWith(toolScheme)
    if (!isNamed || readSession(it) !== undefined) return []
    const tool = toolOfUri(uri) ?? 'unknown'
    const [, id] = uri.startsWith(sessionScheme) ? uri.slice(sessionScheme.length).split(':', 2) : []
    const named = id === undefined ? { tool } : { tool, id: decode(id) }
    return [{ ...named, level: 'claimed', models: [], commits: [], linkage: 'direct', readers: [] }]
  })
}

const changesName = 'change-provenance'

/** The statement of changes that belongs to this one, by its bytes: payload of a DSSE envelope. */
export function changesDescriptor(sha256: string): ResourceDescriptor {
  return { name: changesName, digest: { sha256 }, mediaType: 'application/vnd.in-toto+json' }
}

/** SHA-256 of the statement of changes that a provenance names; undefined for another dependency. */
export function readChangesDigest({ name, digest }: ResourceDescriptor): string | undefined {
  const sha256 = name === changesName ? digest?.['sha256'] : undefined
  return sha256 !== undefined && isDigest('sha256', sha256) ? sha256 : undefined
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
  const parsed = attributionSummary.safeParse(withoutNulls(descriptor.annotations?.['countersign']))
  return parsed.success ? parsed.data : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
