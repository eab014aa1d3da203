/** What is said of records that were replaced where nobody could look for them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explainRecords } from '../../src/cli/commands/explain-records.ts'
import { processTerminal } from '../../src/cli/terminal.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'

async function saidIn(cwd: string): Promise<string> {
  const allowedSigners = join(scratchFolder(), 'allowed')
  writeFileSync(allowedSigners, `ann@example.org ${ed25519Key().text}\n`)
  let said = ''
  const stderr = { write: (text: string) => void (said += text) }
  const terminal = { ...processTerminal(), cwd, stderr }
  await explainRecords(
    [{ tool: 'claude-code', id: 's', digest: { sha256: '0'.repeat(64) } }],
    { allowedSigners },
    terminal,
  )
  return said
}

test('is that nobody could look, and not nothing', async () => {
  expect(await saidIn(scratchFolder())).toContain('(git-no-repository)')
  expect(await saidIn(scratchRepository().folder)).toBe('')
})
