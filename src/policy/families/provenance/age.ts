/** How long ago it was signed, by the clocks of others. */
import { limits } from '../../../model/limits.ts'
import { vouchedTime } from '../../signed-time.ts'
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'
import { counted } from '../../../model/counted.ts'

const day = 24 * 60 * 60 * 1_000

export const age: PolicyRule = {
  id: 'provenance/age',
  hint: 'build it again: what is old may lack repairs that the policy counts on',
  check({ provenance: asked }, { now, provenance: { signed } }) {
    if (asked?.maxAgeDays === undefined) return undefined
    const expected = `signed at most ${counted(asked.maxAgeDays, 'day')} before ${now}`
    const moment = Date.parse(now)
    const first = vouchedTime(signed)
    if (Number.isNaN(first) || Number.isNaN(moment)) return [unseen(expected, 'nobody says when it was signed')]
    const last = Math.max(...signed.times.map(({ time }) => Date.parse(time)))
    const found = new Date(first).toISOString()
    if (!(last <= moment + limits.policyClockSkew * 1_000)) {
      return [{ outcome: 'fail', code: 'signed-in-future', expected, found: new Date(last).toISOString() }]
    }
    return [
      moment - first <= asked.maxAgeDays * day
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'attestation-too-old', expected, found },
    ]
  },
}
