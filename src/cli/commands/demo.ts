/** `countersign demo`. */
import type { Command } from 'commander'
import type { CommandContext } from '../main.ts'

export function demoCommand(program: Command, { world, done }: CommandContext): void {
  program
    .command('demo')
    .description('a release from end to end on the embedded Sigstore, and four forgeries refused')
    .option('--keep', 'keep the folder that it works in')
    .action(async ({ keep }: { keep?: true }) => {
      const { demo } = await import('../demo/demo.ts')
      done(await demo(world, keep === true ? 'keep' : 'remove'))
    })
}
