/** `countersign inspect`: what a bundle claims, not verified. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { inspectFile } from '../../inspect.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { styleOf, worldOf } from '../terminal.ts'

export function inspectCommand(program: Command, { terminal, done }: CommandContext): void {
  program
    .command('inspect')
    .description('show what a bundle claims, without verifying any of it')
    .argument('<bundle>', 'Sigstore bundle, bare DSSE envelope, or a .jsonl of them')
    .addOption(new Option('--format <format>', 'text or JSON Lines').choices(formats).default('text'))
    .action(async (path: string, { format }: { format: Format }) => {
      const style = styleOf(terminal.stdout, terminal.env)
      for (const inspection of await inspectFile(path, worldOf(terminal))) {
        terminal.stdout.write(render(inspection, format, style))
      }
      done(0)
    })
}
