/** `countersign redact --record`: takes something out of a session record that is there, and says so under a signature. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { redactRecord } from '../../attest.ts'
import type { RecordRedactionRequest, RedactedRecord } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { unsteering } from '../../report.ts'
import { milliseconds } from '../duration.ts'
import { repeated } from '../flags.ts'
import { statusOn } from '../progress.ts'
import { readStandardInput } from '../standard-input.ts'
import { say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { sigstoreChoice, sigstoreTrust } from './sigstore-choice.ts'
import type { SpokenFlags } from './spoken-flags.ts'
import { withRetryBudget, withWhoSigns } from './who-signs.ts'

/** The flags as commander gives them. */
export interface RecordRedactionFlags extends Omit<SpokenFlags, 'out' | 'overwrite' | 'append'> {
  readonly record?: string
  readonly reason?: string
  readonly words?: string
  readonly rows?: string[]
  readonly sign?: 'ssh' | 'sigstore'
  readonly signingKey?: string
  readonly publishIdentity?: true
  readonly allowedSigners?: string
  readonly allowedIdentity?: string[]
  readonly push?: string
  readonly removeOld?: true
}

/** Adds them. */
export function withRecordRedaction(command: Command): Command {
  command
    .optionsGroup('A session record that is there:')
    .option('--record <DIGEST>', 'take something out of this record, by a new one that says what it replaces')
    .option('--reason <TEXT>', 'why; signed, and shown wherever the old record is missing')
    .option('--words <FILE>', 'words that have to go, a line each, or - for standard input')
    .option('--rows <N[-M]>', 'rows that have to go as a whole, from 1, repeatable', repeated)
    .option('--push <REMOTE>', 'send the new record there; with --remove-old take the old one away there')
    .option('--remove-old', 'take the old record away, once the new one is there and its signature counts')
    .option('--allowed-signers <FILE>', 'whose SSH signatures of records count, as ssh-keygen(1) lists them')
    .option('--allowed-identity <ISSUER=NAME>', 'whose Sigstore signatures of records count, repeatable', repeated)
    .optionsGroup('Who signs:')
    .addOption(
      new Option('--sign <HOW>', 'ssh: by your SSH key; sigstore: under your identity (default: ssh)').choices([
        'ssh',
        'sigstore',
      ]),
    )
    .option('--signing-key <FILE>', 'the SSH key (default: user.signingkey of git)')
    .option('--publish-identity', 'with sigstore: your address may stand in a public log for ever')
  return withRetryBudget(withWhoSigns(command, 'OIDC token of a person or a job'))
}

/** The names of those flags: nothing of them is of a file. */
export const recordRedactionFlags = [
  ...(['reason', 'words', 'rows', 'push', 'removeOld', 'allowedSigners', 'allowedIdentity'] as const),
  ...(['sign', 'signingKey', 'publishIdentity', 'sigstore', 'localState', 'identityTokenFile'] as const),
  ...(['audience', 'trustIssuer', 'publishPrivate', 'retryBudget'] as const),
] as const satisfies readonly (keyof RecordRedactionFlags)[]

/** Errors: `usage`, and those of `redactRecord`. */
export async function redactOneRecord(
  record: string,
  flags: RecordRedactionFlags,
  terminal: Terminal,
  format: 'text' | 'json',
): Promise<void> {
  const { reason } = flags
  if (reason === undefined) throw new CountersignError('usage', '--record needs a reason (--reason)')
  const status = statusOn(terminal.stderr, terminal.now)
  try {
    const made = await redactRecord({
      ...(await requestOf(flags, terminal)),
      ...{ record: record.replace(/^sha256:/, ''), reason },
      world: worldOf({ ...terminal, progress: status.show }),
    })
    status.clear()
    if (format === 'json') terminal.stdout.write(`${JSON.stringify(made)}\n`)
    else terminal.stdout.write(`${made.digest}\n`)
    sayRedacted(record.replace(/^sha256:/, ''), made, flags, terminal)
  } finally {
    status.clear()
  }
}

async function requestOf(
  flags: RecordRedactionFlags,
  terminal: Terminal,
): Promise<Omit<RecordRedactionRequest, 'record' | 'reason' | 'world'>> {
  const { words, rows, sign, signingKey, publishIdentity, allowedSigners, allowedIdentity, push, removeOld } = flags
  const { identityTokenFile, audience, trustIssuer, publishPrivate, retryBudget } = flags
  const sigstore = sigstoreChoice(flags)
  const trust = await sigstoreTrust(flags, terminal)
  return {
    ...(words === undefined
      ? {}
      : { words: words === '-' ? await readStandardInput(terminal, wordsBytes, 'words') : words }),
    ...(rows === undefined ? {} : { rows }),
    ...(sign === undefined ? {} : { sign }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(publishIdentity === undefined ? {} : { publishIdentity }),
    ...(allowedSigners === undefined ? {} : { allowedSigners }),
    ...(allowedIdentity === undefined ? {} : { allowedIdentities: allowedIdentity }),
    ...(push === undefined ? {} : { push }),
    ...(removeOld === undefined ? {} : { removeOld }),
    ...(trust === undefined ? {} : { trust }),
    ...(sigstore === undefined ? {} : { sigstore }),
    ...(identityTokenFile === undefined ? {} : { identityTokenFile }),
    ...(audience === undefined ? {} : { audience }),
    ...(trustIssuer === undefined ? {} : { issuers: trustIssuer }),
    ...(publishPrivate === undefined ? {} : { publishPrivate }),
    ...(retryBudget === undefined ? {} : { retryBudget: milliseconds(retryBudget, '--retry-budget') }),
  }
}

/** As much as the library reads of a file of words. */
const wordsBytes = 1024 * 1024

function sayRedacted(record: string, made: RedactedRecord, flags: RecordRedactionFlags, terminal: Terminal): void {
  const { removed, unfound, others, outcome, signer, level, old, pushed } = made
  const { secrets, words, rows } = removed
  const as = signer === undefined ? '' : `, signed as ${unsteering(signer)}`
  say(terminal, `${outcome === 'made' ? 'recorded' : 'recorded before'}${as}; the value above replaces ${record}`)
  say(terminal, `taken out: ${secrets} secrets, ${words} words, ${rows} rows`)
  if (unfound.length > 0) {
    say(terminal, `warning: found nowhere in it: the words of lines ${unfound.join(', ')} of --words`)
  }
  for (const it of others.holding)
    say(terminal, `warning: record ${it} of the same session holds such a word too: redact it as well`)
  for (const it of others.unread)
    say(terminal, `warning: record ${it} of the same session cannot be read: it may hold such a word`)
  if (level === 'recorded') {
    say(
      terminal,
      'note: nobody who was named signed the old record, so the new one is no more than recorded (--allowed-signers)',
    )
  }
  const ref = `refs/countersign/sessions/${record}`
  // An address may hold a token, and a line to copy is obeyed by a shell.
  const remote = pushed && /^[\w-]+$/.test(flags.push ?? '') ? (flags.push ?? '') : 'REMOTE'
  const command = `git push --force-with-lease=${ref}:${old.commit} ${remote} :${ref}`
  if (old.here === 'kept') {
    say(terminal, `the old record is still here: git update-ref -d ${ref} ${old.commit}`)
  } else say(terminal, 'the old record is gone here; git keeps its bytes until git prune')
  if (old.there === 'removed') say(terminal, 'the old record is gone at the remote; other clones may still have it')
  else if (old.there === 'absent') say(terminal, 'the remote has not got the old record')
  else {
    if (old.there === 'other') say(terminal, 'warning: the remote has another commit under its name, which stays')
    say(terminal, `to remove it at a remote: ${command}`)
  }
  say(terminal, 'a secret that was pushed has to be replaced: whoever fetched it has it')
}
