/** One stack for all test files of a run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { gitHubJob, makeProject } from './project.ts'
import { startStack } from './stack.ts'
import type { StackFacts } from './stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackFacts
    first: FirstAttestations
  }
}

/** The very first entry of each log, which has the index 0 and an empty proof. */
export interface FirstAttestations {
  readonly artifact: string
  readonly bundles: { readonly [rekor in 1 | 2]: string }
}

/** Where the reporter finds the servers' logs, should a test fail. */
export const folderVariable = 'COUNTERSIGN_PEERS_FOLDER'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-peers-'))
  process.env[folderVariable] = folder
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const stack = await startStack(folder).catch((thrown: unknown) => {
    remove() // the error shows the end of the log that matters
    throw thrown
  })
  const end = async (): Promise<void> => {
    await stack.stop()
    remove()
  }
  try {
    const release = makeProject(stack.facts)
    const bundles = { 1: await release.attest(gitHubJob, 1), 2: await release.attest(gitHubJob, 2) }
    project.provide('stack', stack.facts)
    project.provide('first', { artifact: release.artifact, bundles })
    return end
  } catch (thrown) {
    await end()
    throw thrown
  }
}
