/**
 * `git add --all` and `git commit` of a plain work tree, by this process: tests commit more than a thousand times, and each would
 * start three programs. What is not plain is left to git, which alone knows what it means.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import type { TreeFile } from './loose-objects.ts'
import { ownGitFolder, readRef, writeObject, writeRef, writeTree } from './loose-objects.ts'

interface Entry extends TreeFile {
  readonly stat: BigIntStats
}

const mostFiles = 200
/** Settings that change what is staged, what a commit holds, or what runs beside it. */
const settings =
  /\[\s*(?:commit|extensions|filter|gpg|i18n|include|includeif|user|author|committer)|(?:autocrlf|attributesfile|excludesfile|hookspath|sparse|worktree|bare\s*=\s*true|filemode\s*=\s*false)/i
/** What stands in the folder of git while something is under way, or where work trees and hooks have files of their own. */
const others = [
  ...['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply', 'index.lock'],
  ...['hooks', 'info/exclude', 'info/attributes', 'info/sparse-checkout', 'info/grafts', 'modules', 'shallow'],
]

/**
 * The commit's id; undefined where git must make it: nothing was written then. `people`: author and committer as a commit's lines
 * hold them, one for both.
 */
export function commitWorkTree(folder: string, message: string | Buffer, person: string): string | undefined {
  const text = Buffer.from(message as string)
  const git = join(folder, '.git')
  if (process.platform !== 'linux' || !isPlain(folder, git) || !isPlainText(text)) return undefined
  const branch = /^ref: (refs\/heads\/.+)\n$/.exec(readFileSync(join(git, 'HEAD'), 'utf8'))?.[1]
  if (branch === undefined || !hasPlainIndex(git)) return undefined
  const tip = readRef(git, branch)
  if (tip === undefined && existsSync(join(git, 'packed-refs'))) return undefined
  const files = new Map<string, Entry>()
  if (!stage(git, folder, '', files)) return undefined
  const tree = writeTree(git, files)
  const parent = tip === undefined ? '' : `parent ${tip}\n`
  const head = `tree ${tree}\n${parent}author ${person}\ncommitter ${person}\n\n`
  const commit = writeObject(git, 'commit', Buffer.concat([Buffer.from(head), text]))
  writeFileSync(join(git, 'index'), indexOf(files))
  writeRef(git, branch, commit)
  for (const it of ['SQUASH_MSG', 'MERGE_MSG']) rmSync(join(git, it), { force: true })
  return commit
}

function isPlain(folder: string, git: string): boolean {
  if (ownGitFolder(folder) !== git || others.some((it) => existsSync(join(git, it)))) return false
  return !settings.test(readFileSync(join(git, 'config'), 'utf8'))
}

/** Git refuses a message that is empty or holds NUL, and writes others anew that are no UTF-8. */
function isPlainText(text: Buffer): boolean {
  return isUtf8(text) && !text.includes(0) && text.toString('utf8').trim() !== ''
}

/** Whether each entry is a file as it is in the work tree: no conflict, no submodule, and none that is taken for unchanged. */
function hasPlainIndex(git: string): boolean {
  const path = join(git, 'index')
  if (!existsSync(path)) return true
  const index = readFileSync(path)
  if (index.readUInt32BE(4) !== 2) return false
  let at = 12
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const [mode, flags] = [index.readUInt32BE(at + 24), index.readUInt16BE(at + 60)]
    if (mode >> 12 === 0o16 || (flags & 0xf000) !== 0 || (flags & 0xfff) === 0xfff) return false
    at += paddedTo8(62 + (flags & 0xfff))
  }
  // An index that is split, or that a file system monitor keeps.
  return !['link', 'FSMN', 'sdir'].some((it) => index.includes(it, at))
}

/** Puts each file below `place` into `files`, its blob into the repository; false where git would do something else with one. */
function stage(git: string, folder: string, place: string, files: Map<string, Entry>): boolean {
  const found = readdirSync(join(folder, place), { withFileTypes: true })
  if (found.length === 0 && place !== '') return false
  for (const it of found) {
    if (place === '' && it.name === '.git') continue
    if (['.git', '.gitignore', '.gitattributes', '.gitmodules'].includes(it.name.toLowerCase())) return false
    const path = place + it.name
    if (it.isDirectory()) {
      if (!stage(git, folder, `${path}/`, files)) return false
      continue
    }
    if ((!it.isFile() && !it.isSymbolicLink()) || files.size >= mostFiles) return false
    const full = join(folder, path)
    const stat = lstatSync(full, { bigint: true })
    const mode = it.isSymbolicLink() ? '120000' : (stat.mode & 0o100n) === 0n ? '100644' : '100755'
    const contents = it.isSymbolicLink() ? readlinkSync(full, 'buffer') : readFileSync(full)
    files.set(path, { mode, stat, id: writeObject(git, 'blob', contents) })
  }
  return true
}

/** https://git-scm.com/docs/index-format, version 2. */
function indexOf(files: ReadonlyMap<string, Entry>): Buffer {
  const rows = [...files].map(([path, entry]) => ({ name: Buffer.from(path), entry }))
  rows.sort((a, b) => Buffer.compare(a.name, b.name))
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1')
  head.writeUInt32BE(rows.length, 8)
  const parts = [head]
  for (const { name, entry } of rows) {
    const part = Buffer.alloc(paddedTo8(62 + name.length))
    const { ctimeNs, mtimeNs, dev, ino, uid, gid, size } = entry.stat
    const second = 1_000_000_000n
    const numbers = [ctimeNs / second, ctimeNs % second, mtimeNs / second, mtimeNs % second, dev, ino]
    ;[...numbers, BigInt(parseInt(entry.mode, 8)), uid, gid, size].forEach((it, index) =>
      part.writeUInt32BE(Number(BigInt.asUintN(32, it)), 4 * index),
    )
    part.write(entry.id, 40, 'hex')
    part.writeUInt16BE(name.length, 60)
    name.copy(part, 62)
    parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  return Buffer.concat([bytes, createHash('sha1').update(bytes).digest()])
}

/** With at least one zero behind, as entries of the index end. */
const paddedTo8 = (length: number): number => (length & ~7) + 8
