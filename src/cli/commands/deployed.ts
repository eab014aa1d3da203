/** `countersign deployed`: flags → DeploymentRequest, the statement or where the bundle is, the command that verifies it. */
import { relative } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { DeferredError, attestDeployment, buildDeploymentStatement } from '../../attest.ts'
import type { DeploymentAttestation, DeploymentRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { unsteering } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { milliseconds } from '../duration.ts'
import { kebab, repeated, withShortForm } from '../flags.ts'
import { statusOn } from '../progress.ts'
import { shellCommand } from '../shell.ts'
import { readStandardInput } from '../standard-input.ts'
import { jsonFor, say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { checksumsBytes, withClear } from './attest.ts'
import { asksQuestion, questionRequest, withPartOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'
import { sigstoreChoice } from './sigstore-choice.ts'
import { withRetryBudget, withWhoSigns } from './who-signs.ts'

/** The flags as commander gives them, but for those of the question, which are the parts of its table. */
interface DeployedFlags {
  readonly checksums?: string
  readonly subject?: string[]
  readonly subjectName?: 'base' | 'path'
  readonly target?: string
  readonly removed?: true
  readonly bundle?: string
  readonly trustedRoot?: string[]
  readonly offline?: true
  readonly sigstore?: string
  readonly localState?: string
  readonly identityTokenFile?: string
  readonly audience?: string
  readonly trustIssuer?: string[]
  readonly publishPrivate?: true
  readonly retryBudget?: string
  readonly onOutage?: 'fail' | 'defer'
  readonly deferExit?: '0'
  readonly out?: string
  readonly overwrite?: true
  readonly append?: true
  readonly dryRun?: true
}

export function deployedCommand(program: Command, { terminal, done }: CommandContext): void {
  const command = program
    .command('deployed')
    .description('sign that artifacts were put into an environment, under the identity of this CI job')
    .argument('<environment>', 'its name; where the token of the job names one, that')
    .argument('[path...]', 'files and quoted globs that were deployed')
    .optionsGroup('What was deployed, and where:')
    .option('--checksums <FILE>', 'artifacts from a file as sha256sum or sha512sum writes it; - reads stdin')
    .option('--subject <NAME=DIGEST>', 'an artifact as name=sha256:HEX or name=sha512:HEX, repeatable', repeated)
    .addOption(
      new Option('--subject-name <WHAT>', 'what files are called: base name (default), or path from here').choices([
        'base',
        'path',
      ]),
    )
    .option('--target <URI>', 'address of the cluster or the service, without credentials')
    .option('--removed', 'it was taken out of the environment')
    .option(
      withShortForm('--bundle <FILE>'),
      'provenance of what was deployed: named, and with a question verified before anything is signed',
    )
  withPartOptions(command, 'Who must have signed that provenance:')
    .optionsGroup('By which trust that is verified:')
    .option(
      '--trusted-root <FILE>',
      'trusted root, or name:NAME of an imported one; repeatable (default: that of the Sigstore that signs)',
      repeated,
    )
    .option('--offline', 'do not try to refresh trust: take the cache, or the built-in seed')
  withWhoSigns(command).optionsGroup('When services fail:')
  withRetryBudget(command)
    .addOption(
      new Option(
        '--on-outage <WHAT>',
        'fail (default), or defer: keep the unsigned statement for attest --resume',
      ).choices(['fail', 'defer']),
    )
    .addOption(
      new Option('--defer-exit <CODE>', 'with defer: the exit code where the statement was kept').choices(['0']),
    )
    .optionsGroup('Output:')
    .option(
      withShortForm('--out <PATH>'),
      'file or folder of the bundle (default: ARTIFACT.deployed-ENVIRONMENT.sigstore.json)',
    )
    .option('--overwrite', 'replace the file if it is there')
    .option('--append', 'add the bundle as a line if the file is there')
    .option('--dry-run', 'print the statement, sign nothing')
    .action(async (environment: string, paths: string[], flags: DeployedFlags) => {
      const status = statusOn(terminal.stderr, terminal.now, (text) => say(terminal, `waiting: ${text}`))
      try {
        await run(environment, paths, flags, { ...withClear(terminal, status), progress: status.show })
      } finally {
        status.clear()
      }
      done(0)
    })
}

async function run(
  environment: string,
  paths: readonly string[],
  flags: DeployedFlags,
  terminal: Terminal,
): Promise<void> {
  refuseStray(flags)
  const request = await deploymentRequest(environment, paths, flags, terminal)
  if (flags.dryRun === true) {
    const { statement, notes } = await buildDeploymentStatement(request)
    for (const note of notes) say(terminal, `note: ${note}`)
    terminal.stdout.write(jsonFor(terminal.stdout, statement))
    return
  }
  try {
    talk(await attestDeployment(request), flags, terminal)
  } catch (thrown) {
    if (!(thrown instanceof DeferredError)) throw thrown
    const deferred = resumable(thrown, flags, terminal)
    if (flags.deferExit === undefined) throw deferred
    say(terminal, `warning: not signed: ${deferred.message} (${deferred.code})`)
    say(terminal, `hint: ${deferred.hint ?? ''}`)
  }
}

/** Flags that say nothing without another one, or nothing together. Error: `usage`. */
function refuseStray(flags: DeployedFlags): void {
  const stray: readonly (readonly [boolean, string])[] = [
    [flags.deferExit !== undefined && flags.onOutage !== 'defer', '--defer-exit belongs to --on-outage defer'],
    [flags.overwrite === true && flags.append === true, '--overwrite and --append do not go together'],
    [flags.dryRun === true && flags.onOutage !== undefined, '--dry-run and --on-outage do not go together'],
    [
      flags.bundle === undefined && asksQuestion(questionFlags(flags)),
      'who must have signed is asked of the provenance: name it (--bundle)',
    ],
    [
      flags.trustedRoot !== undefined && !asksQuestion(questionFlags(flags)),
      '--trusted-root verifies the provenance: say who must have signed it',
    ],
  ]
  const [found] = stray.filter(([isStray]) => isStray)
  if (found !== undefined) throw new CountersignError('usage', found[1])
}

/** Errors: `usage`, `input-too-large` (stdin), those of a question. */
async function deploymentRequest(
  environment: string,
  paths: readonly string[],
  flags: DeployedFlags,
  terminal: Terminal,
): Promise<DeploymentRequest> {
  const { subject, subjectName, target, removed, bundle, out, onOutage, retryBudget } = flags
  const { identityTokenFile, audience, trustIssuer, publishPrivate } = flags
  const checksums =
    flags.checksums === '-' ? await readStandardInput(terminal, checksumsBytes, 'checksums') : flags.checksums
  const whenPresent = flags.overwrite === true ? 'replace' : flags.append === true ? 'append' : 'refuse'
  const budget = retryBudget === undefined ? undefined : milliseconds(retryBudget, '--retry-budget')
  return {
    environment,
    subjects: { paths, ...defined({ checksums, named: subject, fileNames: subjectName }) },
    state: removed === true ? 'removed' : 'deployed',
    ...defined({ target, sigstore: sigstoreChoice(flags), identityTokenFile, audience, issuers: trustIssuer }),
    ...defined({ publishPrivate, retryBudget: budget, onOutage }),
    ...(bundle === undefined ? {} : { provenance: { bundle, ...(await asked(flags, terminal)) } }),
    out: { ...defined({ path: out }), whenPresent },
    world: worldOf(terminal),
  }
}

async function asked(
  flags: DeployedFlags,
  terminal: Terminal,
): Promise<Partial<NonNullable<DeploymentRequest['provenance']>>> {
  const given = questionFlags(flags)
  if (!asksQuestion(given)) return {}
  const { question, trust } = await questionRequest(given, terminal)
  return defined({ question, trust })
}

/** The Sigstore that signs is trusted for the provenance too, unless a root is named. */
function questionFlags({ bundle: _, sigstore, localState, trustedRoot, ...parts }: DeployedFlags): QuestionFlags {
  const trust =
    trustedRoot === undefined
      ? { sigstore: sigstore === undefined ? undefined : [sigstore], localState }
      : { trustedRoot }
  return { ...parts, ...defined(trust) }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}

function show({ cwd }: Terminal, path: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') ? path : short
}

/** The value is the path; what was done, and the command that verifies it, is talk. */
function talk(attestation: DeploymentAttestation, flags: DeployedFlags, terminal: Terminal): void {
  const { subjects, signer, signedBefore, question, notes, written = '' } = attestation
  for (const note of notes) say(terminal, `note: ${note}`)
  const path = unsteering(show(terminal, written))
  terminal.stdout.write(`${path}\n`)
  const what = `${subjects.length} artifact${subjects.length === 1 ? '' : 's'}`
  const done = flags.removed === true ? 'removed' : 'deployed'
  say(terminal, `${signedBefore === true ? 'signed before' : 'signed'} that ${what} was ${done}, as ${signer}`)
  if (flags.sigstore === 'local') say(terminal, 'note: the embedded Sigstore signed; that proves nothing to others')
  const parts = Object.entries(question).flatMap(([name, value]: [string, unknown]) => [
    `--${kebab(name)}`,
    ...(value === true ? [] : [String(value)]),
  ])
  const trust = flags.sigstore === 'public' ? [] : again(flags, ['sigstore', 'localState'])
  const words = ['countersign', 'verify', 'ARTIFACT', '--bundle', path, ...trust, ...parts]
  say(terminal, `verify with: ${shellCommand(words)}`)
}

const signingFlags = [
  ...(['sigstore', 'localState', 'identityTokenFile', 'audience', 'trustIssuer'] as const),
  ...(['publishPrivate', 'retryBudget', 'overwrite', 'append'] as const),
] as const

/** The same error, with the command that signs what was kept. */
function resumable(deferred: DeferredError, flags: DeployedFlags, terminal: Terminal): CountersignError {
  const files = deferred.preparedAll.map((it) => show(terminal, it))
  const command = shellCommand(['countersign', 'attest', '--resume', ...files, ...again(flags, signingFlags)])
  return new CountersignError(deferred.code, deferred.message, {
    ...{ option: 'prepared', cause: deferred },
    hint: `sign it later, in this run, with: ${command}`,
  })
}

/** Flags as they were given, to be said again. */
function again(flags: DeployedFlags, names: readonly (keyof DeployedFlags)[]): string[] {
  return names.flatMap((name) =>
    [flags[name] ?? []].flat().flatMap((value) => [`--${kebab(name)}`, ...(value === true ? [] : [value])]),
  )
}
