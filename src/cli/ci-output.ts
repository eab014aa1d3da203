/** `--ci-output`: the flag, and what becomes of it at the end of a command. */
import { Option } from 'commander'
import type { CiOutput } from '../report.ts'
import type { CommandContext } from './command.ts'
import { asFailure, exitCodeOf } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { withFlags } from './flags.ts'
import { say } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Never by detection: what a job runs for itself should not write into its page. */
export function ciOutputOption(): Option {
  return new Option('--ci-output <SYSTEM>', 'tell the CI job: outputs, summary, annotations or report').choices([
    'github',
    'gitlab',
  ])
}

export interface CiOutputEnd {
  readonly open: CommandContext['ciOutput']
  /** Writes it, if it was opened. The answer is the exit code: where writing fails, what was a yes is one no more. */
  readonly end: (exitCode: ExitCode, thrown?: unknown) => Promise<ExitCode>
}

export function newCiOutputEnd(terminal: Terminal): CiOutputEnd {
  let ci: CiOutput | undefined
  return {
    async open(command, system, options = withFlags) {
      if (system === undefined) return ci
      const { openCiOutput } = await import('../report.ts')
      ci = await openCiOutput({ system, command, style: { options }, world: worldOfCi(terminal) })
      return ci
    },
    async end(exitCode, thrown) {
      if (ci === undefined) return exitCode
      if (thrown !== undefined) ci.failed(asFailure(thrown))
      for (const line of ci.annotations(exitCode === 0 ? 'warning' : 'error')) terminal.stderr.write(`${line}\n`)
      try {
        for (const note of await ci.write()) say(terminal, `warning: ${note}`)
        return exitCode
      } catch (reason) {
        const { message, code, hint } = asFailure(reason)
        say(terminal, `error: ${message} (${code})`)
        if (hint !== undefined) say(terminal, `hint: ${hint}`)
        return exitCode === 0 ? exitCodeOf('undecided') : exitCode
      }
    },
  }
}

function worldOfCi({ env, cwd }: Terminal): Pick<Terminal, 'env' | 'cwd'> {
  return { env, cwd }
}
