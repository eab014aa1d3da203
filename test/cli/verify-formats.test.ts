/** `verify --format`: one document on standard output whatever it holds, and the exit code is the verdict in each. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import { documentFormats, formats } from '../../src/report.ts'
import { useRelease } from '../world/release.ts'
import { steersIn } from '../world/hostile-text.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

const release = useRelease()
let question: string[]
beforeAll(async () => {
  const root = release().write(release().sigstore.trustedRoot as object, 'root.json')
  const { signer, issuer, source = '' } = release().question()
  question = ['--signer', signer, '--issuer', issuer, '--source', source, '--trusted-root', root]
  writeFileSync(join(release().folder, 'app.tgz.sigstore.json'), JSON.stringify(await release().genuine()))
  writeFileSync(join(release().folder, 'unsigned.tgz'), 'x')
})

function verify(...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: release().folder }, 'verify', ...argv, ...question)
}

describe.each([...formats, ...documentFormats])('in %s', (format) => {
  it('the exit code is the verdict, and nothing in the output steers a log', async () => {
    for (const [names, exitCode] of [
      [['app.tgz'], 0],
      [['app.tgz', 'unsigned.tgz'], 1],
      [['gone.tgz'], 2],
    ] as const) {
      const ran = await verify(...names, '--format', format)
      expect(ran.exitCode).toBe(exitCode)
      for (const it of names) expect(ran.stdout).toContain(it)
      expect(steersIn(ran.stdout)).toEqual([])
    }
  })
})

describe.each(documentFormats)('a document in %s', (format) => {
  it('is about all artifacts, and cannot be asked to say less of some', async () => {
    for (const flag of ['--quiet', '--verbose']) {
      const { exitCode, stdout, stderr } = await verify('app.tgz', '--format', format, flag)
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain('question-conflict')
    }
  })
})

describe('a document that would have no end', () => {
  it.each([
    [['app.tgz'], 3],
    [['app.tgz', 'unsigned.tgz'], 1],
  ])('of %j is not written: a yes is none any more, and a no stays one', async (names, exitCode) => {
    const { documentCharacters } = limits
    onTestFinished(() => void Object.assign(limits, { documentCharacters }))
    Object.assign(limits, { documentCharacters: 100 })
    const ran = await verify(...names, '--format', 'sarif')
    expect([ran.exitCode, ran.stdout]).toEqual([exitCode, ''])
    expect(ran.stderr).toContain('(document-too-large)')
  })
})
