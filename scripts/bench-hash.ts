/**
 * How fast, and in how little memory, we hash a large artifact, against `openssl dgst` in the same run.
 *
 *     node scripts/bench-hash.ts
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashFile } from '../src/platform/hash.ts'
import { against, median, output } from './bench-timing.ts'
import type { Against } from './bench-timing.ts'

const self = fileURLToPath(import.meta.url)
const mebibytes = 2048
const runs = 3

/** `ours` and `baseline` are medians in MB/s, `ratio` is ours / baseline, `rssMb` our peak memory; `against` another build. */
export interface HashBench {
  readonly name: string
  readonly ours: number
  readonly baseline: number
  readonly ratio: number
  readonly rssMb: number
  readonly against: Against | undefined
}

/**
 * Hashes 2 GiB in turn by us and by OpenSSL, each in a process of its own whose whole life is timed, so that our start-up
 * counts against us. Wanted: ratio ≥ 0.85, rssMb < 120. `other` is another checkout that is built.
 */
export async function benchHash(other?: string): Promise<HashBench> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'))
  try {
    const path = join(folder, 'artifact')
    await writeArtifact(path)
    const openssl = (): Timed => timed('openssl', ['dgst', '-sha256', '-r', path])
    openssl() // the file comes from the page cache for both
    const ours: number[] = []
    const baseline: number[] = []
    let rssMb = 0
    for (let run = 0; run < runs; run += 1) {
      const theirs = openssl()
      const { seconds, stdout } = timed(process.execPath, [self, 'hash', path])
      const { sha256, rss } = JSON.parse(stdout) as { sha256: string; rss: number }
      if (!theirs.stdout.startsWith(sha256)) throw new Error('our digest differs from that of openssl')
      baseline.push(megabytesPerSecond(theirs.seconds))
      ours.push(megabytesPerSecond(seconds))
      rssMb = Math.max(rssMb, rss / 1024)
    }
    const [mine, theirs] = [median(ours), median(baseline)]
    const script = (checkout: string): string[] => [join(checkout, 'scripts/bench-hash.ts'), 'hash', path]
    return {
      name: 'hash 2 GiB',
      ours: mine,
      baseline: theirs,
      ratio: mine / theirs,
      rssMb,
      against: against(other, runs, script),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Random and never the same block twice, so that no file system stores less than it says. */
async function writeArtifact(path: string): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    const block = randomBytes(1024 * 1024)
    for (let count = 0; count < mebibytes; count += 1) {
      block.writeUInt32BE(count)
      await handle.write(block)
    }
    await handle.sync() // the disk is still before the clock runs
  } finally {
    await handle.close()
  }
}

interface Timed {
  readonly seconds: number
  readonly stdout: string
}

function timed(program: string, args: readonly string[]): Timed {
  const start = performance.now()
  const stdout = output(program, args)
  return { seconds: (performance.now() - start) / 1_000, stdout }
}

function megabytesPerSecond(seconds: number): number {
  return (mebibytes * 1.048576) / seconds
}

if (process.argv[1] === self) {
  const [, , verb, path] = process.argv
  if (verb === 'hash' && path !== undefined) {
    const { digest } = await hashFile(path)
    console.log(JSON.stringify({ sha256: digest.sha256, rss: process.resourceUsage().maxRSS }))
  } else {
    console.log(await benchHash())
  }
}
