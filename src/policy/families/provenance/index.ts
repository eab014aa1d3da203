/** What provenance must say, and what must stand beside it. */
import type { PolicyRule } from '../row.ts'
import { age } from './age.ts'
import { buildLevel } from './build-level.ts'
import { buildTypes } from './build-types.ts'
import { companions } from './companions.ts'
import { inputs } from './inputs.ts'
import { parameters } from './parameters.ts'
import { predicateTypes } from './predicate-types.ts'
import { range } from './range.ts'
import { rebuilders } from './rebuilders.ts'
import { sourceChain } from './source-chain.ts'
import { witnesses } from './cosignatures.ts'
import { logEntries, timestamps } from './witnesses.ts'

export const provenanceRules: readonly PolicyRule[] = [
  predicateTypes,
  buildTypes,
  parameters,
  inputs,
  buildLevel,
  age,
  logEntries,
  timestamps,
  witnesses,
  companions,
  sourceChain,
  rebuilders,
  range,
]
