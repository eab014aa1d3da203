/** Rows of trackers, judged beyond their schema: each says something, and a key belongs to one tracker. */
import type { EvidenceConfigFile, OwnTracker } from '../../model/evidence-config.ts'
import { malformed } from './place.ts'
import type { Place } from '../../model/yaml/place.ts'

/** Those whose keys begin with a prefix; forges count in each repository from 1. */
const withPrefixes = ['jira', 'linear']

/** Error: `config-malformed`, with the place. */
export function trackersOf(
  rows: NonNullable<EvidenceConfigFile['trackers']>,
  at: (path: readonly PropertyKey[]) => Place,
): OwnTracker[] {
  const taken = new Set<string>()
  return rows.map(({ system, url, prefixes = [] }, row) => {
    if (url === undefined && prefixes.length === 0)
      throw malformed(at([row]), 'it names neither an address nor a prefix')
    if (prefixes.length > 0 && !withPrefixes.includes(system)) {
      throw malformed(at([row, 'prefixes']), `tickets of ${system} have no prefix`)
    }
    for (const [index, prefix] of prefixes.entries()) {
      if (taken.has(prefix)) throw malformed(at([row, 'prefixes', index]), 'it stands in this file twice')
      taken.add(prefix)
    }
    return { system, url: url === undefined ? undefined : addressOf(url, at([row, 'url'])), prefixes }
  })
}

/** Its parser has the last word on what an address is: it could take one for another host's than people see. */
function addressOf(written: string, place: Place): string {
  const url = URL.parse(written)
  const isPlain = url !== null && url.href.replace(/\/$/, '') === written.replace(/\/$/, '')
  if (!isPlain) throw malformed(place, 'it is no plain https address')
  return url.href.replace(/\/$/, '')
}
