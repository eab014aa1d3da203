/** `countersign inspect`: what a bundle claims, not verified. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { formats, inspect, render } from '../../index.ts'
import type { Format } from '../../index.ts'
import type { CommandContext } from '../main.ts'
import { styleOf } from '../world.ts'

export function inspectCommand(program: Command, { world, done }: CommandContext): void {
  program
    .command('inspect')
    .description('show what a bundle claims, without verifying any of it')
    .argument('<bundle>', 'Sigstore bundle, bare DSSE envelope, or a .jsonl of them')
    .addOption(new Option('--format <format>', 'text or JSON Lines').choices(formats).default('text'))
    .action(async (path: string, { format }: { format: Format }) => {
      const style = styleOf(world.stdout, world.env)
      for (const inspection of await inspect(path, world.cwd)) world.stdout.write(render(inspection, format, style))
      done(0)
    })
}
