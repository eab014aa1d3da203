/** What becomes of a token: its provider, and the identity that Fulcio writes for its claims. */
import type { Extensions } from '../model/identity.ts'
import type { Claims, TokenIdentity } from '../model/provider.ts'
import { providerRows } from './index.ts'
import type { ProviderRow } from './row.ts'

/** The claim as text; numbers and booleans as GitLab and CircleCI send some of them. Absent or structured: ''. */
function textOf(claims: Claims, name: string): string {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The row whose mark the claims carry; undefined for a token of no CI provider that we know (an e-mail, a workload). */
export function providerOf(claims: Claims): ProviderRow | undefined {
  return providerRows.find((row) => textOf(claims, row.mark) !== '')
}

/** The required claims that are absent or empty. */
export function missingClaims(row: ProviderRow, claims: Claims): string[] {
  return row.required.filter((name) => textOf(claims, name) === '')
}

/**
 * The identity that Fulcio writes for these claims. For tokens of no known provider: the e-mail address if it is verified,
 * else the subject where it is a URI; undefined where Fulcio would refuse.
 */
export function tokenIdentity(claims: Claims): TokenIdentity | undefined {
  const common = { issuer: textOf(claims, 'iss'), issuerV1: textOf(claims, 'iss'), tokenSubject: textOf(claims, 'sub') }
  const row = providerOf(claims)
  if (row !== undefined) {
    if (missingClaims(row, claims).length > 0) return undefined
    const { san, extensions } = row.identity((name) => textOf(claims, name))
    return {
      provider: row.id,
      subjectAlternativeName: { kind: 'uri', value: san },
      extensions: { ...common, ...withoutGaps(extensions) },
    }
  }
  const email = textOf(claims, 'email')
  const subject = textOf(claims, 'sub')
  if (email !== '') {
    if (textOf(claims, 'email_verified') !== 'true') return undefined
    return { provider: 'generic', subjectAlternativeName: { kind: 'email', value: email }, extensions: common }
  }
  if (!/^(https?|spiffe):\/\/./.test(subject)) return undefined
  return { provider: 'generic', subjectAlternativeName: { kind: 'uri', value: subject }, extensions: common }
}

function withoutGaps(extensions: { readonly [name in keyof Extensions]: string | undefined }): Extensions {
  return Object.fromEntries(Object.entries(extensions).filter(([, value]) => value !== undefined && value !== ''))
}
