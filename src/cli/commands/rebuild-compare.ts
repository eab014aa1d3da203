/** `countersign rebuild-compare`: two builds → in what they differ, and with --out the signed statement of that. */
import { relative } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { attestRebuild, buildRebuildStatement, compareBuilds } from '../../attest.ts'
import type { RebuildAttestation, RebuildRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { formats, render, unsteering } from '../../report.ts'
import type { Format } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { milliseconds } from '../duration.ts'
import { exitCodeOf } from '../exit-code.ts'
import { kebab, withShortForm } from '../flags.ts'
import { statusOn } from '../progress.ts'
import { shellCommand } from '../shell.ts'
import { jsonFor, say, styleOf, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { withClear } from './attest.ts'
import { sigstoreChoice } from './sigstore-choice.ts'
import { withRetryBudget, withWhoSigns } from './who-signs.ts'

interface SigningFlags {
  readonly source?: string
  readonly commit?: string
  readonly sigstore?: string
  readonly localState?: string
  readonly identityTokenFile?: string
  readonly audience?: string
  readonly trustIssuer?: string[]
  readonly publishPrivate?: true
  readonly retryBudget?: string
  readonly overwrite?: true
  readonly append?: true
}

/** The flags as commander gives them. */
interface RebuildFlags extends SigningFlags {
  readonly format: Format
  readonly out?: string
  readonly dryRun?: true
}

export function rebuildCompareCommand(program: Command, { terminal, done }: CommandContext): void {
  const command = program
    .command('rebuild-compare')
    .description('compare two builds of one source, and sign how they compare')
    .argument('<A>', 'what was released: a file, or a folder of artifacts')
    .argument('<B>', 'what came out of the rebuild: a file, or a folder with the same names')
    .addOption(new Option('--format <format>', 'text or JSON').choices(formats).default('text'))
    .optionsGroup('To sign it:')
    .option(withShortForm('--out <PATH>'), 'sign, and write the bundle there; into a folder as A.rebuild.sigstore.json')
    .option('--overwrite', 'replace the file if it is there')
    .option('--append', 'add the bundle as a line if the file is there')
    .option('--dry-run', 'print the statement, sign nothing')
    .option('--source <URL>', 'repository that was rebuilt, where it is not the one of this job; with --commit')
    .option('--commit <SHA>', 'its commit')
  withRetryBudget(withWhoSigns(command)).action(async (released: string, rebuilt: string, flags: RebuildFlags) => {
    refuseStray(flags)
    const status = statusOn(terminal.stderr, terminal.now, (text) => say(terminal, `waiting: ${text}`))
    const outcome = await run({ released, rebuilt }, flags, {
      ...withClear(terminal, status),
      progress: status.show,
    }).finally(() => status.clear())
    done(outcome === 'same' ? 0 : exitCodeOf('no'))
  })
}

const signingFlags = [
  ...(['source', 'commit', 'sigstore', 'localState', 'identityTokenFile', 'audience', 'trustIssuer'] as const),
  ...(['publishPrivate', 'retryBudget', 'overwrite', 'append'] as const),
] as const satisfies readonly (keyof SigningFlags)[]

/** Flags that say nothing without another one, or nothing together. Error: `usage`. */
function refuseStray(flags: RebuildFlags): void {
  const given = signingFlags.find((it) => flags[it] !== undefined)
  const stray: readonly (readonly [boolean, string])[] = [
    [
      flags.out === undefined && flags.dryRun !== true && given !== undefined,
      `--${kebab(given ?? '')} belongs to signing: say where the bundle goes (--out)`,
    ],
    [flags.dryRun === true && flags.out !== undefined, '--dry-run and --out do not go together'],
    [flags.dryRun === true && flags.format === 'json', '--dry-run prints the statement, and has no --format'],
    [flags.overwrite === true && flags.append === true, '--overwrite and --append do not go together'],
    [(flags.source === undefined) !== (flags.commit === undefined), '--source and --commit go together'],
  ]
  const [found] = stray.filter(([isStray]) => isStray)
  if (found !== undefined) throw new CountersignError('usage', found[1])
}

type Builds = Pick<RebuildRequest, 'released' | 'rebuilt'>

/** What the exit code says: also where it was signed, for a signed "differs" is no success. */
async function run(builds: Builds, flags: RebuildFlags, terminal: Terminal): Promise<'same' | 'differs'> {
  const show = (report: Parameters<typeof render>[0]): void =>
    void terminal.stdout.write(render(report, flags.format, styleOf(terminal.stdout, terminal.env)))
  if (flags.dryRun === true) {
    const { statement, notes, report } = await buildRebuildStatement(requestOf(builds, flags, terminal))
    for (const note of notes) say(terminal, `note: ${note}`)
    terminal.stdout.write(jsonFor(terminal.stdout, statement))
    return report.outcome
  }
  if (flags.out === undefined) {
    const report = await compareBuilds({ ...builds, world: worldOf(terminal) })
    show(report)
    return report.outcome
  }
  const made = await attestRebuild(requestOf(builds, flags, terminal))
  show(made.report)
  talk(made, flags, terminal)
  return made.report.outcome
}

function requestOf(builds: Builds, flags: RebuildFlags, terminal: Terminal): RebuildRequest {
  const { source: uri, commit, out, retryBudget, identityTokenFile, audience, trustIssuer, publishPrivate } = flags
  const whenPresent = flags.overwrite === true ? 'replace' : flags.append === true ? 'append' : 'refuse'
  const sigstore = sigstoreChoice(flags)
  return {
    ...builds,
    ...(uri === undefined || commit === undefined ? {} : { rebuiltSource: { uri, commit } }),
    ...(sigstore === undefined ? {} : { sigstore }),
    ...(identityTokenFile === undefined ? {} : { identityTokenFile }),
    ...(audience === undefined ? {} : { audience }),
    ...(trustIssuer === undefined ? {} : { issuers: trustIssuer }),
    ...(publishPrivate === undefined ? {} : { publishPrivate }),
    ...(retryBudget === undefined ? {} : { retryBudget: milliseconds(retryBudget, '--retry-budget') }),
    ...(out === undefined ? {} : { out: { path: out, whenPresent } }),
    world: worldOf(terminal),
  }
}

/** The value is the report; where the bundle is, and the command that verifies it, is talk. */
function talk(made: RebuildAttestation, flags: RebuildFlags, terminal: Terminal): void {
  const { report, signer, signedBefore, question, notes, written = '' } = made
  for (const note of notes) say(terminal, `note: ${note}`)
  const short = relative(terminal.cwd, written)
  const path = unsteering(short.startsWith('..') ? written : short)
  const verb = signedBefore === true ? 'signed before' : 'signed'
  say(
    terminal,
    `${verb} that the rebuild ${report.outcome === 'same' ? 'is the same' : 'differs'}, as ${signer}: ${path}`,
  )
  if (flags.sigstore === 'local') say(terminal, 'note: the embedded Sigstore signed; that proves nothing to others')
  if (report.outcome === 'differs') {
    say(terminal, 'note: a rebuild that differs passes no verification; look at it with countersign inspect')
    return
  }
  const parts = Object.entries(question).flatMap(([name, value]: [string, unknown]) => [
    `--${kebab(name)}`,
    ...(value === true ? [] : [String(value)]),
  ])
  const { sigstore, localState } = flags
  const trust = [
    ...(sigstore === undefined || sigstore === 'public' ? [] : ['--sigstore', sigstore]),
    ...(localState === undefined ? [] : ['--local-state', localState]),
  ]
  say(terminal, `verify with: ${shellCommand(['countersign', 'verify', 'A', '--bundle', path, ...trust, ...parts])}`)
}
