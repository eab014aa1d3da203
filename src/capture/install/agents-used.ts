/** Whether somebody uses an agent here: a folder of it is in the checkout or the home folder. */
import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { holdsEntries } from './agent-settings.ts'
import type { AgentRow } from './agents.ts'
import type { Clone } from './ask-git.ts'
import { bytesAt } from './journal.ts'

type Place = Pick<Clone, 'root' | 'git'>

function homeOf({ git }: Place): string {
  return git.env['HOME'] ?? homedir()
}

export function isUsed({ signs }: AgentRow, place: Place): boolean {
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return signs.some((sign) => [place.root, homeOf(place)].some((it) => isFolder(join(it, sign))))
}

/** What tells an agent that has no hooks of this clone from one that nobody uses: the transcripts of both are recorded nowhere. */
export function whyAbsent(row: AgentRow, place: Place): string {
  const { files, signs } = row
  const settings = [
    ...[files.local ?? files.project, files.project].map((it) => join(place.root, it)),
    join(homeOf(place), files.user),
  ]
  const told = settings.find((it) => holdsEntries(row, bytesAt(it)?.toString('utf8') ?? ''))
  if (told !== undefined) return `the hooks of another clone in ${told} serve here too`
  return isUsed(row, place)
    ? 'it is used here: run countersign hooks install again, then start it anew'
    : `no folder ${signs[0] ?? ''} here or in your home; run countersign hooks install again after its first use`
}
