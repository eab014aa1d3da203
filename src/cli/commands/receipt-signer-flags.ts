/** The flags that say who signs receipts. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { commandSigner, keyFileSigner, publicKeyFile } from '../../vouch.ts'
import type { ReceiptSigner } from '../../vouch.ts'
import { repeated } from '../flags.ts'
import { worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

/** The flags as commander gives them. */
export interface SignerFlags {
  readonly keyFile?: string
  readonly publicKey?: string
  readonly keyId?: string
  readonly signerCommand?: string
  readonly signerArgument?: string[]
}

/** Adds them. */
export function withSignerOptions(command: Command): Command {
  return command
    .option('--key-file <FILE>', 'private key of P-256 or Ed25519, PEM or JWK, which its owner alone can read')
    .option('--signer-command <PROGRAM>', 'a program that reads what is to be signed and writes the bare signature')
    .option('--signer-argument <TEXT>', 'of that program, repeatable', repeated)
    .option('--public-key <FILE>', 'with a program: its public key, PEM or JWK')
    .option('--key-id <NAME>', 'name of the key in the key set (default: that of the JWK, else its thumbprint)')
}

/** Error: `usage`, and those of keys. */
export async function signerOf(command: string, flags: SignerFlags, terminal: Terminal): Promise<ReceiptSigner> {
  const { keyFile, signerCommand, signerArgument = [], publicKey, keyId } = flags
  if ((keyFile === undefined) === (signerCommand === undefined)) {
    throw new CountersignError('usage', `${command} takes --key-file or --signer-command`)
  }
  if (signerCommand === undefined) {
    const other = publicKey !== undefined ? '--public-key' : signerArgument.length > 0 ? '--signer-argument' : undefined
    if (other !== undefined) throw new CountersignError('usage', `${other} belongs to --signer-command`)
    return keyFileSigner(resolve(terminal.cwd, keyFile ?? ''), keyId)
  }
  if (publicKey === undefined) {
    throw new CountersignError('usage', '--signer-command needs --public-key: what it signs is held against that')
  }
  const key = await publicKeyFile(resolve(terminal.cwd, publicKey), keyId)
  return commandSigner(key, [signerCommand, ...signerArgument], worldOf(terminal))
}
