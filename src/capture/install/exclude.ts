/**
 * What keeps a file that we made for one person out of `git status`: a line in `info/exclude`, which git shares with nobody. Whoever had the
 * file before has told git of it, or wants to see it.
 */
import { join } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import { refuseLinksBelow } from '../../platform/links.ts'
import { agentRows } from './agents.ts'
import { askGit } from './ask-git.ts'
import type { Clone } from './ask-git.ts'
import { linesOfOurs } from './hook-scripts.ts'
import { bytesAt } from './journal.ts'

/** As git finds it from every working tree. */
export function excludeFile(commonDir: string): string {
  return join(commonDir, 'info', 'exclude')
}

/**
 * The text that keeps out those of the files that are for one person alone; undefined where git ignores them all. Undefined, too, where the
 * list is a link: what somebody has linked lies in another place, for other clones.
 */
export async function plannedExclude(
  { git, root, commonDir }: Clone,
  made: readonly string[],
): Promise<string | undefined> {
  const own = agentRows.flatMap(({ files }) => files.local ?? []).filter((it) => made.includes(join(root, it)))
  const seen = own.filter((it) => askGit(git, ['check-ignore', '-q', '--', it]) === undefined)
  const path = excludeFile(commonDir)
  if (seen.length === 0) return undefined
  if ((await attemptAsync(() => refuseLinksBelow(commonDir, path))) instanceof CountersignError) return undefined
  return withExcluded(bytesAt(path)?.toString('latin1') ?? '', seen)
}

/** Whether `now` is `before` with nothing but our lines behind it. */
export function isExcludeOf(before: string, now: string): boolean {
  const own = agentRows.flatMap(({ files }) => files.local ?? [])
  return (
    now ===
    withExcluded(
      before,
      own.filter((it) => now.includes(`\n/${it}\n`)),
    )
  )
}

function withExcluded(before: string, files: readonly string[]): string {
  const gap = before === '' || before.endsWith('\n') ? '' : '\n'
  return before + gap + linesOfOurs(files.map((it) => `/${it}`))
}
