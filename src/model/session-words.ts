/** How many sessions there are, and where nobody looked for them, in the same words wherever they are counted. */
import { contextReaders } from './context.ts'
import type { ReaderReport, Session } from './session.ts'
import { oneLine } from '../one-line.ts'

/**
 * How many sessions, in words. A tool that is named without a session is not counted: it may have had any number of them.
 *
 * @example
 * ```ts
 * import { inspectFile } from 'countersign/inspect'
 * import { sessionCount } from 'countersign/report'
 *
 * for (const { sessions } of await inspectFile('dist/app.tgz.sigstore.json')) console.log(sessionCount(sessions))
 * ```
 */
export function sessionCount(sessions: readonly Session[]): string {
  const named = sessions.filter((it) => it.id !== undefined).length
  const tools = sessions.length - named
  const words = `${named} AI session${named === 1 ? '' : 's'}`
  return tools === 0 ? words : `${words}, and ${tools} tool${tools === 1 ? '' : 's'} without one`
}

type Unseen = Pick<ReaderReport, 'reader' | 'outcome'> & { readonly detail?: string | undefined }

/** What came of a reader that did not look at all that it reads, with the reason; undefined for one that did. */
export function unseenWords({ reader, outcome, detail }: Unseen): string | undefined {
  if (didLook({ reader, outcome })) return undefined
  const reason = detail === undefined ? '' : `: ${oneLine(detail)}`
  return `${oneLine(reader)} (${outcome.replaceAll('-', ' ')}${reason})`
}

/**
 * The same for all of them: those with one outcome stand together, with the reason where it is one for all. Most readers look in a ref
 * of their own that a clone has not by default, and a reason for each would hide what is rare.
 */
export function unseenTogether(readers: readonly ReaderReport[]): string[] {
  const unseen = readers.filter((it) => !didLook(it))
  const keyOf = (it: ReaderReport): string =>
    `${it.outcome}\n${it.outcome === 'not-fetched' ? String(isAtRemote(it)) : (it.detail ?? '')}`
  const groups = [...Map.groupBy(unseen, keyOf)]
  return groups.flatMap(([, [first, ...others]]) => {
    if (first === undefined) return []
    const isOneReason = others.every(({ detail }) => detail === first.detail)
    const reader = [first, ...others].map((it) => it.reader).join(', ')
    return unseenWords({ ...first, reader, ...(isOneReason ? {} : { detail: undefined }) }) ?? []
  })
}

const fetchStart = 'git fetch origin '

/**
 * The commands as one. A ref that the remote has not makes git fetch none at all: of notes of which that is not known all are fetched,
 * whatever they are called.
 */
export function fetchTogether(commands: readonly string[], areThere: boolean): string | undefined {
  const specs = commands.flatMap((it) => (it.startsWith(fetchStart) ? it.slice(fetchStart.length).split(' ') : []))
  const named = specs.map((it) => (!areThere && it.startsWith('refs/notes/') ? "'refs/notes/*:refs/notes/*'" : it))
  return named.length === 0 ? undefined : `${fetchStart}${[...new Set(named)].join(' ')}`
}

/** Whether somebody said that the remote has it. */
export function isAtRemote({ detail }: { readonly detail?: string | undefined }): boolean {
  return detail !== undefined && /^the remote has |\bolder than the remote's/.test(detail)
}

/** What is said of where sessions were looked for; an attribution has it. */
export interface Looked {
  readonly range?: { readonly reason?: string | undefined; readonly cut?: boolean | undefined }
  readonly readers: readonly { readonly reader: string; readonly outcome: string }[]
}

/** It brings nothing of sessions, and what it did not see is said where context is. */
function isOfContext({ reader }: { readonly reader: string }): boolean {
  return contextReaders.some((it) => it === reader)
}

/** A place that was not looked at: the id of its reader, or `history` for commits that the clone has not; and why, in a word. */
export interface UnseenPlace {
  readonly name: string
  readonly why: string
}

/** What was not looked at, or not wholly. Without a checkout that is everything. */
export function unseenPlaces({ range, readers }: Looked): UnseenPlace[] {
  const unseen = readers.filter((it) => !didLook(it) && !isOfContext(it))
  return [
    ...unseen.map(({ reader, outcome }) => ({ name: reader, why: outcome.replaceAll('-', ' ') })),
    ...(range?.cut === true ? [{ name: 'history', why: 'cut' }] : []),
  ]
}

/** What is looked at besides: where sessions can be named, who signed, and what was signed about the source. */
const bringNoSession: ReadonlySet<string> = new Set([
  ...['pull-requests', 'commit-signature', 'record-attestation', 'receipt', 'source-note', 'submodules'],
  ...['ai-configuration', 'portal', ...contextReaders],
])

/**
 * Whether anybody looked anywhere; where nobody did, a count of sessions would read as an answer.
 *
 * @example
 * ```ts
 * import { inspectFile } from 'countersign/inspect'
 * import { wereLookedFor } from 'countersign/report'
 *
 * for (const { attribution } of await inspectFile('dist/app.tgz.sigstore.json')) {
 *   console.log(attribution === undefined ? 'nothing is said of AI' : wereLookedFor(attribution))
 * }
 * ```
 */
export function wereLookedFor({ range, readers }: Looked): boolean {
  return (
    range?.reason !== 'not-collected' &&
    readers.some((it) => it.outcome !== 'not-collected' && !bringNoSession.has(it.reader))
  )
}

function didLook({ outcome }: Looked['readers'][number]): boolean {
  return outcome === 'found' || outcome === 'nothing'
}
