/** Our views of verdicts, read by the validators of their formats. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { newVerdictDocument } from '../../src/report.ts'
import { hostile } from '../world/hostile-text.ts'
import { policyKinds, sampleVerdict } from '../world/verdict-samples.ts'
import { program } from './cache.ts'
import { runOffline } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-views-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const outcomes = ['pass', 'fail', 'undecided'] as const
const texts = { honest: undefined, hostile: `${hostile} [x](https://evil.example) {0} </failure>]]>` } as const

/** All outcomes with all policies, in one document. */
function written(format: 'sarif' | 'junit', text: string | undefined): string {
  const document = newVerdictDocument(format)
  for (const outcome of outcomes) for (const kind of policyKinds) document.add(sampleVerdict(outcome, kind, text))
  const path = join(folder, `${text === undefined ? 'honest' : 'hostile'}.${format}`)
  writeFileSync(path, document.end())
  return path
}

describe.each(Object.entries(texts))('of %s names', (_, text) => {
  test('SARIF has no error, neither by the standard nor by what GitHub asks for', async () => {
    const report = join(folder, 'report.sarif')
    const { stdout, stderr } = await runOffline(
      program('sarif-multitool'),
      [
        ...['validate', written('sarif', text), '--rule-kind', 'Sarif;Ghas', '--level', 'Error', '--kind', 'Fail'],
        ...['--output', report, '--log', 'ForceOverwrite'],
      ],
      // A program of .NET: no ICU is installed, and it unpacks itself.
      { home: folder, env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_BUNDLE_EXTRACT_BASE_DIR: folder } },
    )
    expect(`${stdout}${stderr}`).toContain('Analysis completed successfully')
    const { runs } = JSON.parse(readFileSync(report, 'utf8')) as { runs: { results: { message: object }[] }[] }
    expect(runs.flatMap((it) => it.results.map(({ message }) => message))).toEqual([])
  })

  test('JUnit XML is valid by the schema', async () => {
    const args = ['--schema', program('junit-schema'), written('junit', text)]
    const { code, stdout, stderr } = await runOffline(program('xmlschema'), args, { home: folder })
    expect({ code, said: `${stdout}${stderr}` }).toMatchObject({ code: 0 })
  })
})

test('the schema of JUnit refuses what is none', async () => {
  const path = join(folder, 'broken.xml')
  writeFileSync(path, '<testsuites><testcase/></testsuites>')
  const args = ['--schema', program('junit-schema'), path]
  expect((await runOffline(program('xmlschema'), args, { home: folder })).code).not.toBe(0)
})
