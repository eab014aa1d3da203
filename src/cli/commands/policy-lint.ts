/** `countersign policy lint`: files → what is wrong with each. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { lintPolicy } from '../../policy.ts'
import type { PolicyLint } from '../../policy.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import { kindOf } from '../../verify.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { styleOf, worldOf } from '../terminal.ts'

export function policyLintCommand(policy: Command, { terminal, done }: CommandContext): void {
  policy
    .command('lint')
    .description('check policies with their profiles, and what they extend')
    .argument('<file...>', 'policies')
    .addOption(new Option('--format <format>', 'text or JSON Lines').choices(formats).default('text'))
    .action(async (files: string[], { format }: { readonly format: Format }) => {
      const style = styleOf(terminal.stdout, terminal.env)
      const reports: PolicyLint[] = []
      for (const file of files) {
        const report = await lintPolicy(file, worldOf(terminal))
        terminal.stdout.write(render(report, format, style))
        reports.push(report)
      }
      done(exitCodeOfLint(reports))
    })
}

/** 2 where one of them is no policy, 3 where nobody can tell, because it cannot be read. */
function exitCodeOfLint(reports: readonly PolicyLint[]): ExitCode {
  const kinds = reports.flatMap(({ findings }) =>
    findings.flatMap((it) => (it.severity === 'error' ? [kindOf(it.code)] : [])),
  )
  if (kinds.length === 0) return 0
  return exitCodeOf(kinds.every((it) => it === 'undecided') ? 'undecided' : 'usage')
}
