/**
 * `npm run fuzz`: every parser of bytes from outside, with changed and broken inputs. A finding is whatever ends in anything but a
 * value or our own coded error, takes more than two seconds of CPU, or more than 300 MB.
 *
 *     node scripts/fuzz.ts [--inputs N] [--seed N] [--only TARGET] [--corpus FOLDER] [--failures FOLDER]
 *
 * The targets have the shape of jazzer.js, which finds its way by coverage; its build needs a newer C library than the systems
 * that this must run on have (4.0.0: glibc 2.38), so that inputs are changed here, by the seeds of `fuzz/seeds.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CountersignError } from '../src/errors.ts'
import { sha256Hex } from '../src/model/digest.ts'
import { DerError } from '../src/sigstore/verify/asn1.ts'
import { generatorOf, mutated } from './fuzz/mutate.ts'
import { gatherSeeds } from './fuzz/seeds.ts'
import type { Seeds } from './fuzz/seeds.ts'
import { targets } from './fuzz/targets.ts'
import type { Target } from './fuzz/targets.ts'

const mostSeconds = 2
const mostBytes = 300 * 1024 * 1024

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    corpus: { type: 'string' },
    failures: { type: 'string' },
  },
})
const seeds = gatherSeeds(values.corpus)
let findings = 0
let total = 0
for (const target of targets.filter((it) => values.only === undefined || it.name === values.only)) {
  const random = generatorOf(Number(values.seed))
  const own = seeds[target.seeds]
  const pick = (): Buffer => own[Math.floor(random() * own.length)] ?? Buffer.alloc(0)
  let accepted = 0
  for (let input = 0; input < Number(values.inputs); input += 1) {
    const data = input < own.length ? (own[input] ?? pick()) : mutated(pick(), pick(), random)
    const result = await run(target, data, seeds)
    total += 1
    if (result === 'accepted') accepted += 1
    else if (result !== 'refused') report(target, data, result)
  }
  process.stdout.write(`${target.name}: ${values.inputs} inputs, ${accepted} of them accepted\n`)
}
process.stdout.write(`${total} inputs, ${findings} findings\n`)
process.exitCode = findings === 0 ? 0 : 1

/** `accepted`, `refused` by a code of ours, or what is wrong. */
async function run({ fuzz }: Target, data: Buffer, all: Seeds): Promise<string> {
  const before = process.cpuUsage()
  const held = process.memoryUsage.rss()
  let result = 'accepted'
  try {
    await fuzz(data, all)
  } catch (thrown) {
    // Whoever reads DER makes a code of its error, which says what was read.
    if (thrown instanceof DerError || (thrown instanceof CountersignError && thrown.code !== 'internal'))
      result = 'refused'
    else return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'something was thrown that is no error'
  }
  const { user, system } = process.cpuUsage(before)
  if ((user + system) / 1e6 > mostSeconds) return `took ${((user + system) / 1e6).toFixed(1)} s of CPU`
  const grown = process.memoryUsage.rss() - held
  return grown > mostBytes ? `took ${(grown / 1024 / 1024).toFixed(0)} MB` : result
}

function report({ name }: Target, data: Buffer, result: string): void {
  findings += 1
  const id = sha256Hex(data).slice(0, 16)
  process.stdout.write(`FINDING ${name} ${id} (${data.length} bytes): ${result}\n`)
  if (values.failures === undefined) return
  mkdirSync(values.failures, { recursive: true })
  writeFileSync(join(values.failures, `${name.replaceAll(' ', '-')}-${id}`), data)
}
