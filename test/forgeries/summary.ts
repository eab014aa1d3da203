/** Forgers of verification summaries: whoever asks `vsa-verify` asks for the verifier, the resource and the level. */
import { keyedEnvelope, resourceUri, summaryStatement, verifierId, verifierKey } from '../world/summary.ts'
import type { EditableSummary, VerifierKey } from '../world/summary.ts'
import { handsOverSummary } from './ask.ts'
import type { Forgery } from './row.ts'

const key = verifierKey()

const asked = {
  question: { key: key.pem },
  summary: { verifierId, resourceUri, levels: ['SLSA_BUILD_LEVEL_2'] },
}

function summary(
  id: string,
  forger: string,
  stoppedBy: readonly string[],
  edit: (it: EditableSummary) => unknown,
  signer: VerifierKey = key,
): Forgery {
  return {
    ...{ id, forger, stoppedBy },
    make: (scene) => {
      const [forged, genuine] = [keyedEnvelope(summaryStatement(edit), signer), keyedEnvelope(summaryStatement(), key)]
      return Promise.resolve(handsOverSummary(scene, forged, genuine, asked))
    },
  }
}

export const summaryForgeries: readonly Forgery[] = [
  summary(
    '37b',
    'presents a verification summary whose verifier was asked about another resource',
    ['resource-uri resource-mismatch'],
    (it) => (it.predicate.resourceUri = 'https://downloads.acme.example/beta/app.tgz'),
  ),
  summary(
    '37c',
    'signs a summary in the name of a verifier whose key they do not have',
    ['signature signature-invalid'],
    () => undefined,
    verifierKey(),
  ),
  summary('37d', 'has a key of one verifier, and a summary of another', ['verifier verifier-mismatch'], (it) => {
    it.predicate.verifier.id = 'https://other.example'
  }),
  summary('37e', 'presents a summary of a lower level', ['verified-levels level-missing'], (it) => {
    it.predicate.verifiedLevels = ['SLSA_BUILD_LEVEL_1']
  }),
  summary('37f', 'invents a level that begins like those of SLSA', ['verified-levels levels-malformed'], (it) => {
    it.predicate.verifiedLevels.push('SLSA_AI_LEVEL_3')
  }),
]
