/** What counts no more, whatever else holds. No severity and no waiver weakens these (`read-policy`). */
import type { PolicyRule } from '../row.ts'
import { commit } from './commit.ts'
import { digest } from './digest.ts'
import { model } from './model.ts'
import { run } from './run.ts'
import { session } from './session.ts'
import { signer } from './signer.ts'

export const revokedRules: readonly PolicyRule[] = [digest, commit, run, signer, session, model]
