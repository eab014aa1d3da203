/**
 * Counts the evidence of AI in a real repository and compares with what the product finds there.
 *
 *     npm run build
 *     node test/evidence-counter/run.ts REPOSITORY [SINCE]
 *
 * REPOSITORY is a bare or normal one; nothing is written into it. Without SINCE all of its default branch is counted. Prints a row of
 * the table in docs/evidence.md, then every disagreement by form, most commits first. `--json FILE` keeps all of it.
 *
 * It shares no code with the product and runs it from outside, so that an error is not made twice. It is no test: a difference
 * means that somebody looks at the commit, and mends one of the two.
 */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { answerOf, compare } from './compare.ts'
import type { Answer } from './compare.ts'
import { copyOf } from './copy.ts'
import { count } from './count.ts'
import { listed, rowOf } from './listed.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
const [original, since] = positionals
if (original === undefined) throw new Error('node test/evidence-counter/run.ts REPOSITORY [SINCE]')

const { folder, standIns } = copyOf(resolve(original))
try {
  const counted = await count(folder, since)
  const answer = product(folder)
  const compared = compare(counted, answer)
  const name = basename(resolve(original).replace(/\/(?:repo|\.git)$/, '')).replace('+', '/')
  process.stdout.write(`${rowOf(name, since, counted, answer, compared)}\n\n${listed(counted, answer, compared)}\n`)
  if (standIns > 0)
    process.stdout.write(`${standIns} files are missing in the repository and were empty for both
`)
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify({ name, since, answer, compared, forms: [...counted.own] }, undefined, 1))
  }
} finally {
  rmSync(folder, { recursive: true })
}

function product(repository: string): Answer {
  const script = fileURLToPath(new URL('product.ts', import.meta.url))
  const args = [process.execPath, script, repository, ...(since === undefined ? [] : [since])]
  const { stdout, stderr } = spawnSync('sh', ['-c', '"$0" "$@"; times >&2', ...args], {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 30 },
  })
  if (stdout === '') throw new Error(`the product failed: ${stderr}`)
  return { ...answerOf(stdout), cpuSeconds: childSeconds(stderr) }
}

/** Of the product and every git that it ran: the second line of `times`, "1m2.5s 0m0.5s". A busy machine changes it little. */
function childSeconds(times: string): number {
  const line = times.trim().split('\n').at(-1) ?? ''
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  )
}
