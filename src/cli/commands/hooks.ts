/** `countersign hooks install|status|remove`: what names the sessions of a commit, in this clone. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { agentIds, agentScopes, hooksStatus, installHooks, recordSignings, removeHooks } from '../../hooks.ts'
import type { AgentScope, HooksReport, HooksRequest, RecordSigning } from '../../hooks.ts'
import { CountersignError } from '../../index.ts'
import { renderHooks } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { didYouMean } from '../similar.ts'
import { say, styleOf, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

interface Output {
  readonly format: 'text' | 'json'
}

interface InstallFlags extends Output {
  readonly agents?: string
  readonly agentScope: AgentScope
  readonly gitHooks: 'files' | 'config'
  readonly sign?: RecordSigning
  readonly signingKey?: string
  readonly publishIdentity?: true
  readonly recordRemote?: string
  readonly pushRecords?: true
  readonly ask?: true
}

export function hooksCommand(program: Command, { terminal, done }: CommandContext): void {
  const hooks = program
    .command('hooks')
    .description('name the AI sessions of each commit while it is made')
    .helpCommand(false)
    .argument('[word]')
    .usage('[options] [command]')
    .action((word: string | undefined) => {
      const names = hooks.commands.map((it) => it.name())
      throw new CountersignError(
        'usage',
        word === undefined
          ? 'hooks is asked to install, status or remove'
          : `hooks has no command ${JSON.stringify(word)}${didYouMean(word, names)}`,
        { hint: 'run countersign hooks --help' },
      )
    })
  const finish = async (found: HooksReport, format: Output['format'], asksKey = true): Promise<void> => {
    const report = asksKey ? await withKey(found, terminal) : found
    terminal.stdout.write(renderHooks(report, format, styleOf(terminal.stdout, terminal.env)))
    for (const note of report.notes) say(terminal, `warning: ${note}`)
    const { key } = report
    if (key?.state === 'unusable') say(terminal, `warning: records of sessions cannot be signed here (${key.code})`)
    done(0)
  }

  hooks
    .command('install')
    .description(
      'put hooks into git and into the settings of agents; what is there still runs, and settings stay as they are',
    )
    .option('--agents <LIST>', `${agentIds.join(', ')} or none, with commas (default: those that are used here)`)
    .addOption(
      new Option(
        '--agent-scope <SCOPE>',
        'settings of this clone alone where the agent has such, of the project, or yours',
      )
        .choices(agentScopes)
        .default('local'),
    )
    .addOption(
      new Option('--git-hooks <HOW>', 'as files, or named by the configuration (git 2.54 and later)')
        .choices(['files', 'config'])
        .default('files'),
    )
    .addOption(new Option('--sign <HOW>', 'how records of sessions are signed (default: ssh)').choices(recordSignings))
    .option('--signing-key <FILE>', 'with --sign ssh: the key (default: user.signingkey of git)')
    .option('--publish-identity', 'with --sign sigstore: your address may stand in a public log for ever')
    .option('--push-records', 'push the records of sessions with each push')
    .option('--record-remote <NAME>', 'push them there (default: where the push goes)')
    .option('--ask', 'ask on the terminal where an editor opens and no session is known')
    .addOption(formatOption())
    .action(async (flags: InstallFlags) => {
      const report = await installHooks({ ...requestOf(flags), world: worldOf(terminal) })
      await finish(report, flags.format)
    })

  hooks
    .command('status')
    .description('what is installed here, and what something else has replaced')
    .addOption(formatOption())
    .action(({ format }: Output) => finish(hooksStatus(worldOf(terminal)), format))

  hooks
    .command('remove')
    .description('take them out: every file is as it was, or without our part where you changed it')
    .addOption(formatOption())
    .action(async ({ format }: Output) => finish(await removeHooks(worldOf(terminal)), format, false))
}

/** A push that cannot sign only warns, and long after hooks were set up. */
async function withKey(report: HooksReport, terminal: Terminal): Promise<HooksReport> {
  if (report.settings['countersign.sign'] !== 'ssh') return report
  // Whoever signs otherwise loads nothing of records.
  const { signingKeyState } = await import('../../attest.ts')
  return { ...report, key: await signingKeyState(worldOf(terminal)) }
}

function requestOf(flags: InstallFlags): HooksRequest {
  const { agents, agentScope, gitHooks, sign, signingKey, publishIdentity, recordRemote, pushRecords, ask } = flags
  return {
    ...{ agentScope, gitHooks },
    ...(sign === undefined ? {} : { sign }),
    ...(agents === undefined ? {} : { agents: agents.split(',').map((it) => it.trim()) }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(publishIdentity === undefined ? {} : { publishIdentity }),
    ...(recordRemote === undefined ? {} : { recordRemote }),
    ...(pushRecords === undefined ? {} : { pushRecords }),
    ...(ask === undefined ? {} : { ask }),
  }
}

function formatOption(): Option {
  return new Option('--format <format>', 'text or a line of JSON').choices(['text', 'json']).default('text')
}
