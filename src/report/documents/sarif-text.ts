/** Text and addresses from outside, for SARIF 2.1.0. */
import { oneLine } from '../../one-line.ts'

/**
 * Text of a message. In one, `[words](address)` is a link (§3.11.6) and `{0}` a placeholder (§3.11.5); readers differ in which escapes
 * they know, so both are broken by a blank. What is exact stands in properties.
 */
export function messageText(text: string): string {
  return oneLine(text)
    .toWellFormed()
    .replaceAll('](', '] (')
    .replace(/\{(?=\d)/g, '{ ')
}

/** A path or another name of a file as a relative reference (RFC 3986 §4.2), or as one of the `file` scheme. */
export function fileUri(path: string): string {
  const segments = path.toWellFormed().split('/')
  const uri = segments.map(encodeURIComponent).join('/')
  if (!path.startsWith('/')) return uri
  // `//host` would name another machine.
  return `file:///${uri.replace(/^\/+/, '')}`
}
