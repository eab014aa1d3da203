/** `countersign completion`: a script for a shell, written from the commands. */
import { Argument } from 'commander'
import type { Command } from 'commander'
import type { CommandContext } from '../command.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { completedCommands } from '../completion/model.ts'
import type { CompletedCommand } from '../completion/model.ts'
import { powershellScript } from '../completion/powershell.ts'
import { zshScript } from '../completion/zsh.ts'
import { wholeProgram } from '../program.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript } as const
type Shell = keyof typeof scripts

export function completionCommand(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('print a script that completes command lines in your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .action(async (shell: Shell) => {
      const commands: readonly CompletedCommand[] = completedCommands(await wholeProgram(context))
      context.terminal.stdout.write(scripts[shell](commands))
      context.done(0)
    })
}
