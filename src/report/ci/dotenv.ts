/** Variables for later jobs, as GitLab's dotenv report takes them: no quoting, no blanks, no line breaks, no expansion. */
import { limits } from '../../model/limits.ts'
import type { JobReport } from './job-report.ts'
import { outputsOf } from './outputs.ts'

export interface Dotenv {
  readonly text: string
  /** Names of variables whose values a dotenv file cannot carry. */
  readonly leftOut: readonly string[]
}

/** Nothing in it is expanded ($), quoted, or the end of a line, whatever reads it. */
const plain = /^[A-Za-z0-9._~:/@%+=,-]*$/

export function dotenvOf(report: JobReport): Dotenv {
  const lines: string[] = []
  const leftOut: string[] = []
  let bytes = 0
  for (const [output, value] of outputsOf(report)) {
    const name = `COUNTERSIGN_${report.command}_${output}`.toUpperCase().replaceAll('-', '_')
    const line = `${name}=${value.replaceAll('\n', ',')}\n`
    // Half for each of the two commands, because the reports of a job count together.
    const isFull = bytes + line.length > limits.dotenvBytes / 2 || lines.length >= limits.dotenvVariables / 2
    if (isFull || !plain.test(line.slice(name.length + 1, -1))) leftOut.push(name)
    else {
      lines.push(line)
      bytes += line.length
    }
  }
  return { text: lines.join(''), leftOut }
}
