/** Histories for benches, made once by `git fast-import` from a seed: 30 % of the messages hold trailers of AI tools, 5 % of the commits have a git-ai note. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, randomFrom } from './bench-repositories.ts'

const identity = 'Ann <ann@example.org>'
const firstDate = 1_700_000_000

/** What each commit changes. Of a small one little is left to git, so that whoever reads more has the harder task. */
export type Size = 'small' | 'real'

/** A folder with the history; made once, then used again. */
export async function historyOf(commits: number, size: Size = 'small'): Promise<string> {
  const name = size === 'small' ? 'readers-v2' : 'real-v1'
  const folder = join(tmpdir(), `countersign-bench-${name}-${commits}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    await git(draft, ['init', '--quiet', '--initial-branch=main'])
    const random = randomFrom(20_261_121)
    const notes: { mark: number; path: string; lines: number }[] = []
    await git(draft, ['fast-import', '--quiet', '--export-marks=marks'], commitStream(commits, random, notes, size))
    const ids = new Map((await readFile(join(draft, 'marks'), 'utf8')).split('\n').map(markAndId))
    await git(draft, ['fast-import', '--quiet'], noteStream(notes, ids))
    // As a clone gets it of a forge.
    if (size === 'real') await git(draft, ['repack', '-a', '-d', '-f', '-q'])
    await rm(join(draft, 'marks'))
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

function* commitStream(
  commits: number,
  random: () => number,
  notes: { mark: number; path: string; lines: number }[],
  size: Size,
): Generator<string> {
  const change = size === 'small' ? smallChanges(random) : realChanges(random)
  for (let mark = 1; mark <= commits; mark += 1) {
    const files = change(mark)
    const [first] = files
    const message = messageOf(mark, commits, random)
    if (first !== undefined && random() < 0.05) notes.push({ mark, path: first.path, lines: first.lines })
    yield (
      `commit refs/heads/main\nmark :${mark}\ncommitter ${identity} ${firstDate + mark * 60} +0000\n` +
      `data ${Buffer.byteLength(message)}\n${message}\n`
    )
    for (const { path, source } of files) yield `M 644 inline ${path}\ndata ${source.length}\n${source}\n`
  }
}

interface Changed {
  readonly path: string
  readonly source: string
  /** That a note may name, from the first on. */
  readonly lines: number
}

/** One file, which is another one afterwards. */
function smallChanges(random: () => number): (mark: number) => readonly Changed[] {
  return (mark) => {
    const path = `src/file-${Math.floor(random() * 300)}.ts`
    const lines = 5 + Math.floor(random() * 35)
    const source = Array.from({ length: lines }, (_, line) => `export const v${mark}_${line} = ${line}\n`).join('')
    return [{ path, source, lines }]
  }
}

/**
 * Of the size that commits have. In three projects, 3,000 commits of each, they change 2 or 3 files in the median and 3.1, 3.6 or 9.5 in the mean; of
 * lines, added and removed, the median is 23, 42 or 58, the mean 132, 255 or 477. Here it is 2 files, 3.1 in the mean, and 80 lines, 115 in the mean;
 * the 600 files have 200 lines each.
 */
function realChanges(random: () => number): (mark: number) => readonly Changed[] {
  const files = Array.from({ length: 600 }, (_, file) => ({
    path: `src/area-${file % 12}/part-${file % 60}/file-${file}.ts`,
    lines: Array.from({ length: 200 }, (_, line) => `export const first_${file}_${line} = compute(${line})`),
  }))
  /** Most are small, few are large; in the mean `mean`. */
  const exponential = (mean: number): number => -mean * Math.log(1 - random())
  return (mark) => {
    const count = mark === 1 ? files.length : 1 + Math.floor(exponential(2.6))
    const changed = new Set(
      mark === 1 ? files : Array.from({ length: count }, () => files[Math.floor(random() * files.length)]),
    )
    return [...changed].flatMap((file) => {
      if (file === undefined) return []
      const lines = 1 + Math.floor(exponential(18))
      const added = Array.from(
        { length: lines },
        (_, line) => `export const changed_${mark}_${line} = compute(${line})`,
      )
      // At the front, where a note names them, as often as elsewhere.
      const place = random() < 0.5 ? 0 : Math.floor(random() * Math.max(1, file.lines.length - lines))
      if (mark > 1) file.lines.splice(place, lines, ...added)
      return [{ path: file.path, source: `${file.lines.join('\n')}\n`, lines }]
    })
  }
}

const trailers: readonly ((session: string) => string)[] = [
  () => 'Co-Authored-By: Claude Opus 4.6 (1M context) <noreply@anthropic.com>',
  (session) => `Claude-Session: https://claude.ai/code/session_${session}`,
  (session) => `Copilot-Session: ${session}\nCo-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>`,
  () => 'Assisted-by: Codex:gpt-5.4',
  (session) => `AI-Session-ID: gemini:${session}\nAI-Tool-Version: gemini/1.2.3 (gemini-3-pro)`,
]

function messageOf(mark: number, commits: number, random: () => number): string {
  const body = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, line) => `Why it was done, sentence ${line}.`)
  const session = `b2a1c0de-0000-4000-8000-${String(Math.floor((mark * 900) / commits)).padStart(12, '0')}`
  const trailer = trailers[Math.floor(random() * trailers.length)]?.(session) ?? ''
  const footer = random() < 0.3 ? trailer : 'Signed-off-by: Ann <ann@example.org>'
  return `Change number ${mark}\n\n${body.join('\n')}\n\n${footer}\n`
}

function* noteStream(
  notes: readonly { mark: number; path: string; lines: number }[],
  ids: ReadonlyMap<number, string>,
): Generator<string> {
  yield `commit refs/notes/ai\ncommitter ${identity} ${firstDate} +0000\ndata 0\n`
  for (const { mark, path, lines } of notes) {
    const id = ids.get(mark) ?? ''
    const key = `s_${String(mark).padStart(14, '0')}`
    const agent = { tool: 'claude', id: `00000000-0000-4000-8000-${String(mark % 500).padStart(12, '0')}` }
    const metadata = {
      schema_version: 'authorship/3.0.0',
      base_commit_sha: id,
      prompts: {},
      sessions: { [key]: { agent_id: { ...agent, model: 'claude-opus-4-6' } } },
    }
    const note = `${path}\n  ${key}::t_00000000000000 1-${lines}\n---\n${JSON.stringify(metadata, null, 2)}`
    yield `N inline ${id}\ndata ${note.length}\n${note}\n`
  }
}

function markAndId(line: string): [number, string] {
  const [mark = '', id = ''] = line.split(' ')
  return [Number(mark.slice(1)), id]
}
