/** The table of mutants, a file a room. */
import { alerts } from './alerts.ts'
import { archives } from './archives.ts'
import { attest } from './attest.ts'
import { buildTypes } from './build-types.ts'
import { capture } from './capture.ts'
import { change } from './change.ts'
import { collect } from './collect.ts'
import { config } from './config.ts'
import type { Edit } from './edit.ts'
import { entire } from './entire.ts'
import { forge } from './forge.ts'
import { gate } from './gate.ts'
import { graph } from './graph.ts'
import { marks } from './marks.ts'
import { model } from './model.ts'
import { platform } from './platform.ts'
import { policyAi } from './policy-ai.ts'
import { policyCommands } from './policy-commands.ts'
import { policyAttacks } from './policy-attacks.ts'
import { policyEvidence } from './policy-evidence.ts'
import { policy } from './policy.ts'
import { portals } from './portals.ts'
import { predicates } from './predicates.ts'
import { providers } from './providers.ts'
import { receipts } from './receipts.ts'
import { remotes } from './remotes.ts'
import { reportAndCli } from './report-and-cli.ts'
import { sessionRecords } from './session-records.ts'
import { sessions } from './sessions.ts'
import { shortWays } from './short-ways.ts'
import { signatures } from './signatures.ts'
import { sigstoreSign } from './sigstore-sign.ts'
import { sigstoreToken } from './sigstore-token.ts'
import { sigstoreTrust } from './sigstore-trust.ts'
import { sigstoreVerify } from './sigstore-verify.ts'
import { source } from './source.ts'
import { store } from './store.ts'
import { summaries } from './summaries.ts'
import { tickets } from './tickets.ts'
import { transcripts } from './transcripts.ts'
import { verify } from './verify.ts'
import { viewsOfVerdicts } from './views.ts'
import { waivers } from './waivers.ts'

export const edits: readonly Edit[] = [
  ...sigstoreVerify,
  ...sigstoreTrust,
  ...sigstoreToken,
  ...sigstoreSign,
  ...policy,
  ...policyAi,
  ...policyCommands,
  ...policyAttacks,
  ...policyEvidence,
  ...waivers,
  ...buildTypes,
  ...predicates,
  ...model,
  ...verify,
  ...summaries,
  ...attest,
  ...collect,
  ...archives,
  ...capture,
  ...change,
  ...sessionRecords,
  ...sessions,
  ...shortWays,
  ...entire,
  ...transcripts,
  ...config,
  ...source,
  ...signatures,
  ...receipts,
  ...providers,
  ...platform,
  ...store,
  ...remotes,
  ...forge,
  ...tickets,
  ...gate,
  ...marks,
  ...graph,
  ...portals,
  ...reportAndCli,
  ...viewsOfVerdicts,
  ...alerts,
]
