/** The flags that say whose signatures of commits and records count, for every command that looks at them. */
import type { Command } from 'commander'
import type { StatementRequest } from '../../attest.ts'
import { repeated } from '../flags.ts'

type SignersRequest = Pick<
  StatementRequest,
  'allowedSigners' | 'forgeSigners' | 'keyring' | 'allowedIdentities' | 'recordAttestations'
>

/** The flags as commander gives them. */
export interface SignerFlags {
  readonly allowedSigners?: string
  readonly forgeSigners?: string
  readonly keyring?: string
  readonly allowedIdentity?: string[]
  readonly recordAttestations?: string
}

/** Adds them. */
export function withSignerOptions(command: Command): Command {
  return command
    .option('--allowed-signers <FILE>', 'people whose SSH signatures of commits count, as ssh-keygen(1) lists them')
    .option('--forge-signers <FILE>', 'SSH keys of your own forge, in the same form: they make nobody a person')
    .option('--keyring <FILE>', 'OpenPGP keys of people whose signatures of commits count; needs gpgv')
    .option(
      '--allowed-identity <ISSUER=NAME>',
      'a person or platform whose signatures under Sigstore certificates (gitsign) count, repeatable',
      repeated,
    )
    .option('--record-attestations <FILE>', 'Sigstore bundles in which these signed records of sessions')
}

/** Flags → the part of a request. */
export function signersRequest({
  allowedSigners,
  forgeSigners,
  keyring,
  allowedIdentity,
  recordAttestations,
}: SignerFlags): SignersRequest {
  return {
    ...(allowedSigners === undefined ? {} : { allowedSigners }),
    ...(forgeSigners === undefined ? {} : { forgeSigners }),
    ...(keyring === undefined ? {} : { keyring }),
    ...(allowedIdentity === undefined ? {} : { allowedIdentities: allowedIdentity }),
    ...(recordAttestations === undefined ? {} : { recordAttestations }),
  }
}
