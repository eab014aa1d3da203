/** `countersign sessions record`: transcripts → records of sessions in refs of the repository, signed, pushed where that is asked for. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { recordSessions, recordSignatures } from '../../attest.ts'
import type { RecordedSession, RecordRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { unsteering } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { milliseconds } from '../duration.ts'
import { kebab, repeated } from '../flags.ts'
import { statusOn } from '../progress.ts'
import { say, worldOf } from '../terminal.ts'
import { sigstoreChoice } from './sigstore-choice.ts'
import type { SpokenFlags } from './spoken-flags.ts'
import { withRetryBudget, withWhoSigns } from './who-signs.ts'

interface RecordFlags extends Omit<SpokenFlags, 'out' | 'overwrite' | 'append'> {
  readonly transcript?: string[]
  readonly pending?: true
  readonly push?: string
  readonly sign?: (typeof recordSignatures)[number]
  readonly signingKey?: string
  readonly publishIdentity?: true
}

export function sessionsRecordCommand(sessions: Command, { terminal, done }: CommandContext): void {
  const command = sessions
    .command('record')
    .description('keep the redacted transcripts of sessions in refs of this repository, signed')
    .optionsGroup('What is recorded:')
    .option('--transcript <PATH>', "a tool's transcript of a session, or a folder with some, repeatable", repeated)
    .option('--pending', 'sessions that hooks noted here and commits name, as far as they are not recorded')
    .option('--push <REMOTE>', 'send the records there; nothing there is ever written over')
    .optionsGroup('Who signs:')
    .addOption(
      new Option('--sign <HOW>', 'ssh: by your SSH key; sigstore: under your identity; none (default: ssh)').choices(
        recordSignatures,
      ),
    )
    .option('--signing-key <FILE>', 'the SSH key (default: countersign.signingKey of git, else user.signingkey)')
    .option('--publish-identity', 'with sigstore: your address may stand in a public log for ever')
  withRetryBudget(withWhoSigns(command, 'OIDC token of a person or a job')).action(async (own: RecordFlags) => {
    const flags = { ...own, ...flagsOfParent(sessions) }
    const status = statusOn(terminal.stderr, terminal.now)
    try {
      const world = worldOf({ ...terminal, progress: status.show })
      const { records, pushed, passedOver, notCounted } = await recordSessions({ ...requestOf(flags), world })
      status.clear()
      for (const { code, detail } of passedOver)
        say(terminal, `note: not recorded, or not wholly: ${code}: ${unsteering(detail)}`)
      for (const { digest, tool, session } of notCounted) {
        const words = `record ${digest} says that something was taken out of ${tool}:${session}, by nobody whose signature counts here; it is recorded all the same`
        say(terminal, `warning: ${unsteering(words)} (redaction-unverified)`)
      }
      for (const it of records) terminal.stdout.write(`${unsteering(lineOf(it))}\n`)
      if (records.length === 0) say(terminal, 'nothing is to be recorded')
      if (pushed !== undefined) {
        const { there, sent } = pushed
        const before = there.length - sent.length
        const nothing = sent.length === 0 ? 'nothing new to push' : `pushed: ${sent.length}`
        say(terminal, before === 0 ? nothing : `${nothing}; the remote had ${before} before`)
        if (pushed.other.length > 0)
          say(terminal, `note: the remote has ${pushed.other.length} of them from somebody else; they stay`)
      }
    } finally {
      status.clear()
    }
    done(0)
  })
}

/** Commander gives a flag that both have to the command above. What that one has alone is not for this one. Error: `usage`. */
function flagsOfParent(sessions: Command): Pick<RecordFlags, 'transcript'> {
  const { transcript, ...others } = sessions.opts<{ readonly transcript?: string[] }>()
  const other = Object.keys(others).find((name) => sessions.getOptionValueSource(name) === 'cli')
  if (other !== undefined) {
    throw new CountersignError('usage', `sessions record has no flag --${kebab(other)}`, {
      hint: 'run countersign sessions record --help',
    })
  }
  return transcript === undefined ? {} : { transcript }
}

function lineOf({ digest, tool, session, agent, outcome, signed, signer, redactions }: RecordedSession): string {
  const of = agent === undefined ? '' : `, agent ${agent}`
  const by =
    outcome === 'existed' ? 'recorded before' : signed === 'none' ? 'signed by nobody' : `signed with ${signed}`
  const as = signer === undefined ? '' : ` as ${signer}`
  return `${digest}  ${tool}:${session}${of}  ${by}${as}, secrets taken out: ${redactions}`
}

function requestOf(flags: RecordFlags): Omit<RecordRequest, 'world'> {
  const { transcript, pending, push, sign, signingKey, publishIdentity, identityTokenFile, audience } = flags
  const { trustIssuer, publishPrivate, retryBudget } = flags
  const sigstore = sigstoreChoice(flags)
  return {
    ...(transcript === undefined ? {} : { transcripts: transcript }),
    ...(pending === undefined ? {} : { pending }),
    ...(push === undefined ? {} : { push }),
    ...(sign === undefined ? {} : { sign }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(publishIdentity === undefined ? {} : { publishIdentity }),
    ...(sigstore === undefined ? {} : { sigstore }),
    ...(identityTokenFile === undefined ? {} : { identityTokenFile }),
    ...(audience === undefined ? {} : { audience }),
    ...(trustIssuer === undefined ? {} : { issuers: trustIssuer }),
    ...(publishPrivate === undefined ? {} : { publishPrivate }),
    ...(retryBudget === undefined ? {} : { retryBudget: milliseconds(retryBudget, '--retry-budget') }),
  }
}
