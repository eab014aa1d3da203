/** What each finding of a range means, whoever has it. */
import { aiConfigurationFindings } from '../ai-configuration/findings.ts'
import { walkFindings } from '../change/walk.ts'
import { signatureFindings } from '../signatures/index.ts'
import { recordAttestationFindings } from '../signatures/record-signers.ts'
import { joinFindings } from './join.ts'
import { portalFindings } from './portal.ts'
import { receiptFindings } from './receipts.ts'
import { transcriptFindings } from '../transcripts/findings.ts'
import { sessionReaders } from './readers/index.ts'

/** Code → meaning. */
export const findingMeanings: ReadonlyMap<string, string> = new Map(
  [
    ...sessionReaders.map(({ findings }) => findings),
    transcriptFindings,
    walkFindings,
    joinFindings,
    signatureFindings,
    recordAttestationFindings,
    portalFindings,
    receiptFindings,
    aiConfigurationFindings,
  ].flatMap((it) => Object.entries(it)),
)
