/** Trust material for a person: where it came from, how fresh it is, and whose signatures count by it. */
import type { TrustReport, TrustedService } from '../model/trust-report.ts'
import type { Style } from './style.ts'
import { cell, fields, table } from './table.ts'

const obtainedWords = {
  fetched: 'fetched now',
  cache: 'from the cache',
  seed: 'built-in seed',
  file: 'from a file',
  given: 'kept on this machine',
} as const

export function trustText(report: TrustReport, style: Style): string {
  const { origin, obtained, digest, tuf, services, imported, changes } = report
  return [
    style.strong(cell(origin)),
    ...fields([
      ['obtained', obtainedWords[obtained]],
      ['digest', `sha256:${digest}`],
      ...(imported === undefined
        ? []
        : ([
            ['kept as', cell(imported.name)],
            ['in', cell(imported.path)],
          ] as const)),
      ...(tuf === undefined ? [] : tufFields(tuf, style)),
    ]),
    ...(changes === undefined ? [] : changeLines(changes)),
    '  trusted',
    ...table(['role', 'host or name', 'key', 'algorithm', 'from', 'until'], services.map(serviceRow), '    '),
    '',
  ].join('\n')
}

function tufFields(tuf: NonNullable<TrustReport['tuf']>, style: Style): (readonly [string, string])[] {
  const freshness = tuf.freshness === 'fresh' ? style.good('fresh') : style.bad(tuf.freshness)
  return [
    ['mirror', cell(tuf.mirror)],
    ['freshness', tuf.refreshedAt === undefined ? freshness : `${freshness}, refreshed ${day(tuf.refreshedAt)}`],
    ...tuf.roles.map(
      ({ role, version, expires, expired }) =>
        [cell(role), `v${version}, ${expired ? style.bad('expired') : 'expires'} ${day(expires)}`] as const,
    ),
  ]
}

function changeLines(changes: readonly string[]): string[] {
  return ['  changed', ...(changes.length === 0 ? ['    nothing'] : changes.map((it) => `    ${cell(it)}`))]
}

function serviceRow({ role, host, name, keyId, algorithm, validFrom, validUntil }: TrustedService): string[] {
  return [
    role,
    cell(host ?? name),
    keyId,
    cell(algorithm),
    day(validFrom),
    validUntil === undefined ? '-' : day(validUntil),
  ]
}

/** To the minute: enough for a person, and the JSON has the rest. */
function day(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')}Z`
}
