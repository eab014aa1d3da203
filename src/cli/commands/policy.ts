/** `countersign policy lint|explain|init|test`: what a release must satisfy, written, read and tried. */
import { CountersignError } from '../../index.ts'
import type { Command } from 'commander'
import type { CommandContext } from '../command.ts'
import { didYouMean } from '../similar.ts'
import { policyExplainCommand } from './policy-explain.ts'
import { policyInitCommand } from './policy-init.ts'
import { policyLintCommand } from './policy-lint.ts'
import { policyTestCommand } from './policy-test.ts'

export function policyCommand(program: Command, context: CommandContext): void {
  const policy = program
    .command('policy')
    .description('write, check, explain and test what a release must satisfy')
    .helpCommand(false)
    .argument('[word]')
    .usage('[options] [command]')
    .action((word: string | undefined) => {
      const names = policy.commands.map((it) => it.name())
      const words =
        word === undefined
          ? 'policy is asked to init, lint, test or explain'
          : `policy has no command ${JSON.stringify(word)}${didYouMean(word, names)}`
      throw new CountersignError('usage', words, { hint: 'run countersign policy --help' })
    })
  policyInitCommand(policy, context)
  policyLintCommand(policy, context)
  policyTestCommand(policy, context)
  policyExplainCommand(policy, context)
}
