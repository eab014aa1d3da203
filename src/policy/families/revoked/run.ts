/** Runs of CI that somebody else had in hand. */
import { unseen } from '../row.ts'
import { signingSpan } from '../../signed-time.ts'
import { isRun, runsOf } from './named.ts'
import { revokedRule } from './rule.ts'

export const run = revokedRule({
  kind: 'run',
  hint: 'build it again, in another run',
  matches: isRun,
  look({ provenance }) {
    const span = signingSpan(provenance.signed)
    const found = runsOf(provenance).map((name) => ({ name, span }))
    return { found, missing: found.length > 0 ? [] : [unseen('the run that signed', 'no run is named')] }
  },
})
