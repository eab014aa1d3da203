/** `countersign policy test`: a policy → what it makes of the cases beside it. */
import type { Command } from 'commander'
import { testPolicy } from '../../policy.ts'
import { renderPolicyTests } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import { styleOf, worldOf } from '../terminal.ts'

export function policyTestCommand(policy: Command, { terminal, done }: CommandContext): void {
  policy
    .command('test')
    .description('run the cases beside a policy: NAME.tests.yaml, and the files in the folder NAME.tests')
    .argument('<file>', 'the policy')
    .action(async (file: string) => {
      const results = await testPolicy(file, worldOf(terminal))
      terminal.stdout.write(renderPolicyTests(results, styleOf(terminal.stdout, terminal.env)))
      done(results.every(({ differences }) => differences.length === 0) ? 0 : exitCodeOf('no'))
    })
}
