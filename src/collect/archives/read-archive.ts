/** Bytes → the archive that they are. What cannot be read whole is a finding, and says nothing of equal members. */
import { gunzip } from './gzip.ts'
import { Unreadable, isGzip, isTar, isZip, sha256Of } from './member.ts'
import type { ArchiveFinding, Budget, Member, Reading } from './member.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip.ts'

/** Undefined: it is no archive, by its first bytes. */
export function readArchive(bytes: Buffer, budget: Budget): Reading | undefined {
  if (isGzip(bytes)) return readGzip(bytes, budget)
  if (isTar(bytes)) return tarReading(bytes, budget)
  return isZip(bytes) ? guarded('zip', () => readZip(bytes, budget)) : undefined
}

function tarReading(bytes: Buffer, budget: Budget): Reading {
  return guarded('tar', () => ({ ...readTar(bytes, budget), metadata: {} }))
}

function readGzip(bytes: Buffer, budget: Budget): Reading {
  return guarded('gzip', () => {
    const { content, metadata, packed, trailing } = gunzip(bytes, budget)
    const stream = { packed, content: sha256Of(content) }
    const outside: readonly ArchiveFinding[] = trailing ? [{ code: 'bytes-outside-members' }] : []
    if (isTar(content)) {
      const inner = tarReading(content, budget)
      return { ...inner, format: 'tar.gz', metadata, stream, findings: [...outside, ...inner.findings] }
    }
    const only: Member = {
      name: '',
      kind: 'file',
      sha256: stream.content,
      metadata: {},
      packed: undefined,
      archive: undefined,
    }
    return { ...{ members: [only], metadata, stream }, findings: outside }
  })
}

type Read = Pick<Reading, 'members' | 'metadata' | 'findings'> & Partial<Reading>

function guarded(format: Reading['format'], read: () => Read): Reading {
  try {
    const reading = read()
    const repeated = repeatedNames(reading.members)
    return {
      ...{ format, stream: undefined, isPartial: false, ...reading },
      members: reading.members.filter(({ name }) => !repeated.has(name)),
      findings: [...reading.findings, ...[...repeated].map((name) => ({ code: 'member-duplicate', name }) as const)],
    }
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    return { ...{ format, members: [], metadata: {}, stream: undefined, isPartial: true }, findings: [thrown.finding] }
  }
}

/** Of two members of one name one program takes the first and another the last. */
function repeatedNames(members: readonly Member[]): ReadonlySet<string> {
  const seen = new Set<string>()
  return new Set(members.flatMap(({ name }) => (seen.size === seen.add(name).size ? [name] : [])))
}
