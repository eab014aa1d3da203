/** The rules about AI, in the order in which they are reported. */
import type { AiRule } from '../row.ts'
import { claims } from './claims.ts'
import { configurations } from './configurations.ts'
import { disclosure } from './disclosure.ts'
import { humanReview } from './human-review.ts'
import { iterations } from './iterations.ts'
import { levels } from './levels.ts'
import { mcpServers } from './mcp-servers.ts'
import { models } from './models.ts'
import { readers } from './readers.ts'
import { receiptIssuers } from './receipt-issuers.ts'
import { share } from './share.ts'
import { subagents } from './subagents.ts'
import { telling } from './told.ts'
import { tools } from './tools.ts'

const all: readonly AiRule[] = [
  ...[tools, models, mcpServers, configurations],
  ...[levels, receiptIssuers],
  ...[share, humanReview],
  ...[iterations, subagents],
  ...[claims, readers, disclosure],
]

export const aiRules = all.map(telling)
