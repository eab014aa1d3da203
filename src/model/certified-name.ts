/**
 * How a signer is called. Fulcio escapes the SAN, and leaves the same name as it is in an extension: a branch `größe` and one that is
 * really called `gr%C3%B6%C3%9Fe` have one SAN, and only the extension tells them apart.
 */
import type { CertificateIdentity, Pattern } from './identity.ts'
import { uriInCertificate } from './uri-in-certificate.ts'

/** The name before Fulcio escaped it, where the certificate has that too; else the SAN. */
export function signerName({
  subjectAlternativeName: name,
  extensions: { buildSignerUri, tokenSubject },
}: Pick<CertificateIdentity, 'extensions' | 'subjectAlternativeName'>): string | undefined {
  if (name?.kind !== 'uri') return name?.value
  const unescaped = [buildSignerUri, tokenSubject].find((it) => it !== undefined && escapedName(it) === name.value)
  return unescaped ?? name.value
}

/** A name as Fulcio writes it; undefined for what is no URI. */
function escapedName(name: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? uriInCertificate(name) : undefined
}

/**
 * Whether a pattern fits a name as it is, or as it is escaped. A name that has a `%` of its own may become any other by that (Go
 * takes `%40` for an `@`): its escaped form must be asked for whole.
 */
export function fitsName(pattern: Pattern, name: string): boolean {
  if (pattern.matches(name)) return true
  const escaped = escapedName(name)
  if (escaped === undefined || escaped === name) return false
  return name.includes('%') ? pattern.text === escaped : pattern.matches(escaped)
}
