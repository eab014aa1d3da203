/** Step outputs as the file in GITHUB_OUTPUT takes them. */
import { CountersignError } from '../../errors.ts'
import type { Output } from './outputs.ts'

/**
 * `name<<delimiter`, the value, the delimiter. The delimiter is made up for each write, so that no value can hold it and go on
 * with outputs of its own. Error: `internal` (one that does, or a name that is none: no run of the program gives either).
 */
export function stepOutputs(outputs: readonly Output[], delimiter: string): string {
  return outputs
    .map(([name, value]) => {
      if (!/^[a-z]+(?:-[a-z]+)*$/.test(name) || value.includes(delimiter)) {
        throw new CountersignError('internal', `the output ${name} cannot be written`)
      }
      return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
    })
    .join('')
}
