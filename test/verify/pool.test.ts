import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactInput } from '../../src/model/artifact.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { BundleInput } from '../../src/verify/candidates.ts'
import { judgeAll } from '../../src/verify/verify.ts'
import { codeOfAsync } from '../world/failure.ts'
import { artifactBytes, artifactDigest, edited, refusals, useRelease } from '../world/release.ts'
import { atDesk, isEach, some } from '../world/runs.ts'

const release = useRelease()
const many = 200

interface Lot {
  readonly artifacts: readonly (string | ArtifactInput)[]
  readonly bundle: string | BundleInput
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
  const request = { question: release().question(), trust: release().trust, bundle: lot.bundle }
  return Array.fromAsync(judgeAll(lot.artifacts, request, workers))
}

describe('many artifacts', () => {
  let lot: Lot
  beforeAll(async () => {
    lot = await makeLot()
  })

  it('get one verdict each, in their order, and the same from one core as from several', async () => {
    const together = await verdicts(lot, atDesk(2, 3))
    // At a desk some of them are judged again, the last among them.
    const again = Array.from(some(lot.artifacts.keys(), 8, (many - 1) % 8))
    const alone = await verdicts({ ...lot, artifacts: again.map((it) => lot.artifacts[it]!) }, 1)
    expect(again.map((it) => together[it])).toEqual(alone)
    expect(together.map((it) => it.artifact.name)).toEqual(lot.artifacts.map((_, index) => `${index}.bin`))
    expect(together.slice(0, -1).flatMap(refusals)).toEqual([])
    expect(together.at(-1)).toMatchObject({ outcome: 'fail', unrelated: 11 })
  })

  it('may be digests or bytes, and those that are not there are undecided one by one', async () => {
    const line = Buffer.from(JSON.stringify(await release().attested()))
    const bundle = [Buffer.from('junk'), parseBundle(line)]
    const digest = { digest: `sha256:${artifactDigest}` }
    const artifacts: ArtifactInput[] = Array.from({ length: many }, () => digest)
    artifacts.splice(7, 1, { path: join(release().folder, 'none') })
    artifacts.splice(100, 1, { digest: 'sha256:short' })
    artifacts.splice(-1, 1, { bytes: Buffer.from(artifactBytes) })
    const together = await verdicts({ artifacts, bundle }, 2)
    expect(together.slice(0, 10)).toEqual(await verdicts({ artifacts: artifacts.slice(0, 10), bundle }, 1))
    const refused = together.flatMap((it, index) => refusals(it).map((reason) => [index, reason]))
    expect(refused).toEqual([
      [7, 'undecided path-missing'],
      [100, 'undecided usage'],
    ])
  })

  it.runIf(isEach)('may be streams, which no other thread can read', async () => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      yield Buffer.from(artifactBytes)
    }
    const bundle = Buffer.from(JSON.stringify(await release().attested()))
    // One of them is enough to keep all in this thread.
    const streams = atDesk(20, many)
    const artifacts = Array.from({ length: many }, (_, index) =>
      index < streams ? { stream: stream() } : { digest: 'x' },
    )
    const reasons = (await verdicts({ artifacts, bundle }, 2)).map((it) => refusals(it).join())
    expect(reasons).toEqual(artifacts.map((_, index) => (index < streams ? '' : 'undecided usage')))
  })

  it('are not begun with an incomplete question', async () => {
    const request = { question: { signer: 'x' } as QuestionOptions, trust: release().trust }
    const artifacts = Array.from({ length: many }, () => 'a')
    expect(await codeOfAsync(() => Array.fromAsync(judgeAll(artifacts, request, 2)))).toBe('question-incomplete')
  })
})
