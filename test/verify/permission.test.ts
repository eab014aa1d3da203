/** Verifying bytes touches nothing: it works in a process that may read the package and no more. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { refusals } from '../world/release.ts'

const root = new URL('../../', import.meta.url)
const folder = new URL('fixtures/bundles/genuine/npm-provenance-v1/', root)

interface Asked {
  readonly artifact: string
  readonly ask: QuestionOptions
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}

const bundle = read('bundle.sigstore.json') as { dsseEnvelope: { payload: string } }
const trustedRoot = read('trusted_root.json') as Json
const { artifact, ask: question } = read('question.json') as Asked

/** Takes everything by standard input; tells what it may not do, too. */
const program = `
  import { readFileSync } from 'node:fs'
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const { bundle, json, digest, question, outside } = JSON.parse(Buffer.concat(chunks).toString())
  globalThis.fetch = () => { throw new Error('no network') }
  const { openVerifier } = await import(${JSON.stringify(new URL('dist/verify.js', root).href)})
  const verifier = await openVerifier({ trust: { kind: 'json', json, origin: 'standard input' } })
  const verdict = await verifier.judge(Buffer.from(JSON.stringify(bundle)), { digest, name: 'sigstore-2.0.0.tgz' }, question)
  const denied = outside.filter((path) => {
    try { return readFileSync(path) === undefined } catch ({ code }) { return code === 'ERR_ACCESS_DENIED' }
  })
  process.stdout.write(JSON.stringify({ verdict, denied }))
`

/** Files that are there, and that nobody needs. */
const outside = [
  fileURLToPath(new URL('bundle.sigstore.json', folder)),
  fileURLToPath(import.meta.url),
  process.execPath,
]

/** The verdict on a bundle, made where nothing but the build can be read, and nothing written or run. */
function judged(given: object): Verdict {
  const allowed = ['dist/', 'package.json'].map((path) => `--allow-fs-read=${fileURLToPath(new URL(path, root))}`)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--permission', ...allowed, '--input-type=module', '--eval', program],
    {
      input: JSON.stringify({ bundle: given, json: trustedRoot, digest: artifact, question, outside }),
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(stderr)
  const { verdict, denied } = JSON.parse(stdout) as { verdict: Verdict; denied: string[] }
  expect(denied).toEqual(outside)
  return verdict
}

describe('a genuine bundle of public-good Sigstore, judged without a file system', () => {
  it('passes', () => {
    const verdict = judged(bundle)
    expect(refusals(verdict)).toEqual([])
    expect(verdict.outcome).toBe('pass')
  })

  it('fails with one byte of its payload changed', () => {
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64')
    const at = payload.indexOf('refs/heads/main')
    payload.writeUInt8(payload.readUInt8(at) ^ 1, at)
    const forged = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload: payload.toString('base64') } }
    expect(refusals(judged(forged))).toEqual(['signature signature-invalid'])
  })
})
