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
import { standIn } from './git.ts'
import { listed, rowOf } from './listed.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
const [original, since] = positionals
if (original === undefined) throw new Error('node test/evidence-counter/run.ts REPOSITORY [SINCE]')

const copy = copyOf(resolve(original))
try {
  const missing = new Set<string>()
  const counted = await count(copy, since, missing)
  const { answer, blind } = product(copy, missing)
  const compared = compare(counted, answer)
  const name = basename(resolve(original).replace(/\/(?:repo|\.git)$/, '')).replace('+', '/')
  process.stdout.write(`${rowOf(name, since, counted, answer, compared)}\n\n${listed(counted, answer, compared)}\n`)
  if (missing.size > 0) process.stdout.write(`${missing.size} missing blobs were stood in for\n`)
  for (const line of blind) process.stdout.write(`before that the product could not look: ${line}\n`)
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify({ name, since, answer, compared, forms: [...counted.own] }, undefined, 1))
  }
} finally {
  rmSync(copy, { recursive: true })
}

/** Asked again with a stand-in while it ends at a file that the snapshot lacks; `blind` is what it said then. */
function product(repository: string, missing: Set<string>): { answer: Answer; blind: readonly string[] } {
  const blind: string[] = []
  for (;;) {
    const script = fileURLToPath(new URL('product.ts', import.meta.url))
    const args = [script, repository, ...(since === undefined ? [] : [since])]
    const { stdout, stderr } = spawnSync('sh', ['-c', '"$0" "$@"; times >&2', process.execPath, ...args], {
      ...{ encoding: 'utf8', maxBuffer: 2 ** 30 },
    })
    if (stdout === '') {
      const id = unreadable(stderr)
      if (id === undefined || !standIn(repository, id)) throw new Error(`the product failed: ${stderr}`)
      missing.add(id)
      blind.push(`it failed at ${id}`)
      continue
    }
    const answer = { ...answerOf(stdout), cpuSeconds: childSeconds(stderr) }
    const reasons = answer.readers.flatMap(({ outcome, detail }) =>
      outcome === 'could-not-look' ? [detail ?? ''] : [],
    )
    const ids = reasons.flatMap((it) => unreadable(it) ?? [])
    blind.push(...reasons)
    if (!ids.some((id) => standIn(repository, id))) return { answer, blind }
    for (const id of ids) missing.add(id)
  }
}

/** Of the product and every git that it ran: the second line of `times`, "1m2.5s 0m0.5s". A busy machine changes it little. */
function childSeconds(times: string): number {
  const line = times.trim().split('\n').at(-1) ?? ''
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  )
}

function unreadable(text: string): string | undefined {
  return /unable to read ([0-9a-f]{40})/.exec(text)?.[1]
}
