// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { anthropicCompliance } from './anthropic-compliance.ts'
import { cloudflareAiGateway } from './cloudflare-ai-gateway.ts'
import { coder } from './coder.ts'
import { contract } from './contract.ts'
import { githubAuditLog } from './github-audit-log.ts'
import { litellm } from './litellm.ts'
import { openaiCompliance } from './openai-compliance.ts'
import type { PortalRow } from './row.ts'

export const portalRows: readonly PortalRow[] = [
  anthropicCompliance,
  cloudflareAiGateway,
  coder,
  contract,
  githubAuditLog,
  litellm,
  openaiCompliance,
]
