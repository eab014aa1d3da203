/** What bundles claim, for a person, under a heading that nobody can take for a yes. */
import type { Inspection } from '../model/inspection.ts'
import { indentedJson, jsonOf, membersIn, objectOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { buildFields } from './build.ts'
import { sessionLines } from './sessions.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'

const shownSubjects = 20

export function inspectionText(inspection: Inspection, style: Style): string {
  const { signer, statement } = inspection
  return [
    style.strong(`not verified  ${cell(inspection.bundle)}`),
    ...fields([
      ...besideFields(inspection),
      ['format', cell(inspection.format)],
      ['signer', signer.kind === 'certificate' ? cell(signer.identity) : signerWords(signer)],
      ...(signer.fingerprint === undefined ? [] : ([['certificate', `sha256:${signer.fingerprint}`]] as const)),
      ...(signer.notBefore === undefined
        ? []
        : ([['valid', `${signer.notBefore} to ${cell(signer.notAfter)}`]] as const)),
      ['signatures', String(inspection.signatures)],
      ['times', inspection.times.map((it) => `${it.time} (${it.source})`).join(', ') || 'none'],
    ]),
    ...list('extensions of the certificate', fields(extensionPairs(signer), '    ')),
    ...list(
      'log entries',
      inspection.logEntries.map(
        (it) =>
          `    ${cell(it.kind)}  index ${cell(it.logIndex)}  ${it.inclusion.join(' + ') || 'no inclusion'}  log ${cell(it.logId)}`,
      ),
    ),
    ...(statement === undefined
      ? []
      : [
          ...list('subjects', subjectLines(statement.subjects)),
          ...fields([
            ['predicate type', cell(statement.predicateType)],
            ...(inspection.buildType === undefined ? [] : ([['build type', cell(inspection.buildType)]] as const)),
            ...(inspection.builderId === undefined ? [] : ([['builder', cell(inspection.builderId)]] as const)),
            ...(inspection.invocationId === undefined ? [] : ([['run', cell(inspection.invocationId)]] as const)),
            ...buildFields(inspection),
          ]),
          ...list('predicate', documentLines(statement.predicate)),
          ...list('other members of the statement', documentLines(statement.others)),
          '  AI sessions',
          ...sessionLines(inspection.sessions, inspection.attribution, '    '),
        ]),
    ...list(
      'could not be read',
      inspection.problems.map((it) => `    ${cell(it)}`),
    ),
    '',
  ].join('\n')
}

/** Whose bundle was looked for: one that lies beside a file need not be about it. */
function besideFields({ artifact }: Inspection): (readonly [string, string])[] {
  if (artifact === undefined) return []
  const digests = Object.entries(artifact.digest).map(([algorithm, value]) => `${cell(algorithm)}:${cell(value)}`)
  const names = artifact.named ? 'named as a subject' : 'NOT named as a subject: this is about another file'
  return [['beside', [cell(artifact.name), ...digests, `(${names})`].join(' ')]]
}

function list(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${heading}`, ...lines]
}

function signerWords({ kind, keyHint }: Inspection['signer']): string {
  return kind === 'key' ? `a key, hint ${cell(keyHint)}` : 'none: no certificate and no key'
}

function extensionPairs({ extensions }: Inspection['signer']): (readonly [string, string])[] {
  return Object.entries(extensions ?? {}).map(([name, value]) => [name, cell(value)] as const)
}

function subjectLines(subjects: NonNullable<Inspection['statement']>['subjects']): string[] {
  const lines = subjects.slice(0, shownSubjects).flatMap((subject) => {
    const digests = Object.entries(subject.digest).map(([algorithm, value]) => `${cell(algorithm)}:${cell(value)}`)
    const others = membersIn(jsonOf(subject)).filter((it) => it.name !== 'name' && it.name !== 'digest')
    return [
      `    ${cell(subject.name)}  ${digests.join(' ')}`,
      ...(others.length === 0 ? [] : [`      also ${cell(unsteeringJson(objectOf(others)))}`]),
    ]
  })
  return subjects.length > shownSubjects ? [...lines, `    and ${subjects.length - shownSubjects} more`] : lines
}

const documentCharacters = 4_000

/** A part of the document as JSON, as it stands there; long ones are cut, and the JSON view has all of it. */
function documentLines(part: object | undefined): string[] {
  if (part === undefined) return []
  const text = indentedJson(jsonOf(part))
  const lines = text.slice(0, documentCharacters).split('\n')
  return [
    // `cell` trims, so the indentation is put back.
    ...lines.map((line) => `    ${' '.repeat(line.length - line.trimStart().length)}${cell(unsteeringJson(line))}`),
    ...(text.length > documentCharacters
      ? [`    … and ${text.length - documentCharacters} more characters; the JSON view shows all of it`]
      : []),
  ]
}
