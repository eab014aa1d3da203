/** `countersign merge`: bundle files, such as those of a build matrix → one. */
import { relative } from 'node:path'
import type { Command } from 'commander'
import { unsteering } from '../../report.ts'
import { mergeBundles } from '../../store.ts'
import type { CommandContext } from '../command.ts'
import { withShortForm } from '../flags.ts'
import { say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

interface MergeFlags {
  readonly out: string
  readonly overwrite?: true
}

export function mergeCommand(program: Command, { terminal, done }: CommandContext): void {
  program
    .command('merge')
    .description('join bundle files into one, each bundle once, in an order of its own')
    .argument('<bundle...>', 'bundles and .jsonl files of them, and nothing else in them')
    .requiredOption(withShortForm('--out <FILE>'), 'file that is to hold all of them, a bundle a line')
    .option('--overwrite', 'replace the file if it is there; it may be one of those that are joined')
    .action(async (paths: string[], { out, overwrite }: MergeFlags) => {
      const whenPresent = overwrite === true ? 'replace' : 'refuse'
      const merged = await mergeBundles({ paths, out, whenPresent, world: worldOf(talking(terminal)) })
      const { read, doubled, written, path } = merged
      const short = relative(terminal.cwd, path)
      terminal.stdout.write(`${unsteering(short.startsWith('..') ? path : short)}\n`)
      say(terminal, `read ${read} bundles in ${paths.length} files, ${doubled} doubled, ${written} written`)
      done(0)
    })
}

/** Only what is waited for is worth a line. */
function talking(terminal: Terminal): Terminal {
  return {
    ...terminal,
    progress(text, kind) {
      if (kind === 'wait') say(terminal, `waiting: ${text}`)
    },
  }
}
