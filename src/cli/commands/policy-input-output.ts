/** `--format policy-input`: the verified evidence for another engine, and nothing where nobody who may sign did. */
import { explain } from '../../policy.ts'
import { jsonOf } from '../../report.ts'
import { VerificationError } from '../../verify.ts'
import type { ArtifactInput, BulkRequest, Verdict } from '../../verify.ts'
import { jsonFor, say } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

/** A document a line. What refuses an artifact is said, so that its absence is no riddle. */
export async function* writeInputs(
  artifacts: readonly (string | ArtifactInput)[],
  request: BulkRequest,
  terminal: Terminal,
): AsyncGenerator<Verdict> {
  for await (const { verdict, input } of explain(artifacts, request)) {
    if (input !== undefined) terminal.stdout.write(jsonFor(terminal.stdout, jsonOf(input)))
    if (verdict.outcome !== 'pass') {
      const { message, code, hint } = new VerificationError(verdict)
      say(terminal, `error: ${message} (${code})`)
      if (hint !== undefined) say(terminal, `hint: ${hint}`)
    }
    yield verdict
  }
}
