/** Two files, or two folders of artifacts → in what they differ. */
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { rebuildReportType } from '../../model/rebuild-report.ts'
import type { ArtifactComparison, NotCompared, RebuildReport } from '../../model/rebuild-report.ts'
import { byText } from '../../model/text-order.ts'
import { readRegularFile } from '../../platform/files.ts'
import { hashFile } from '../../platform/hash.ts'
import type { HashedFile } from '../../platform/hash.ts'
import { compareArchives, readSide } from './compare-archives.ts'
import { filesOfFolder } from './folder-files.ts'
import { sha256Of } from './member.ts'

/**
 * The comparison of A with B: two files, whatever they are called, or two folders, whose files are paired by their paths. Of files
 * that differ, members are compared where both are archives that can be held in memory. Errors: `path-missing`, `path-not-regular`,
 * `usage` (a file and a folder), those of `filesOfFolder` and `hashFile`.
 */
export async function compareBuilds(a: string, b: string, cwd: string): Promise<RebuildReport> {
  const [isFolderA, isFolderB] = [await isFolder(resolve(cwd, a), a), await isFolder(resolve(cwd, b), b)]
  if (isFolderA !== isFolderB) {
    throw new CountersignError('usage', 'one is a file and the other a folder', {
      hint: 'compare two files, or two folders',
    })
  }
  if (!isFolderA) {
    const only = await compareFiles(basename(resolve(cwd, a)), resolve(cwd, a), resolve(cwd, b))
    return reportOf([only], 0)
  }
  const [inA, inB] = [await filesOfFolder(resolve(cwd, a)), await filesOfFolder(resolve(cwd, b))]
  const names = [...new Set([...inA.files.keys(), ...inB.files.keys()])].sort(byText)
  if (names.length === 0) throw new CountersignError('subject-none', 'there is no artifact in either folder')
  const artifacts: ArtifactComparison[] = []
  for (const name of names) artifacts.push(await compareFiles(name, inA.files.get(name), inB.files.get(name)))
  return reportOf(artifacts, inA.leftOut + inB.leftOut)
}

function reportOf(artifacts: ArtifactComparison[], leftOut: number): RebuildReport {
  const isSame = artifacts.every(({ outcome }) => outcome === 'same')
  return { type: rebuildReportType, outcome: isSame ? 'same' : 'differs', artifacts, leftOut }
}

async function isFolder(path: string, given: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  if (stats === undefined) throw new CountersignError('path-missing', `${JSON.stringify(given)} does not exist`)
  return stats.isDirectory()
}

async function compareFiles(name: string, a: string | undefined, b: string | undefined): Promise<ArtifactComparison> {
  const [inA, inB] = [await hashed(a), await hashed(b)]
  const sides = {
    ...(inA === undefined ? {} : { a: { sha256: inA.digest.sha256, size: inA.size } }),
    ...(inB === undefined ? {} : { b: { sha256: inB.digest.sha256, size: inB.size } }),
  }
  if (a === undefined || b === undefined || inA === undefined || inB === undefined) {
    const kind = inA === undefined ? 'only-in-b' : 'only-in-a'
    return { name, outcome: 'differs', ...sides, differences: [{ kind }], notCompared: [] }
  }
  if (inA.digest.sha256 === inB.digest.sha256) {
    return { name, outcome: 'same', ...sides, differences: [], notCompared: [] }
  }
  const tooLarge = (['a', 'b'] as const).filter((it) => (it === 'a' ? inA : inB).size > limits.comparedArchiveBytes)
  if (tooLarge.length > 0) {
    const notCompared = tooLarge.map((side): NotCompared => ({ side, code: 'archive-too-large' }))
    return { name, outcome: 'differs', ...sides, members: 'not-compared', differences: [], notCompared }
  }
  const [readA, readB] = [readSide(await reread(a, inA)), readSide(await reread(b, inB))]
  const { members, ...found } = compareArchives(readA, readB)
  return {
    ...{ name, outcome: 'differs', ...sides },
    ...(members === undefined ? {} : { members }),
    differences: [...found.differences],
    notCompared: [...found.notCompared],
  }
}

async function hashed(path: string | undefined): Promise<HashedFile | undefined> {
  return path === undefined ? undefined : hashFile(path)
}

/** The very bytes that were hashed. Error: `input-unreadable` (it was written in between). */
async function reread(path: string, { digest }: HashedFile): Promise<Buffer> {
  const bytes = await readRegularFile(path, limits.comparedArchiveBytes, JSON.stringify(path))
  if (sha256Of(bytes) === digest.sha256) return bytes
  throw new CountersignError('input-unreadable', `${JSON.stringify(path)} changed while it was compared`, {
    hint: 'wait until the build has finished writing',
  })
}
