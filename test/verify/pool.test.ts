import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/model/verdict.ts'
import { judgeAll } from '../../src/verify/verify.ts'
import { codeOfAsync } from '../world/failure.ts'
import { artifactDigest, edited, useRelease } from '../world/release.ts'

const release = useRelease()
const many = 240

interface Lot {
  readonly artifacts: readonly string[]
  readonly bundle: string
}

/** Many artifacts with one bundle each, in one file in another order; the last artifact is one that nobody signed. */
async function makeLot(): Promise<Lot> {
  const folder = join(release().folder, 'lot')
  mkdirSync(folder, { recursive: true })
  const contents = Array.from({ length: many - 1 }, (_, index) => `artifact ${index % 12}`)
  const signed = new Map<string, string>()
  for (const content of new Set(contents)) {
    const sha256 = createHash('sha256').update(content).digest('hex')
    const statement = edited(release().statement(), (it) => (it.subject[0]!.digest = { sha256 }))
    signed.set(content, JSON.stringify(await release().sign(statement)))
  }
  const artifacts = [...contents, 'nobody signed this'].map((content, index) => {
    const path = join(folder, `${index}.bin`)
    writeFileSync(path, content)
    return path
  })
  const bundle = join(folder, 'all.intoto.jsonl')
  writeFileSync(bundle, [...signed.values()].reverse().join('\n'))
  return { artifacts, bundle }
}

async function verdicts(lot: Lot, workers: number): Promise<Verdict[]> {
  const request = { ...release().question(), trust: release().trust, bundle: lot.bundle }
  return Array.fromAsync(judgeAll(lot.artifacts, request, workers))
}

describe('many artifacts', () => {
  it('get one verdict each, in their order, and the same from one core as from several', async () => {
    const lot = await makeLot()
    const alone = await verdicts(lot, 1)
    const together = await verdicts(lot, 3)
    expect(together).toEqual(alone)
    expect(alone.map((it) => it.artifact.name)).toEqual(lot.artifacts.map((_, index) => `${index}.bin`))
    expect(alone.slice(0, -1).every((it) => it.outcome === 'pass')).toBe(true)
    expect(alone.at(-1)).toMatchObject({ outcome: 'fail', unrelated: 11 })
  })

  it('that are not there are undecided one by one', async () => {
    const lot = await makeLot()
    const artifacts = [...lot.artifacts.slice(0, many - 1), join(release().folder, 'none')]
    const outcomes = (await verdicts({ ...lot, artifacts }, 2)).map((it) => it.outcome)
    expect(outcomes.slice(-2)).toEqual(['pass', 'undecided'])
  })

  it('are not begun with an incomplete question', async () => {
    const request = { signer: 'x', trust: release().trust }
    const artifacts = Array.from({ length: many }, () => 'a')
    expect(await codeOfAsync(() => Array.fromAsync(judgeAll(artifacts, request, 2)))).toBe('question-incomplete')
  })

  it('may be digests', async () => {
    const bundle = join(release().folder, 'one.json')
    writeFileSync(bundle, JSON.stringify(await release().attested()))
    const lot = { artifacts: Array.from({ length: many }, () => `sha256:${artifactDigest}`), bundle }
    expect((await verdicts(lot, 2)).every((it) => it.outcome === 'pass')).toBe(true)
  })
})
