/** `countersign policy test`: a policy → what it makes of the cases beside it. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { testPolicy } from '../../policy.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import { styleOf, worldOf } from '../terminal.ts'

export function policyTestCommand(policy: Command, { terminal, done }: CommandContext): void {
  policy
    .command('test')
    .description('run the cases beside a policy: NAME.tests.yaml, and the files in the folder NAME.tests')
    .argument('<file>', 'the policy')
    .addOption(new Option('--format <format>', 'text or JSON').choices(formats).default('text'))
    .action(async (file: string, { format }: { readonly format: Format }) => {
      const report = await testPolicy(file, worldOf(terminal))
      terminal.stdout.write(render(report, format, styleOf(terminal.stdout, terminal.env)))
      done(report.outcome === 'pass' ? 0 : exitCodeOf('no'))
    })
}
