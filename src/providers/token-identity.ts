/** What becomes of a token: its provider, and the identity that Fulcio writes for its claims. */
import type { Extensions } from '../model/identity.ts'
import type { Claims, TokenIdentity } from '../model/provider.ts'
import { uriInCertificate } from '../model/uri-in-certificate.ts'
import { providerRows } from './index.ts'
import type { ProviderRow } from './row.ts'

/** The claim as text. Absent, null or structured: ''. */
function textOf(claims: Claims, name: string): string {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number') return goNumber(value)
  return typeof value === 'boolean' ? String(value) : ''
}

/** The claim as Fulcio puts it into a template (pkg/identity/ciprovider/principal.go): null is a text there. */
function templateText(claims: Claims, name: string): string {
  return Object.hasOwn(claims, name) && claims[name] === null ? '<nil>' : textOf(claims, name)
}

/** Go's `%v` of a float64: whole numbers of seven digits and more in scientific notation, its exponent of two digits. */
function goNumber(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) < 1e6) return String(value)
  return value.toExponential().replace(/\+(\d)$/, '+0$1')
}

/** The row whose mark the claims carry; undefined for a token of no CI provider that we know (an e-mail, a workload). */
export function providerOf(claims: Claims): ProviderRow | undefined {
  return providerRows.find((row) => textOf(claims, row.mark) !== '')
}

/** The required claims that are absent, null or empty. */
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
    const { san, extensions } = row.identity((name) => templateText(claims, name))
    const value = uriInCertificate(san)
    if (value === undefined) return undefined
    return {
      provider: row.id,
      subjectAlternativeName: { kind: 'uri', value },
      extensions: { ...common, ...withoutGaps(extensions) },
    }
  }
  const email = textOf(claims, 'email')
  const subject = textOf(claims, 'sub')
  if (email !== '') {
    if (textOf(claims, 'email_verified') !== 'true') return undefined
    // An address in a certificate is an IA5String (RFC 5280 §4.2.1.6), and nothing escapes it.
    if (!/^[\u0020-\u007e]+$/.test(email)) return undefined
    return { provider: 'generic', subjectAlternativeName: { kind: 'email', value: email }, extensions: common }
  }
  const value = /^(https?|spiffe):\/\/./.test(subject) ? uriInCertificate(subject) : undefined
  if (value === undefined) return undefined
  return { provider: 'generic', subjectAlternativeName: { kind: 'uri', value }, extensions: common }
}

function withoutGaps(extensions: { readonly [name in keyof Extensions]: string | undefined }): Extensions {
  return Object.fromEntries(Object.entries(extensions).filter(([, value]) => value !== undefined && value !== ''))
}
