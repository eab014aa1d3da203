/** A comparison of builds, for a person: of two builds at hand, and of a signed comparison in a verdict. */
import { countKinds } from '../model/rebuild-report.ts'
import type { ArtifactComparison, MemberDifference, NotCompared, RebuildReport } from '../model/rebuild-report.ts'
import type { RebuildSummary } from '../model/rebuild-summary.ts'
import { unsteeringJson } from '../one-line.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'

/** Differences of one artifact that are shown; the JSON view has all. */
const shownDifferences = 40
/** Artifacts that are the same, likewise. */
const shownSame = 100

const kindWords: { readonly [kind in MemberDifference['kind']]: string } = {
  content: 'content',
  metadata: 'metadata',
  order: 'order',
  'only-in-a': 'only in A',
  'only-in-b': 'only in B',
  compression: 'compression',
}

const membersWords = {
  equal: 'equal members: the contents are the same, the bytes of the artifact are not',
  differ: 'members differ',
  'not-compared': 'members not compared: nothing is said to be equal',
} as const

const reasonWords: { readonly [code in NotCompared['code']]: string } = {
  'archive-malformed': 'broken, or one program would read it otherwise than another',
  'archive-too-large': 'too large to be compared',
  'archive-too-many-members': 'too many members to be compared',
  'bytes-outside-members': 'bytes that belong to no member',
  'member-duplicate': 'two members of this name',
  'member-encrypted': 'encrypted',
  'member-sparse': 'sparse',
  'member-unsupported': 'packed in a way that is not known here',
}

export function rebuildReportText({ outcome, artifacts, leftOut }: RebuildReport, style: Style): string {
  const same = artifacts.filter((it) => it.outcome === 'same')
  const more = same.length - shownSame
  return [
    ...artifacts.filter((it) => it.outcome === 'differs').flatMap((it) => artifactLines(it, style)),
    ...same.slice(0, shownSame).flatMap((it) => artifactLines(it, style)),
    ...(more > 0 ? [`and ${more} more that are the same`] : []),
    ...(leftOut > 0 ? [style.faint(`left out: ${leftOut} that lie beside artifacts and are none`)] : []),
    ...(artifacts.length > 1
      ? [
          `${outcome === 'same' ? style.good(outcome) : style.bad(outcome)}  ${same.length} of ${artifacts.length} artifacts`,
        ]
      : []),
    '',
  ].join('\n')
}

function artifactLines(it: ArtifactComparison, style: Style): string[] {
  const { outcome, name, a, b, members, differences, notCompared } = it
  const head = `${outcome === 'same' ? style.good(outcome) : style.bad(outcome)}  ${shown(name)}`
  if (outcome === 'same') return [`${head}  sha256:${cell(a?.sha256)}`]
  const counts = Object.entries(countKinds(differences)).map(
    ([kind, count]) => `${count} ${kindWords[kind as keyof typeof kindWords]}`,
  )
  return [
    head,
    ...fields([
      ...(a === undefined ? [] : [['A', `sha256:${cell(a.sha256)}, ${a.size} bytes`] as const]),
      ...(b === undefined ? [] : [['B', `sha256:${cell(b.sha256)}, ${b.size} bytes`] as const]),
      ...(members === undefined ? [] : [['members', membersWords[members]] as const]),
      ...(counts.length === 0 ? [] : [['differences', counts.join(', ')] as const]),
    ]),
    ...listed(notCompared.map(unreadLine)),
    ...listed(differences.map(differenceLine)),
  ]
}

function listed(lines: readonly string[]): string[] {
  const more = lines.length - shownDifferences
  return [...lines.slice(0, shownDifferences).map((it) => `    ${it}`), ...(more > 0 ? [`    and ${more} more`] : [])]
}

function differenceLine({ kind, fields: differing = [], ...place }: MemberDifference): string {
  const what = differing.length === 0 ? '' : ` (${differing.map(cell).join(', ')})`
  return `${kindWords[kind].padEnd(11)}  ${placeWords(place)}${what}`
}

function unreadLine({ side, code, ...place }: NotCompared): string {
  return `not compared in ${side.toUpperCase()}  ${placeWords(place)}: ${reasonWords[code]} (${code})`
}

function placeWords({ name, within }: Pick<MemberDifference, 'name' | 'within'>): string {
  const member = name === undefined ? 'the archive itself' : shown(name)
  return within === undefined ? member : `${name === undefined ? '' : `${member} in `}${shown(within)}`
}

/** A name from an archive: quoted, so that what cannot be seen in it, and where it begins and ends, is seen. */
function shown(name: string): string {
  return cell(unsteeringJson(JSON.stringify(name)))
}

export function rebuildFields(rebuild: RebuildSummary): (readonly [string, string])[] {
  const { outcome, rebuilt, source, sourceBy, at, members, differences, notCompared } = rebuild
  const by = { certificate: ', as the certificate says too', job: ', as the job says' }
  const counts = Object.entries(differences).map(([kind, count]) => `${count} ${cell(kind)}`)
  return [
    ['rebuilt', `${outcome === 'same' ? 'the same bytes' : 'other bytes'}, sha256:${cell(rebuilt)}`],
    ...(source === undefined
      ? []
      : ([
          ['rebuilt from', `${cell(source.uri)} ${cell(source.commit)}${sourceBy === undefined ? '' : by[sourceBy]}`],
        ] as const)),
    ['at', `${cell(at)}, by the clock of the job`],
    ...(members === undefined ? [] : ([['members', membersWords[members]]] as const)),
    ...(counts.length === 0 ? [] : ([['differences', counts.join(', ')]] as const)),
    ...(notCompared === 0 ? [] : ([['not compared', String(notCompared)]] as const)),
  ]
}
