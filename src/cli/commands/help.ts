/** `countersign help`: the help of a command, as its own --help gives it. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { CommandContext } from '../command.ts'
import { commands } from '../command-table.ts'
import { didYouMean } from '../similar.ts'

export function helpCommand(program: Command, context: CommandContext): void {
  const { terminal, done } = context
  program
    .command('help')
    .description('show the help of a command')
    .argument('[command...]', 'name of the command; none: the help of the program')
    .action(async (words: string[]) => {
      const { main } = await import('../main.ts')
      const [name] = words
      // A word that names no command is told so, with what may have been meant.
      if (name !== undefined && !commands.some((it) => it.name === name)) {
        done(await main([name], terminal))
        return
      }
      if (words.length > 1) await refuseUnknown(words, context)
      done(await main([...words, '--help'], terminal))
    })
}

/** Error: `usage`, for a word that is no command of the one before it. */
async function refuseUnknown(words: readonly string[], context: CommandContext): Promise<void> {
  const { wholeProgram } = await import('../program.ts')
  let at = await wholeProgram(context)
  for (const word of words) {
    const below = at.commands.find((it) => it.name() === word)
    if (below === undefined) {
      const near = didYouMean(
        word,
        at.commands.map((it) => it.name()),
      )
      throw new CountersignError('usage', `${at.name()} has no command ${JSON.stringify(word)}${near}`, {
        hint: `run countersign help ${words[0] ?? ''}`.trimEnd(),
      })
    }
    at = below
  }
}
