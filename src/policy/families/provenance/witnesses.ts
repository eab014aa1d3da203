/** How many others saw the signature: logs that hold it, and authorities that stamped it. One of them counts once, whatever it signed. */
import type { ErrorCode } from '../../../errors.ts'
import { unseen } from '../row.ts'
import type { RuleResult } from '../row.ts'
import type { PolicyRule } from '../row.ts'

function enough(atLeast: number, witnesses: readonly string[], what: string, code: ErrorCode): RuleResult[] {
  const count = new Set(witnesses).size
  const expected = `${what} of at least ${atLeast}`
  if (count === 0) return [unseen(expected, 'none')]
  const found = `of ${count}`
  return [count >= atLeast ? { outcome: 'pass', expected, found } : { outcome: 'fail', code, expected, found }]
}

export const logEntries: PolicyRule = {
  id: 'provenance/log-entries',
  hint: 'log the signature in another transparency log as well; two entries in one log are one witness',
  check({ provenance: asked }, { provenance: { signed } }) {
    const { logEntries: { atLeast } = {} } = asked ?? {}
    return atLeast === undefined ? undefined : enough(atLeast, signed.logs, 'entries in logs', 'log-entries-too-few')
  },
}

export const timestamps: PolicyRule = {
  id: 'provenance/timestamps',
  hint: 'let another authority stamp the signature as well; the time of a log entry is no timestamp',
  check({ provenance: asked }, { provenance: { signed } }) {
    const { timestamps: { atLeast } = {} } = asked ?? {}
    if (atLeast === undefined) return undefined
    return enough(atLeast, signed.authorities, 'timestamps of authorities', 'timestamps-too-few')
  },
}
