/** The rules of a policy, one row each, in the order in which they are reported: what is revoked before everything else. */
import { aiRules } from './ai/index.ts'
import { identityRules } from './identity/signers.ts'
import { provenanceRules } from './provenance/index.ts'
import { revokedRules } from './revoked/index.ts'
import type { PolicyRule } from './row.ts'

export const policyRules: readonly PolicyRule[] = [...revokedRules, ...identityRules, ...provenanceRules, ...aiRules]
