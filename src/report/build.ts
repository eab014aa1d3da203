/** What a job says of its own build beside what the certificate says, as every text view shows it. */
import type { AiConfiguration } from '../model/ai-configuration.ts'
import { aiConfigurationWords } from '../model/ai-configuration-words.ts'
import { contextWords } from '../model/context-counts.ts'
import type { ContextCounts } from '../model/context-counts.ts'
import type { DeploymentSummary } from '../model/deployment-summary.ts'
import type { SignedReasoningLog } from '../model/reasoning-log.ts'
import { treeWords } from '../model/source-tree.ts'
import type { SourceAnnotation } from '../model/source-tree.ts'
import type { RebuildSummary } from '../model/rebuild-summary.ts'
import { deploymentFields } from './deployment.ts'
import { rebuildFields } from './rebuild.ts'
import { cell } from './table.ts'

/** The part of a summary or an inspection that is shown here. */
export interface OwnWords {
  readonly aiConfiguration?: AiConfiguration | undefined
  readonly tree?: SourceAnnotation | undefined
  readonly builtCommit?: string | undefined
  readonly preparedIn?: string | undefined
  readonly reasoningLog?: SignedReasoningLog | undefined
  readonly context?: ContextCounts | undefined
  readonly deployment?: DeploymentSummary | undefined
  readonly rebuild?: RebuildSummary | undefined
}

/** Names and values; empty where there is nothing that a person should know. */
export function buildFields({
  aiConfiguration,
  tree,
  builtCommit,
  preparedIn,
  reasoningLog,
  context,
  deployment,
  rebuild,
}: OwnWords): (readonly [string, string])[] {
  const words = tree === undefined ? '' : treeWords(tree)
  return [
    ...(deployment === undefined ? [] : deploymentFields(deployment)),
    ...(rebuild === undefined ? [] : rebuildFields(rebuild)),
    ...(builtCommit === undefined
      ? []
      : ([['built', `${cell(builtCommit)}, a commit that the job made, as it says itself`]] as const)),
    ...(words === '' ? [] : ([['work tree', cell(words)]] as const)),
    ...(preparedIn === undefined ? [] : ([['prepared in', `${cell(preparedIn)}, as the job says`]] as const)),
    ...(reasoningLog === undefined ? [] : ([['reasoning log', reasoningWords(reasoningLog)]] as const)),
    ...(aiConfiguration === undefined
      ? []
      : ([['AI configuration', cell(aiConfigurationWords(aiConfiguration))]] as const)),
    ...(context === undefined ? [] : contextWords(context).map(([name, words]) => [name, cell(words)] as const)),
  ]
}

function reasoningWords({ sha256, mediaType }: SignedReasoningLog): string {
  return cell(`sha256:${sha256}${mediaType === undefined ? '' : ` (${mediaType})`}, as the job says`)
}
