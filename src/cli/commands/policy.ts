/** `countersign policy init|lint|test|explain|sign|waive`: what a release must satisfy, written, read, tried, and who says so. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { CommandContext, Register } from '../command.ts'
import { didYouMean } from '../similar.ts'
import { policyExplainCommand } from './policy-explain.ts'
import { policyInitCommand } from './policy-init.ts'
import { policyLintCommand } from './policy-lint.ts'
import { policySignCommand } from './policy-sign.ts'
import { policyTestCommand } from './policy-test.ts'
import { policyWaiveCommand } from './policy-waive.ts'

const subcommands: readonly Register[] = [
  policyInitCommand,
  policyLintCommand,
  policyTestCommand,
  policyExplainCommand,
  policySignCommand,
  policyWaiveCommand,
]

export function policyCommand(program: Command, context: CommandContext): void {
  const policy = program
    .command('policy')
    .description('write, check, explain, test and sign what a release must satisfy')
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
