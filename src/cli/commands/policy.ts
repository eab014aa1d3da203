/** `countersign policy sign|waive`: what a release must satisfy, and who says so. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { CommandContext, Register } from '../command.ts'
import { didYouMean } from '../similar.ts'
import { policySignCommand } from './policy-sign.ts'
import { policyWaiveCommand } from './policy-waive.ts'

const subcommands: readonly Register[] = [policySignCommand, policyWaiveCommand]

export function policyCommand(program: Command, context: CommandContext): void {
  const policy = program
    .command('policy')
    .description('sign what a release must satisfy, and what it need not')
    .helpCommand(false)
    .argument('[word]')
    .usage('[options] [command]')
    .action((word: string | undefined) => {
      const names = policy.commands.map((it) => it.name())
      const words =
        word === undefined
          ? `policy is asked to ${names.join(' or ')}`
          : `policy has no command ${JSON.stringify(word)}${didYouMean(word, names)}`
      throw new CountersignError('usage', words, { hint: 'run countersign policy --help' })
    })
  for (const register of subcommands) register(policy, context)
}
