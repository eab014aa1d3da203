/**
 * Verdicts as one SARIF 2.1.0 log (OASIS). What was waived is suppressed, with the reason; what was skipped is not applicable; a
 * waiver that was set aside is informational. What could not be decided is an open result, and the run was not successful: whoever counts results must not take it for a pass.
 */
import type { Verdict } from '../../model/verdict.ts'
import { unsteeringJson } from '../../one-line.ts'
import { checkRows, countRows } from '../check-rows.ts'
import type { Style } from '../style.ts'
import { newHeldParts } from './document.ts'
import type { VerdictDocument } from './document.ts'
import { sarifResults } from './sarif-results.ts'
import type { SarifLevel, SarifResult } from './sarif-results.ts'
import { fileUri, messageText } from './sarif-text.ts'

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

export function newSarif(style: Style, version: string): VerdictDocument {
  const parts = newHeldParts('results', 'artifacts', 'notifications')
  const rules = new Map<string, string>()
  const words = (text: string): string => messageText(style.options(text))
  let isSuccessful = true
  let index = 0

  /** The place of a rule in the list of all. */
  const placeOfRule = ({ rule, help }: SarifResult): number => {
    if (!rules.has(rule)) {
      const text = messageText(`Rule ${rule} of Countersign`)
      const row = {
        id: messageText(rule),
        ...{ shortDescription: { text }, fullDescription: { text } },
        help: { text: help === undefined ? text : words(help) },
      }
      rules.set(rule, JSON.stringify(row))
    }
    return [...rules.keys()].indexOf(rule)
  }

  return {
    add(verdict) {
      const rows = checkRows(verdict)
      const artifactLocation = { uri: fileUri(verdict.artifact.name), index }
      index += 1
      isSuccessful &&= verdict.outcome !== 'undecided'
      parts.add('artifacts', artifactJson(verdict, rows))
      for (const it of sarifResults(verdict, rows)) {
        const { rule, kind, level, message, at = {}, more = [], waiver, fingerprint, properties } = it
        const result = {
          ...{ ruleId: messageText(rule), ruleIndex: placeOfRule(it), kind, level, message: { text: words(message) } },
          locations: [at, ...more].map((place) => locationOf(place, artifactLocation)),
          partialFingerprints: { 'countersign/v1': fingerprint },
          ...(waiver === undefined ? {} : { suppressions: [suppression(waiver)] }),
          properties,
        }
        parts.add('results', JSON.stringify(result))
      }
      for (const { level, id, text } of notificationsOf(verdict)) {
        const physicalLocation = { artifactLocation }
        const locations = [{ physicalLocation }]
        parts.add(
          'notifications',
          JSON.stringify({ level, descriptor: { id }, message: { text: words(text) }, locations }),
        )
      }
    },
    end() {
      const { results, artifacts, notifications } = parts.all()
      const driver = `{"name":"Countersign","semanticVersion":${JSON.stringify(version)},"rules":[${[...rules.values()].join(',')}]}`
      const invocation = `{"executionSuccessful":${String(isSuccessful)},"toolExecutionNotifications":[${notifications.join(',')}]}`
      const run = [
        `"tool":{"driver":${driver}}`,
        `"invocations":[${invocation}]`,
        `"artifacts":[${artifacts.join(',')}]`,
        `"results":[${results.join(',')}]`,
        '"columnKind":"utf16CodeUnits"',
      ]
      return `${unsteeringJson(`{"$schema":"${schema}","version":"2.1.0","runs":[{${run.join(',')}}]}`)}\n`
    },
  }
}

/** The artifact and what was asked about it; `properties` are ours (SARIF §3.8). */
function artifactJson(
  { artifact, outcome, question, trust, policy }: Verdict,
  rows: Parameters<typeof countRows>[0],
): string {
  const { checks: _, ...identity } = policy ?? { checks: [] }
  return JSON.stringify({
    location: { uri: fileUri(artifact.name) },
    hashes: Object.fromEntries(Object.entries(artifact.digest).map(([name, it]) => [ianaName(name), it])),
    properties: {
      ...{ name: artifact.name, outcome, checks: countRows(rows), question, trust },
      ...(policy === undefined ? {} : { policy: identity }),
    },
  })
}

/** As SARIF names hash functions (§3.24.11): `sha-256`. */
function ianaName(algorithm: string): string {
  return algorithm.replace(/^sha(?=\d{3}$)/, 'sha-')
}

/** A file of a change, else the artifact; commits and sessions are no files. */
function locationOf({ path, commit, session }: NonNullable<SarifResult['at']>, artifactLocation: object): object {
  const logicalLocations = [
    ...(commit === undefined ? [] : [{ name: commit, kind: 'commit' }]),
    ...(session === undefined ? [] : [{ name: session, kind: 'session' }]),
  ]
  return {
    physicalLocation: { artifactLocation: path === undefined ? artifactLocation : { uri: fileUri(path) } },
    ...(logicalLocations.length === 0 ? {} : { logicalLocations }),
  }
}

function suppression({ reason, signer, expires, sha256 }: NonNullable<SarifResult['waiver']>): object {
  return {
    ...{ kind: 'external', status: 'accepted' },
    justification: messageText(`${reason} (${signer}, until ${expires})`),
    properties: { reason, signer, expires, sha256 },
  }
}

interface Notification {
  readonly level: SarifLevel
  readonly id: string
  readonly text: string
}

/** What the run has to say beside its results. */
function notificationsOf(verdict: Verdict): Notification[] {
  const { artifact, unreadable, unrelated = 0 } = verdict
  return [
    ...(verdict.outcome === 'undecided'
      ? [
          {
            ...({ level: 'error', id: verdict.failure.code } as const),
            text: `${artifact.name} could not be decided: ${verdict.failure.message}`,
          },
        ]
      : []),
    ...unreadable.map(({ bundle, code, message }) => ({
      ...({ level: 'warning', id: code } as const),
      text: `${bundle} cannot be read: ${message}`,
    })),
    ...(unrelated === 0
      ? []
      : [
          {
            ...({ level: 'note', id: 'bundles-unrelated' } as const),
            text: `${unrelated} bundles are about other artifacts than ${artifact.name}`,
          },
        ]),
  ]
}
