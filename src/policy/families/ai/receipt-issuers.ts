/** Who may vouch for a session: with a receipt, or as a portal that was asked. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { sessionsMissing } from './looked.ts'
import { allowedIdentities } from './names.ts'
import { namedSessions } from './named-sessions.ts'
import type { NamedSession } from './named-sessions.ts'

export const receiptIssuers: AiRule = {
  id: 'ai/receipt-issuers',
  hint: 'have an issuer whom the policy names vouch for the session, or let the policy name this one',
  check({ ai: asked }, { ai }) {
    if (asked?.receiptIssuers === undefined) return undefined
    const expected = `one of ${asked.receiptIssuers.join(', ')}`
    const missing = sessionsMissing(ai)
    if (missing !== undefined) return [unseen(expected, missing)]
    const isTrusted = allowedIdentities(asked.receiptIssuers)
    const vouched = namedSessions(ai).flatMap((it) => vouchers(it).map((voucher) => ({ uri: it.uri, voucher })))
    const failing = vouched
      .filter(({ voucher }) => voucher === undefined || !isTrusted(voucher))
      .map(({ uri, voucher }): RuleResult => {
        const found = voucher ?? 'it is vouched for, and nobody says by whom'
        return { outcome: 'fail', code: 'receipt-issuer-refused', at: { session: uri }, expected, found }
      })
    if (failing.length > 0) return failing
    const found = vouched.length === 0 ? 'nobody vouches for a session' : `${vouched.length} are vouched for`
    return [{ outcome: 'pass', expected, found }]
  },
}

/** Everybody who vouches; undefined for one that is not named. */
function vouchers({ said, level }: NamedSession): (string | undefined)[] {
  const { receipt, portal } = said ?? {}
  const all = [
    ...(receipt === undefined ? [] : [receipt.issuer]),
    ...(portal === undefined || level !== 'vouched' ? [] : [`https://${portal.host}`]),
  ]
  return all.length === 0 && level === 'vouched' ? [undefined] : all
}
