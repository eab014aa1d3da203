/** A provider is added by its file alone: in a copy of the source, by a row that is written there and nothing else. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { useWorkplaces } from '../world/checkout.ts'
import { madeUp } from './made-up.ts'
import type { Trip } from './made-up-trip.ts'
import { isEach } from '../world/runs.ts'

const workplace = useWorkplaces()
const root = fileURLToPath(new URL('../..', import.meta.url))

/** The source, with what it needs to run, in a folder of its own. */
function copyOfSource(): string {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-made-up-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true })
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** A file of this folder as somebody writes it into `src/providers`. */
function rowText(): string {
  const text = readFileSync(join(root, 'test/providers/made-up.ts'), 'utf8')
  return text.replaceAll('../../src/providers/', './')
}

test.runIf(isEach)('a row brings its jobs, their tokens, their certificates and what is refused of them', () => {
  const copy = copyOfSource()
  writeFileSync(join(copy, 'src/providers/made-up.ts'), rowText())
  execFileSync(process.execPath, [join(root, 'scripts/tables.ts'), join(copy, 'src'), '--write'])

  // The trip itself, beside the copy.
  for (const file of ['test/providers/made-up-trip.ts', 'test/world/issuer-answers.ts']) {
    cpSync(join(root, file), join(copy, file))
  }
  const at = workplace()
  const written = execFileSync(process.execPath, [join(copy, 'test/providers/made-up-trip.ts'), at.folder, at.commit], {
    env: at.env(),
    encoding: 'utf8',
  })
  const trip = JSON.parse(written) as Trip

  expect(trip.publicIssuers).toEqual(expect.arrayContaining([...madeUp.issuers]))
  const signer = 'https://made-up.example/acme/widget/pipelines/release@refs/tags/v1.1.0'
  expect(trip.own).toEqual({ detected: 'made-up', signer, outcome: 'pass', failed: [] })
  expect(trip.foreign).toEqual({ detected: 'made-up', signer, outcome: 'fail', failed: ['trigger trigger-refused'] })
  expect(trip.selfHosted).toEqual({ detected: 'made-up', signer, outcome: 'fail', failed: ['runner runner-refused'] })
})
