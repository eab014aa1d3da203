/** The rules over verified statements, one row each, in the order in which they are reported. Nothing here verifies a signature. */
import { inputs, predicateType, runner, trigger } from './accepted.ts'
import { askedRule } from './asked.ts'
import { extensionsAgree } from './certificate.ts'
import { externalParameters, provenanceEqualsCertificate } from './provenance.ts'
import { builtCommit, cleanTree, releasedRange } from './source-tree.ts'
import { deploymentEqualsCertificate, deploymentState, deploymentTime } from './deployment.ts'
import { rebuildDigest, rebuildEqualsCertificate, rebuildOutcome, rebuildTime } from './rebuild-comparison.ts'
import type { RuleRow } from './row.ts'
import { verificationResult } from './verification-summary.ts'

export const ruleRows: readonly RuleRow[] = [
  predicateType,
  askedRule('issuer'),
  askedRule('signer'),
  extensionsAgree,
  askedRule('workflow'),
  askedRule('source'),
  askedRule('ref'),
  askedRule('commit'),
  askedRule('sourceId'),
  askedRule('ownerId'),
  askedRule('signerDigest'),
  askedRule('sourceTag'),
  askedRule('builderId'),
  trigger,
  runner,
  inputs,
  builtCommit,
  cleanTree,
  releasedRange,
  provenanceEqualsCertificate,
  externalParameters,
  verificationResult,
  askedRule('environment'),
  deploymentEqualsCertificate,
  deploymentTime,
  deploymentState,
  rebuildEqualsCertificate,
  rebuildDigest,
  rebuildTime,
  rebuildOutcome,
]
