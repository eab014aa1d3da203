// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { buildkite } from './buildkite.ts'
import { circleci } from './circleci.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { local } from './local.ts'
import type { ProviderRow } from './row.ts'

export const providerRows: readonly ProviderRow[] = [buildkite, circleci, github, gitlab, local]
