/** The AI configuration as it stands in provenance: one ResourceDescriptor, with a digest and counts, and without its files. */
import { aiConfigurationAnnotation } from '../model/ai-configuration.ts'
import type { AiConfiguration } from '../model/ai-configuration.ts'
import { isDigest } from '../model/digest.ts'
import { memberAt } from '../model/json.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { withoutNulls } from './absent-members.ts'

export const aiConfigurationName = 'ai-configuration'
/** With the edition behind it. */
const scheme = 'urn:ai-configuration:'
/** Of the text that has the digest. */
const mediaType = 'application/vnd.countersign.ai-configuration'

/** Member by member: what lies in the places is not signed by its names. */
export function aiConfigurationDescriptor({
  edition,
  digest,
  files,
  links,
  submodules,
  kinds,
  tools,
  mcpServers,
  unread,
}: AiConfiguration): ResourceDescriptor {
  return {
    name: aiConfigurationName,
    uri: `${scheme}${edition}`,
    digest: { sha256: digest.sha256 },
    mediaType,
    annotations: {
      countersign: {
        files,
        ...(links === undefined ? {} : { links }),
        ...(submodules === undefined ? {} : { submodules }),
        ...{ kinds, tools, mcpServers },
        ...(unread === undefined ? {} : { unread }),
      },
    },
  }
}

/**
 * Descriptor → configuration; undefined for one that is none. Of an annotation that is not of our form the digest counts all the same:
 * what steered agents is not hidden by it.
 */
export function readAiConfiguration({
  uri = '',
  digest,
  annotations,
}: ResourceDescriptor): AiConfiguration | undefined {
  if (!uri.startsWith(scheme)) return undefined
  const sha256 = digest?.['sha256']
  if (sha256 === undefined || !isDigest('sha256', sha256)) return undefined
  const said = withoutNulls(annotations?.['countersign'])
  const parsed = aiConfigurationAnnotation.safeParse(said)
  const files = memberAt(said, 'files')
  const counted = { files: typeof files === 'number' ? files : 0, kinds: {}, tools: {}, mcpServers: [] }
  // What the descriptor says stands beside the annotation, whatever that has under the same names.
  return { ...(parsed.success ? parsed.data : counted), edition: uri.slice(scheme.length), digest: { sha256 } }
}
