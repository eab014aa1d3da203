/** The folders of the Sigstore conformance suite through the client of its protocol, by path and by digest. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { main } from '../peers/conformance-client.ts'
import { bundlePath, cases } from './corpus.ts'
import type { Case } from './corpus.ts'
import { codesByFolder } from './expected-codes.ts'

const folders = cases.filter((it) => it.layer === 'sigstore').map((it) => [basename(dirname(it.bundle)), it] as const)

it('the corpus has the folders that it had before', () => {
  expect(folders).toHaveLength(58)
  expect(folders.filter(([, it]) => it.verdict === 'fail').map(([name]) => name)).toEqual(Object.keys(codesByFolder))
})

describe.each(['path', 'digest'] as const)('verify-bundle by %s', (by) => {
  it.each(folders)('%s', async (folder, question) => {
    let stderr = ''
    const exitCode = await main(argvOf(question, by), { stderr: { write: (text) => (stderr += text) } })
    if (question.verdict === 'pass') {
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      return
    }
    // What is no public key is a slip of whoever asks.
    expect([1, 3, ...(stderr.includes('(key-malformed)') ? [2] : [])]).toContain(exitCode)
    expect(stderr).toMatch(/^conformance-client: error: [^\n]+\n$/)
    expect(codesByFolder[folder]).toContain(/\(([a-z-]+)\)\n$/.exec(stderr)?.[1])
  })
})

describe('the executable', () => {
  const program = fileURLToPath(new URL('../peers/conformance-client', import.meta.url))
  it.each(
    folders.filter(([name]) => ['happy-path-v0.3', 'rekor2-happy-path', 'signature-mismatch_fail'].includes(name)),
  )('says the same of %s', (_, question) => {
    const { status, stdout, stderr } = spawnSync(program, argvOf(question, 'digest'), { encoding: 'utf8' })
    expect({ passed: status === 0, stdout }).toEqual({ passed: question.verdict === 'pass', stdout: '' })
    expect(stderr === '').toBe(question.verdict === 'pass')
  })

  it('has exit code 2 for arguments that it does not know', () => {
    expect(spawnSync(program, ['verify-bundle', '--bundles', 'x']).status).toBe(2)
    expect(spawnSync(program, []).status).toBe(2)
  })
})

function argvOf({ bundle, key, ask, trustedRoot, artifact }: Case, by: 'path' | 'digest'): string[] {
  const path = bundlePath(artifact)
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
  const signatory =
    key === undefined
      ? ['--certificate-identity', ask.signer!, '--certificate-oidc-issuer', ask.issuer!]
      : ['--key', bundlePath(key)]
  const root = ['--trusted-root', bundlePath(trustedRoot)]
  return [
    'verify-bundle',
    '--bundle',
    bundlePath(bundle),
    ...signatory,
    ...root,
    by === 'path' ? path : `sha256:${digest}`,
  ]
}
