/**
 * Folders that an installation made, and that may go once they are empty. The journal names them, and whoever sends a folder of git can write one:
 * so they lie on the way to a file of ours, and below the clone, or where an agent keeps the settings of a person. No link leads elsewhere.
 */
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import { isBelow, refuseLinksBelow } from '../../platform/links.ts'
import { agentRows } from './agents.ts'
import type { Clone } from './ask-git.ts'
import { removeFolders } from './journal.ts'
import type { Entry } from './journal.ts'

export async function removeMadeFolders(entries: readonly Entry[], clone: Clone): Promise<void> {
  const own: string[] = []
  for (const { path, folders } of entries) {
    const all: readonly unknown[] = Array.isArray(folders) ? folders : []
    for (const folder of all) {
      if (typeof folder === 'string' && isOnWay(folder, path) && (await mayGo(folder, clone))) own.push(folder)
    }
  }
  removeFolders([{ folders: own }])
}

function isOnWay(folder: string, path: string): boolean {
  return folder === resolve(folder) && isBelow(dirname(path), folder)
}

async function mayGo(folder: string, { root, commonDir, git }: Clone): Promise<boolean> {
  const home = git.env['HOME'] ?? homedir()
  const isOfAgent = agentRows.some(({ files }) => isBelow(dirname(join(home, files.user)), folder))
  const within = [root, commonDir, ...(isOfAgent ? [home] : [])]
  for (const it of within) {
    if (folder === it || !isBelow(folder, it)) continue
    const leads = await attemptAsync(() => refuseLinksBelow(it, folder))
    if (!(leads instanceof CountersignError)) return true
  }
  return false
}
