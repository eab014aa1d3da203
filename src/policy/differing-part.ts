/** Where two identities or addresses differ: enough for a person to see a typo or a forgery, and nothing to copy. */
import { splitPattern } from '../model/identity.ts'
import { uriInCertificate } from '../model/uri-in-certificate.ts'
import type { DifferingPart } from '../model/verdict.ts'

interface Address {
  readonly host: string
  readonly owner: string
  readonly name: string
  readonly path: string
  readonly ref: string
}

/** The first part in which they differ, the most telling first; `value` for what is no address, or another host. */
export function differingPart(expected: string, found: string): DifferingPart {
  if (expected.toLowerCase() === found.toLowerCase()) return 'case'
  const [asked, had] = [addressOf(expected), addressOf(found)]
  if (asked === undefined || had === undefined || asked.host !== had.host) {
    return expected.startsWith('refs/') && found.startsWith('refs/') ? 'ref' : 'value'
  }
  const escaped = addressOf(uriInCertificate(found) ?? '')
  const differing = (['owner', 'name', 'path', 'ref'] as const).filter(
    (part) => asked[part] !== had[part] && asked[part] !== escaped?.[part],
  )
  // A part that was asked for with a wildcard may well be met: it is named only where no other differs.
  return differing.find((part) => !asked[part].includes('*')) ?? differing[0] ?? 'value'
}

/** `https://host/owner/name/path@ref`; whatever is not there is empty. */
function addressOf(text: string): Address | undefined {
  const [, host, owner = '', name = '', rest = ''] =
    /^[a-z+]+:\/\/([^/]+)(?:\/([^/@]+))?(?:\/([^/@]+))?(.*)$/s.exec(text) ?? []
  if (host === undefined) return undefined
  const { file, ref = '' } = splitPattern(rest)
  return { host, owner, name, path: file, ref }
}
