/**
 * The numbers of docs/performance.md: ratios of ours against a named baseline, each pair taken in one run, medians. `npm run
 * bench` prints the table; `npm run bench -- --write` puts it into the document.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchHash } from './bench-hash.ts'
import { benchReaders } from './bench-readers.ts'
import { makeRelease } from './bench-release.ts'
import { benchVerify } from './bench-verify.ts'

interface Row {
  readonly what: string
  readonly baseline: string
  readonly ratio: number
  readonly wanted: string
  readonly holds: boolean
  readonly detail: string
}

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin/countersign.js')

/** Median wall milliseconds of each command, taken in turn, so that all see the same machine. */
function wall(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  cwd: string,
): Record<string, number> {
  const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const start = performance.now()
      const { status } = spawnSync(process.execPath, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
      if (status !== 0) throw new Error(`${name} ended with ${String(status)}`)
      times.get(name)?.push(performance.now() - start)
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)]))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

async function startUp(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  try {
    const { artifact, trustedRoot, question } = await makeRelease(folder)
    const times = wall(
      {
        bare: ['-e', '0'],
        version: [bin, '--version'],
        verify: [bin, 'verify', artifact, '--trusted-root', trustedRoot, ...question],
      },
      25,
      folder,
    )
    const row = (what: string, name: string, limit: number): Row => {
      const ratio = (times[name] ?? Number.NaN) / (times['bare'] ?? Number.NaN)
      const detail = `${(times[name] ?? 0).toFixed(0)} ms against ${(times['bare'] ?? 0).toFixed(0)} ms`
      return { what, baseline: 'node -e 0', ratio, wanted: `≤ ${limit}`, holds: ratio <= limit, detail }
    }
    return [
      row('countersign --version', 'version', 2.5),
      row('countersign verify, one bundle, trusted root file, cold', 'verify', 3.5),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function hashing(): Promise<Row> {
  const { ratio, rssMb, ours, baseline } = await benchHash()
  return {
    what: 'SHA-256 of a 2 GiB file, throughput',
    baseline: 'openssl dgst -sha256',
    ratio,
    wanted: '≥ 0.85, RSS < 120 MB',
    holds: ratio >= 0.85 && rssMb < 120,
    detail: `${ours.toFixed(0)} against ${baseline.toFixed(0)} MB/s, RSS ${rssMb.toFixed(0)} MB`,
  }
}

async function readers(): Promise<Row> {
  const { ratio, rssMb, ours, baseline } = await benchReaders()
  return {
    what: 'session readers over 50,000 commits',
    baseline: 'git log -z, read and thrown away',
    ratio,
    wanted: '≤ 2.5',
    holds: ratio <= 2.5,
    detail: `${ours.toFixed(0)} ms against ${baseline.toFixed(0)} ms, RSS ${rssMb.toFixed(0)} MB`,
  }
}

/** How many times faster; what is wanted stands with the rows that the issue names. */
function verification(): Row[] {
  const { rows, missing } = benchVerify()
  for (const reason of missing) process.stderr.write(`left out: ${reason}\n`)
  return rows.map(({ what, baseline, ours, theirs }) => {
    const ratio = theirs / ours
    const limit = baseline.startsWith('@sigstore/verify') ? 3 : undefined
    return {
      what: `${what}, times faster`,
      baseline,
      ratio,
      wanted: limit === undefined ? '–' : `≥ ${limit}`,
      holds: limit === undefined || ratio >= limit,
      detail: `${(ours * 1000).toFixed(2)} ms against ${(theirs * 1000).toFixed(2)} ms`,
    }
  })
}

const rows = [...(await startUp()), await hashing(), await readers(), ...verification()]
const table = [
  '| what | baseline | ratio | wanted | holds | in this run |',
  '|---|---|---|---|---|---|',
  ...rows.map(
    (it) =>
      `| ${it.what} | ${it.baseline} | ${it.ratio.toFixed(2)} | ${it.wanted} | ${it.holds ? 'yes' : 'NO'} | ${it.detail} |`,
  ),
].join('\n')
process.stdout.write(`${table}\n`)

if (process.argv.includes('--write')) {
  const page = join(root, 'docs/performance.md')
  const text = readFileSync(page, 'utf8')
  writeFileSync(page, text.replace(/(<!-- bench -->\n)[\s\S]*?(\n<!-- end -->)/, `$1${table}$2`))
}
if (rows.some((it) => !it.holds)) process.exitCode = 1
