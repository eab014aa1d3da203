// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { claudeCodeSelfHosted } from './claude-code-self-hosted.ts'
import type { VendorRow } from './row.ts'

export const vendorRows: readonly VendorRow[] = [claudeCodeSelfHosted]
