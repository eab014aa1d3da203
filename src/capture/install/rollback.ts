/** What stands in files before an installation, so that one that fails leaves all as it was. */
import { chmodSync, lstatSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeWholeFile } from '../../platform/files.ts'
import { missingFolders, mostBytes, removeFolders } from './journal.ts'

type Held =
  | { readonly kind: 'nothing' | 'other' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly mode: number }

export interface Rollback {
  /** Looks at further files, before they are written. */
  hold(paths: readonly string[]): void
  /** All that was looked at is as it was; nothing is written where nothing has changed. */
  putAllBack(): Promise<void>
}

export function newRollback(): Rollback {
  const held = new Map<string, Held>()
  const folders = new Set<string>()
  return {
    hold(paths) {
      for (const path of paths) {
        if (held.has(path)) continue
        held.set(path, heldAt(path))
        for (const it of missingFolders(dirname(path))) folders.add(it)
      }
    },
    async putAllBack() {
      for (const [path, before] of held) if (!isSame(before, heldAt(path))) await putBackOne(path, before)
      removeFolders([{ folders: [...folders] }])
    },
  }
}

/** `other`: a folder, or more than anything of ours; nothing of ours writes there. */
function heldAt(path: string): Held {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return { kind: 'nothing' }
  if (stats.isSymbolicLink()) return { kind: 'link', target: readlinkSync(path) }
  if (!stats.isFile() || stats.size > mostBytes) return { kind: 'other' }
  return { kind: 'file', bytes: readFileSync(path), mode: stats.mode & 0o7777 }
}

function isSame(a: Held, b: Held): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.mode === b.mode && a.bytes.equals(b.bytes)
  return a.kind === 'link' ? b.kind === 'link' && a.target === b.target : a.kind === b.kind
}

async function putBackOne(path: string, before: Held): Promise<void> {
  if (before.kind === 'other') return
  if (before.kind !== 'file') rmSync(path, { force: true })
  if (before.kind === 'link') symlinkSync(before.target, path)
  if (before.kind !== 'file') return
  await writeWholeFile(path, before.bytes, { present: 'replace', mode: before.mode, folders: 'make' })
  chmodSync(path, before.mode)
}
