/**
 * How well the edits of a session tell its own changes from those of others, on a checkout in which Entire kept the transcripts:
 *
 *     node scripts/measure-corroboration.ts FOLDER [ref of the history] [ref of the checkpoints]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readChangedText } from '../src/collect/git/changed-text.ts'
import { openRepository } from '../src/collect/git/repository.ts'
import { corroborate, linesOfSession } from '../src/collect/transcripts/corroborate.ts'
import type { ChangedLines, SessionLines } from '../src/collect/transcripts/corroborate.ts'
import { readTranscriptFile } from '../src/collect/transcripts/read-transcript.ts'
import { corroboratedShare } from '../src/model/corroboration.ts'
import type { Corroboration } from '../src/model/session.ts'
import type { ToldSession } from '../src/model/transcript.ts'

const [folder = '.', history = 'main', checkpoints = 'entire/checkpoints/v1'] = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'countersign-measure-'))
process.on('exit', () => rmSync(scratch, { recursive: true }))

function git(...args: readonly string[]): Buffer {
  return execFileSync('git', args, { cwd: folder, maxBuffer: 1024 ** 3, stdio: ['ignore', 'pipe', 'ignore'] })
}

const kept = new Map<string, string[]>()
for (const path of git('ls-tree', '-r', '--name-only', checkpoints).toString().split('\n')) {
  const [, start, rest] = /^(..)\/(\w{10})\/\d+\/full\.jsonl$/.exec(path) ?? []
  if (start !== undefined) kept.set(`${start}${rest}`, [...(kept.get(`${start}${rest}`) ?? []), path])
}

/** Undefined where the checkout is a partial one and does not have it. */
function blobAt(path: string): Buffer | undefined {
  try {
    return git('cat-file', 'blob', `${checkpoints}:${path}`)
  } catch {
    return undefined
  }
}

/** Of a checkpoint, with the ids of the sessions in it. */
async function sessionsOf(checkpoint: string): Promise<{ readonly lines: SessionLines; readonly ids: Set<string> }> {
  const told: ToldSession[] = []
  for (const path of kept.get(checkpoint) ?? []) {
    const blob = blobAt(path)
    if (blob === undefined) continue
    const file = join(scratch, 'full.jsonl')
    writeFileSync(file, blob)
    const read = await readTranscriptFile(file, 'full.jsonl')
    if (read !== undefined && 'transcripts' in read) told.push(...read.transcripts.map((it) => it.session))
  }
  return { lines: linesOfSession(told), ids: new Set(told.flatMap(({ session }) => session ?? [])) }
}

const claims = new Map<string, string>()
const parents = new Map<string, number>()
const format = '--format=%H %P%x09%(trailers:key=Entire-Checkpoint,valueonly,separator=%x20)'
for (const line of git('log', '--no-merges', format, history).toString().split('\n')) {
  const [ids = '', checkpoint = ''] = line.split('\t')
  const [commit = '', ...of] = ids.split(' ')
  if (!kept.has(checkpoint)) continue
  claims.set(commit, checkpoint)
  parents.set(commit, of.length)
}

const pairs: { readonly change: ChangedLines; readonly lines: SessionLines; readonly ids: Set<string> }[] = []
for await (const text of readChangedText(await openRepository(folder), parents)) {
  const session = await sessionsOf(claims.get(text.commit) ?? '')
  if (session.ids.size > 0) pairs.push({ change: text, ...session })
}

const own = pairs.map((it) => corroborate(it.change, it.lines)).filter((it) => corroboratedShare(it) !== undefined)
const others = pairs.flatMap(({ change, ids }, at) =>
  [61, 127, 211]
    .map((step) => pairs[(at + step) % pairs.length])
    .flatMap((it) => (it === undefined || [...it.ids].some((id) => ids.has(id)) ? [] : [corroborate(change, it.lines)]))
    .filter((it) => corroboratedShare(it) !== undefined),
)

function summary(of: readonly Corroboration[]): Record<string, number> {
  const shares = of.map((it) => corroboratedShare(it) ?? 0).sort((a, b) => a - b)
  const at = (part: number): number => Number((shares[Math.floor(part * (shares.length - 1))] ?? 0).toFixed(3))
  const part = (is: (share: number) => boolean): number => Number((shares.filter(is).length / shares.length).toFixed(3))
  return {
    ...{ pairs: of.length, median: at(0.5), p99: at(0.99), most: at(1) },
    ...{ most95: part((it) => it >= 0.95), half: part((it) => it >= 0.5), zeros: part((it) => it === 0) },
  }
}

const parts = ['counted', 'sameFile', 'otherFile', 'moved', 'shell', 'rejected'] as const
const lines = Object.fromEntries(parts.map((name) => [name, own.reduce((sum, it) => sum + it[name], 0)]))
console.log(JSON.stringify({ own: summary(own), others: summary(others), lines }, undefined, 1))
