/** Bytes of a configuration → what it says. Loaded where there is one, with the parser of YAML. */
import { CountersignError } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import { evidenceConfigFile } from '../../model/evidence-config.ts'
import type { EvidenceConfig, EvidenceConfigFile, EvidenceRemote } from '../../model/evidence-config.ts'
import { sessionReaders } from '../sessions/readers/index.ts'
import { refusedMembers } from '../../model/refused-members.ts'
import type { RefusedMember } from '../../model/refused-members.ts'
import { refuseTaking } from './own-tools.ts'
import { trackersOf } from './own-trackers.ts'
import { malformed, placeWords } from './place.ts'
import type { Place } from '../../model/yaml/place.ts'
import { parseYamlText } from '../../model/yaml/yaml-text.ts'
import type { YamlText } from '../../model/yaml/yaml-text.ts'

/** Errors: `config-malformed`, `config-refused`. */
export function readConfigBytes(bytes: Buffer): EvidenceConfig {
  const text = parseYamlText(bytes, malformed)
  const schema = evidenceConfigFile()
  const parsed = schema.safeParse(text.value)
  if (!parsed.success) throw faultAt(refusedMembers(schema, parsed.error.issues, text.value)[0], text)
  const { tools = [], readers, remotes = [], trackers = [], identityKey, receiptIssuers } = parsed.data
  refuseTaking(tools, (path) => text.placeOf(['tools', ...path]))
  return {
    sha256: sha256Hex(bytes),
    tools,
    skip: skipped(readers, text),
    remotes: remotes.map((it, index) => remoteOf(it, text.placeOf(['remotes', index]))),
    trackers: trackersOf(trackers, (path) => text.placeOf(['trackers', ...path])),
    identityKey,
    receiptIssuers,
  }
}

/** A name that no reader has would leave out nothing, and whoever wrote it would think that it does. */
function skipped(readers: EvidenceConfigFile['readers'], text: YamlText): string[] {
  const ids = sessionReaders.map((it) => it.id)
  for (const [index, id] of (readers?.skip ?? []).entries()) {
    if (ids.includes(id)) continue
    throw malformed(text.placeOf(['readers', 'skip', index]), `no reader is called ${id}; there are ${ids.join(', ')}`)
  }
  return [...new Set(readers?.skip)].sort()
}

/** Hosts that only the machine itself, or its network, knows by these names. */
const inside = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp)$|^[\d.]+$|^\[|^[^.]+$/

/** A job would ask whatever a commit names: so no machine of its own network, by number or by name. */
function remoteOf(written: string, place: Place): EvidenceRemote {
  if (!written.startsWith('https://')) return { kind: 'name', name: written }
  const url = URL.parse(written)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw malformed(place, 'it is no https address without user and query')
  }
  if (inside.test(url.hostname.replace(/\.$/, ''))) {
    throw new CountersignError('config-refused', `${placeWords(place)}: an address inside of a network is not asked`, {
      hint: 'name a remote of the clone, which is set up by the job',
    })
  }
  return { kind: 'address', url: url.href.replace(/\/+$/, '') }
}

/** Said by code: the schema has no words of its own, and values of the file stand in no message. */
function faultAt(refused: RefusedMember | undefined, text: YamlText): CountersignError {
  if (refused === undefined) return malformed(undefined, 'it is not what its schema says')
  const { unknown, path, member, words } = refused
  const place = text.placeOf(path)
  if (unknown !== undefined && /^(?:(?:allowed|forge)-?signers|keyring)$/i.test(unknown)) {
    return new CountersignError('config-refused', `${placeWords(place)}: keys of people are not named by a commit`, {
      hint: 'anyone who commits could make themselves a signer: the job names signers',
      option: 'allowedSigners',
    })
  }
  return malformed(place, `${member === '' ? 'the file' : member} ${words}`)
}
