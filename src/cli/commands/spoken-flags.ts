/** The flags of commands that sign a statement for which somebody speaks by name, and what such a command says at the end. */
import { relative } from 'node:path'
import type { Command } from 'commander'
import type { SpokenAttestation, SpokenRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { unsteering } from '../../report.ts'
import { milliseconds } from '../duration.ts'
import { withShortForm } from '../flags.ts'
import { say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { sigstoreChoice } from './sigstore-choice.ts'
import { withRetryBudget, withWhoSigns } from './who-signs.ts'

/** The flags as commander gives them. */
export interface SpokenFlags {
  readonly sigstore?: string
  readonly localState?: string
  readonly identityTokenFile?: string
  readonly audience?: string
  readonly trustIssuer?: string[]
  readonly publishPrivate?: true
  readonly retryBudget?: string
  readonly out?: string
  readonly overwrite?: true
  readonly append?: true
}

/** Adds them; `place` is the default one. */
export function withSpokenOptions(command: Command, place: string): Command {
  return withRetryBudget(withWhoSigns(command, 'OIDC token of a person or a job'))
    .optionsGroup('Output:')
    .option(withShortForm('--out <PATH>'), `file or folder of the bundle (default: ${place})`)
    .option('--overwrite', 'replace the file if it is there')
    .option('--append', 'add the bundle as a line if the file is there')
}

/** Error: `usage`. */
export function spokenRequest(flags: SpokenFlags, terminal: Terminal): SpokenRequest {
  const { identityTokenFile, audience, trustIssuer, publishPrivate, retryBudget, out, overwrite, append } = flags
  if (overwrite === true && append === true) {
    throw new CountersignError('usage', '--overwrite and --append do not go together')
  }
  const whenPresent = overwrite === true ? 'replace' : append === true ? 'append' : 'refuse'
  const sigstore = sigstoreChoice(flags)
  return {
    ...(sigstore === undefined ? {} : { sigstore }),
    ...(identityTokenFile === undefined ? {} : { identityTokenFile }),
    ...(audience === undefined ? {} : { audience }),
    ...(trustIssuer === undefined ? {} : { issuers: trustIssuer }),
    ...(publishPrivate === undefined ? {} : { publishPrivate }),
    ...(retryBudget === undefined ? {} : { retryBudget: milliseconds(retryBudget, '--retry-budget') }),
    out: { ...(out === undefined ? {} : { path: out }), whenPresent },
    world: worldOf(terminal),
  }
}

/** The value is the path; what was done, and as whom, is talk. Gives that path. */
export function saySigned(
  { notes, signer, signedBefore, written = '' }: SpokenAttestation,
  what: string,
  { sigstore }: SpokenFlags,
  terminal: Terminal,
): string {
  for (const note of notes) say(terminal, `note: ${note}`)
  const short = relative(terminal.cwd, written)
  const path = unsteering(short.startsWith('..') ? written : short)
  terminal.stdout.write(`${path}\n`)
  say(terminal, `${signedBefore === true ? 'signed before' : 'signed'} ${what}, as ${unsteering(signer)}`)
  if (sigstore === 'local') say(terminal, 'note: the embedded Sigstore signed; that proves nothing to others')
  return path
}
