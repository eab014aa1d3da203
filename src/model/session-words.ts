/** How many sessions there are, in the same words wherever they are counted. */
import type { ReaderReport, Session } from './session.ts'
import { oneLine } from '../one-line.ts'

/**
 * How many sessions, in words. A tool that is named without a session is none: it may have had any number of them.
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

/** What came of a reader that did not look at all that it reads, with the reason; undefined for one that did. */
export function unseenWords({ reader, outcome, detail }: ReaderReport): string | undefined {
  if (outcome === 'found' || outcome === 'nothing') return undefined
  const reason = detail === undefined ? '' : `: ${oneLine(detail)}`
  return `${oneLine(reader)} (${outcome.replaceAll('-', ' ')}${reason})`
}
