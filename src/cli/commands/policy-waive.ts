/** `countersign policy waive`: an artifact, a rule and a reason → a signed waiver, which `verify --policy` looks at. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { attestWaiver } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import type { CommandContext } from '../command.ts'
import { repeated } from '../flags.ts'
import { saySigned, spokenRequest, withSpokenOptions } from './spoken-flags.ts'
import type { SpokenFlags } from './spoken-flags.ts'

interface WaiveFlags extends SpokenFlags {
  readonly subject?: string[]
  readonly policy: string
  readonly policyProfile?: string
  readonly rule: string
  readonly reason: string
  readonly expires: string
  readonly commit?: string
  readonly path?: string
  readonly session?: string
}

export function policyWaiveCommand(policy: Command, { terminal, done }: CommandContext): void {
  const command = policy
    .command('waive')
    .description('sign that one rule of a policy need not hold for an artifact, until a day')
    .argument('[artifact...]', 'files and quoted globs')
    .optionsGroup('What is waived, and why:')
    .option('--subject <NAME=DIGEST>', 'an artifact as name=sha256:HEX, repeatable', repeated)
    .addOption(new Option('--policy <FILE>', 'the policy that lets it be waived').makeOptionMandatory())
    .option('--policy-profile <NAME>', 'one of its profiles, where that has the rule')
    .addOption(new Option('--rule <ID>', 'id of the rule, as the verdict shows it').makeOptionMandatory())
    .addOption(
      new Option('--reason <TEXT>', 'why, in at least 20 letters; shown wherever the verdict is').makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--expires <TIME>',
        'a time as 2026-12-24T00:00:00Z, or days from now as 30d; at most 90 days',
      ).makeOptionMandatory(),
    )
    .option('--commit <SHA>', 'only where the rule looked at this change')
    .option('--path <PATH>', 'only where it looked at this file')
    .option('--session <URI>', 'only where it looked at this session')
  withSpokenOptions(command, 'ARTIFACT.waiver-RULE.sigstore.json').action(
    async (artifacts: string[], flags: WaiveFlags) => {
      const { subject, policy: file, policyProfile, rule, reason, commit, path, session } = flags
      const expires = timeIn(flags.expires, terminal.now())
      if (artifacts.length === 0 && subject === undefined) {
        throw new CountersignError('usage', 'a waiver is of an artifact', { option: 'artifact' })
      }
      const attestation = await attestWaiver({
        subjects: { paths: artifacts, ...(subject === undefined ? {} : { named: subject }) },
        ...{ policy: file, rule, reason, expires },
        ...(policyProfile === undefined ? {} : { policyProfile }),
        place: {
          ...(commit === undefined ? {} : { commit }),
          ...(path === undefined ? {} : { path }),
          ...(session === undefined ? {} : { session }),
        },
        ...spokenRequest(flags, terminal),
      })
      saySigned(attestation, `that ${rule} need not hold until ${expires}`, flags, terminal)
      done(0)
    },
  )
}

/** `30d` is so many days from now; anything else is for the library to read. */
function timeIn(text: string, now: Date): string {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? []
  return days === undefined ? text : new Date(now.getTime() + Number(days) * 24 * 3_600_000).toISOString()
}
