/** `countersign demo`. */
import type { Command } from 'commander'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'

export function demoCommand(program: Command, { terminal, done }: CommandContext): void {
  program
    .command('demo')
    .description('a release from end to end on the embedded Sigstore, refused by a policy, and four forgeries')
    .option('--keep', 'keep the folder that it works in')
    .action(async ({ keep }: { keep?: true }) => {
      const [{ demo }, { main }] = await Promise.all([import('../demo/demo.ts'), import('../main.ts')])
      const held = await demo(terminal, main, keep === true ? 'keep' : 'remove')
      done(held ? 0 : exitCodeOf('no'))
    })
}
