/** The flags of `verify` that have a summary of its verdict signed (`--vsa`). */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { kebab, repeated } from '../flags.ts'
import type { SignerFlags } from './receipt-signer-flags.ts'

/** The flags as commander gives them. */
export interface SummaryFlags extends SignerFlags {
  readonly vsa?: string
  readonly resourceUri?: string
  readonly verifierId?: string
  readonly vsaSigstore?: string
  readonly identityTokenFile?: string
  readonly publishPrivate?: true
  readonly overwrite?: true
  readonly append?: true
}

/** Adds them. */
export function withSummaryOptions(command: Command): Command {
  return command
    .optionsGroup('To sign a summary of the verdict (SLSA VSA):')
    .option('--vsa <FILE>', 'verify one artifact, and write a signed summary of the verdict there')
    .option(
      '--resource-uri <URI>',
      'with --vsa: where the artifact is fetched from, as those who ask will say (required)',
    )
    .option('--verifier-id <URI>', 'who verified (default: the identity that signs; needed with a key)')
    .option('--vsa-sigstore <NAME>', 'who signs it: public (default in CI), local, or a ClientTrustConfig file')
    .option('--identity-token-file <FILE>', 'OIDC token, where the CI provider writes one')
    .option('--publish-private', 'write the name of a private repository to the public log')
    .option('--key-file <FILE>', 'sign with this private key of P-256 or Ed25519, PEM or JWK, in place of an identity')
    .option('--signer-command <PROGRAM>', 'sign by a program that reads the bytes and writes the bare signature')
    .option('--signer-argument <TEXT>', 'of that program, repeatable', repeated)
    .option('--public-key <FILE>', 'with a program: its public key, PEM or JWK')
    .option('--key-id <NAME>', 'name of the key (default: that of the JWK, else its thumbprint)')
    .option('--overwrite', 'replace the file if it is there')
    .option('--append', 'add the summary as a line if the file is there')
}

const belonging = [
  ...(['resourceUri', 'verifierId', 'vsaSigstore', 'identityTokenFile', 'publishPrivate', 'keyFile'] as const),
  ...(['signerCommand', 'signerArgument', 'publicKey', 'keyId', 'overwrite', 'append'] as const),
] as const

/** Whether a summary is asked for. Error: `usage` (a flag that says nothing without one). */
export function asksSummary<T extends SummaryFlags>(flags: T): flags is T & { readonly vsa: string } {
  if (flags.vsa !== undefined) return true
  const stray = belonging.find((it) => flags[it] !== undefined)
  if (stray === undefined) return false
  throw new CountersignError('usage', `--${kebab(stray)} belongs to --vsa`, { option: 'vsa' })
}
