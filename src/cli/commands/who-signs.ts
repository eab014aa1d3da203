/** The flags that say under which identity something is signed, for every command that signs in a job or for a person. */
import type { Command } from 'commander'
import { repeated } from '../flags.ts'

/** Adds them; `token` says what the file with the OIDC token is. */
export function withWhoSigns(command: Command, token = 'OIDC token, where the CI provider writes one'): Command {
  return command
    .optionsGroup('Who signs:')
    .option('--sigstore <NAME>', 'public (default in CI), local, or a ClientTrustConfig file')
    .option(
      '--local-state <DIR>',
      'with --sigstore local: its folder (default: one for this project in your state directory)',
    )
    .option('--identity-token-file <FILE>', token)
    .option('--audience <NAME>', 'audience of the token (default sigstore)')
    .option('--trust-issuer <URL>', 'a further issuer that the chosen Sigstore trusts, repeatable', repeated)
    .option('--publish-private', 'write the name of a private repository to the public log')
}

/** Adds that of how long services are tried. */
export function withRetryBudget(command: Command): Command {
  return command.option(
    '--retry-budget <TIME>',
    'time for signing with all its repetitions, as 90s or 5m (default 120s, at most 10m)',
  )
}
