/**
 * Bench of transcripts against JSON.parse of each of their lines in one thread. Rows are made up in the shape of a tool's: questions, answers,
 * files that were read with their line numbers, edits, and now and then a picture. Ours is a process of its own, so that its peak can be read.
 *
 *     node scripts/bench-transcripts.ts [files of 1 MB]
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { randomFrom } from './bench-repositories.ts'
import { output } from './bench-timing.ts'

export interface TranscriptBench {
  readonly what: string
  readonly baseline: string
  /** Milliseconds. */
  readonly ours: number
  readonly theirs: number
  readonly rssMb: number
  /** Of all its threads, and of the system for it: what does not depend on who else runs. */
  readonly cpuSeconds: number
  readonly megabytes: number
}

const program = `
  import { readdirSync } from 'node:fs'
  import { join } from 'node:path'
  import { keepYoungHeapSmall } from './cli/young-heap.ts'
  import { readEach } from './collect/transcripts/reading-pool.ts'
  // As the commands do.
  keepYoungHeapSmall()
  const [folder] = process.argv.slice(2)
  async function* files() {
    for (const name of readdirSync(folder)) yield { path: join(folder, name), name, from: 'folder' }
  }
  const start = performance.now()
  for await (const { read } of readEach(files())) if (!('transcripts' in read)) throw new Error('not read')
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6
  process.stdout.write(JSON.stringify({ ms: performance.now() - start, rssMb: maxRSS / 1024, cpuSeconds }))
`

/** `files` of 1 MB stand for the thousand that are wanted: time is in proportion. */
export function benchTranscripts(files = 100): TranscriptBench[] {
  return [bench(`${files} transcripts of 1 MB`, files, 1), bench('a transcript of 100 MB', 1, 100)]
}

function bench(what: string, files: number, each: number): TranscriptBench {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  const built = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  try {
    for (let at = 0; at < files; at += 1)
      writeFileSync(join(folder, `${idOf(at)}.jsonl`), transcript(at, each * 1_000_000))
    const start = performance.now()
    for (const name of readdirSync(folder)) {
      for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) if (line !== '') JSON.parse(line)
    }
    const theirs = performance.now() - start
    const said = output(process.execPath, [programIn(built), folder])
    const told = JSON.parse(said) as { readonly ms: number; readonly rssMb: number; readonly cpuSeconds: number }
    const { ms, rssMb, cpuSeconds } = told
    const baseline = 'JSON.parse of each line, one core'
    return { what, baseline, ours: ms, theirs, rssMb, cpuSeconds, megabytes: files * each }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(built, { recursive: true, force: true })
  }
}

/** The program, and beside it that of its threads, as they are published: each in one file. */
function programIn(folder: string): string {
  const resolveDir = fileURLToPath(new URL('../src', import.meta.url))
  const entry = (outfile: string, contents: string): string => {
    buildSync({
      stdin: { contents, resolveDir, loader: 'ts' },
      ...{ bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' },
    })
    return outfile
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  entry(join(folder, 'transcripts-worker.js'), `import './collect/transcripts/reading-worker.ts'`)
  return entry(join(folder, 'bench.js'), program)
}

function idOf(at: number): string {
  return `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
}

function transcript(seed: number, bytes: number): string {
  const random = randomFrom(seed + 1)
  const words = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n')
  const lines = (count: number): string[] =>
    Array.from({ length: count }, () => words[Math.floor(random() * words.length)] ?? '')
  const rows: string[] = []
  for (let at = 0, length = 0; length < bytes; at += 1) {
    const user = at % 2 === 0
    const text = lines(3).join(' ')
    const code = lines(40)
    const content: object[] = user
      ? [{ type: 'tool_result', tool_use_id: `t${at - 1}`, content: code.map((it, no) => `${no}→${it}`).join('\n') }]
      : [
          { type: 'text', text },
          {
            type: 'tool_use',
            id: `t${at}`,
            name: 'Write',
            input: { file_path: '/x/src/a.ts', content: code.join('\n') },
          },
        ]
    if (at % 50 === 0) {
      const picture = Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(random() * 256))).toString('base64')
      content.push({ type: 'text', text: picture })
    }
    const message = user
      ? { role: 'user', content: at === 0 ? text : content }
      : { id: `m${at}`, model: 'claude-opus-4-6', content, usage: { input_tokens: at, output_tokens: 9 } }
    const stamp = { uuid: `u${at}`, sessionId: idOf(seed), version: '2.1.40', timestamp: '2026-03-01T10:00:00.000Z' }
    const row = JSON.stringify({ type: user ? 'user' : 'assistant', ...stamp, message })
    rows.push(row)
    length += row.length + 1
  }
  return `${rows.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [files] = process.argv.slice(2)
  console.log(benchTranscripts(files === undefined ? undefined : Number(files)))
}
