/** `countersign sessions use` and `sessions none`: what a person says of the next commit. */
import type { Command } from 'commander'
import { useNone, useSessions } from '../../hooks.ts'
import type { CommandContext } from '../command.ts'
import { worldOf } from '../terminal.ts'

export function withSessionsByHand(sessions: Command, { terminal, done }: CommandContext): void {
  sessions
    .command('use')
    .description('name the sessions of the next commit here')
    .argument('<session...>', 'TOOL:ID, as amp:T-1')
    .action((named: string[]) => {
      const used = useSessions(named, worldOf(terminal))
      terminal.stdout.write(`the next commit in this working tree names ${used.join(', ')}\n`)
      done(0)
    })
  sessions
    .command('none')
    .description('say of the next commit here that no session took part')
    .requiredOption('--reason <TEXT>', 'why, on one line; it stands in the commit')
    .action(({ reason }: { reason: string }) => {
      useNone(reason, worldOf(terminal))
      terminal.stdout.write(
        'the next commit in this working tree says that no session took part, unless one is found\n',
      )
      done(0)
    })
}
