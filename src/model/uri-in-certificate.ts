/**
 * The form in which Fulcio writes a name into a certificate: it hands the text to Go (`url.Parse(text).String()` of net/url, then
 * crypto/x509), and what Go escapes, unescapes or refuses is so in the certificate. Names of branches and workflows need that.
 */

/** Bytes that Go leaves as they are in a path, and in a fragment (`shouldEscape`). */
const plain = { path: /^[A-Za-z0-9\-_.~$&+,/:;=@]$/, fragment: /^[A-Za-z0-9\-_.~$&+,/:;=@?!()*]$/ } as const

/** What is well escaped already, and therefore not escaped anew (`validEncoded`). */
const escaped = {
  path: /^[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]*$/,
  fragment: /^[A-Za-z0-9\-_.~$&+,/:;=@?!'()*[\]%]*$/,
} as const

/**
 * The text as it stands in a certificate, always ASCII; undefined for what no certificate can be had for. Stricter than Go in what no
 * job is called: an address with a user, with an escaped host, with a zone, with two slashes and no scheme.
 */
export function uriInCertificate(text: string): string | undefined {
  const bytes = Buffer.from(text).toString('latin1')
  const [, address = '', fragment = ''] = /^([^#]*)(?:#(.*))?$/s.exec(bytes) ?? []

  if (/[\x00-\x1f\x7f]/.test(address) || address.startsWith(':')) return undefined
  const [, scheme, rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(address) ?? []
  const [, place = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(rest) ?? []
  const start = placeInCertificate(scheme?.toLowerCase(), place)
  const end = partInCertificate(fragment, 'fragment')
  if (start === undefined || end === undefined) return undefined
  const written = `${start}${query}${end === '' ? '' : `#${end}`}`
  // A SAN is an IA5String (RFC 5280 §4.2.1.6). Go escapes nothing in a query.
  return /[^\x00-\x7f]/.test(written) ? undefined : written
}

function placeInCertificate(scheme: string | undefined, place: string): string | undefined {
  if (scheme === undefined) {
    return place.startsWith('//') || /^[^/]*:/.test(place) ? undefined : withoutHost(place)
  }
  if (!place.startsWith('/')) return `${scheme}:${place}`
  if (!place.startsWith('//')) return join(`${scheme}:`, withoutHost(place))
  const [, host = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(place) ?? []
  if (host === '' && path === '') return `${scheme}:`
  return isHost(host, scheme) ? join(`${scheme}://${host}`, partInCertificate(path, 'path')) : undefined
}

/** A path that begins with two slashes only once it is unescaped would be read as a host. */
function withoutHost(place: string): string | undefined {
  const path = partInCertificate(place, 'path')
  return path?.startsWith('//') === true ? undefined : path
}

function join(start: string, rest: string | undefined): string | undefined {
  return rest === undefined ? undefined : start + rest
}

/** `parseHost` of net/url and `domainNameValid` of crypto/x509; of addresses in brackets those without a zone. */
function isHost(host: string, scheme: string): boolean {
  if (host === '') return true
  if (host.startsWith('[')) return /^\[[0-9A-Fa-f:.]+\](?::[0-9]*)?$/.test(host) && isAddress(host)
  if (!/^[A-Za-z0-9\-_.~!$&'()*+,;=:\]<>"]+$/.test(host) || /^\.|\.\.|\.$/.test(host)) return false
  const colon = /^https?$/.test(scheme) ? host.indexOf(':') : host.lastIndexOf(':')
  return colon < 0 || /^:[0-9]*$/.test(host.slice(colon))
}

function isAddress(host: string): boolean {
  return URL.canParse(`http://${host.slice(0, host.indexOf(']') + 1)}/`) && !/^\.|\.\.|\.$/.test(host)
}

/** As it is where it is well escaped, else unescaped and escaped throughout; undefined where a `%` begins no escape. */
function partInCertificate(part: string, kind: keyof typeof plain): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(part)) return undefined
  if (escaped[kind].test(part)) return part
  const decoded = part.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return decoded.replace(/./gs, (byte) => (plain[kind].test(byte) ? byte : percent(byte)))
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
