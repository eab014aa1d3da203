/** When something was signed, as far as somebody other than the signer knows. */
import type { Signed } from '../model/evidence.ts'

/** A span in which something happened, in milliseconds since 1970: the least and the most that it may have been. */
export interface Span {
  readonly earliest: number
  readonly latest: number
}

/** The earliest moment that is vouched for; NaN where nobody says one, which is before and after nothing. */
export function vouchedTime({ times }: Pick<Signed, 'times'>): number {
  return times.length === 0 ? Number.NaN : Math.min(...times.map(({ time }) => Date.parse(time)))
}

/**
 * Whoever vouches for a signature saw it after it was made: it is at most as young as the earliest time, and no older than its certificate.
 * A key alone says nothing of how old: what it signed long ago can be logged today.
 */
export function signingSpan(signed: Pick<Signed, 'times' | 'signatory'>): Span {
  const { signatory } = signed
  const earliest =
    signatory.kind === 'certificate' ? Date.parse(signatory.identity.notBefore) : Number.NEGATIVE_INFINITY
  return { earliest, latest: vouchedTime(signed) }
}
