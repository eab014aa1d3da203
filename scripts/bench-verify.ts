/**
 * Verification of real public-good bundles with distinct leaf certificates: in the library against @sigstore/verify, and the
 * whole process against cosign and sigstore-go. The bundles are the corpus beside the checkout, the clients those that the
 * peers suite has installed; what is not there is left out, and said.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify'
import { isObject } from '../src/model/json.ts'
import type { Json } from '../src/model/json.ts'
import { bundleFromJson } from '../src/model/bundle.ts'
import { trustFromJson } from '../src/sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../src/sigstore/verify/verify-bundle.ts'
import { program } from '../test/peers/cache.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const corpus = join(root, '../shared/corpus/bundles')
const bin = join(root, 'bin/countersign.js')

interface CorpusCase {
  readonly bundle: string
  readonly artifact: string
  readonly trustedRoot: string
  readonly verdict: string
  readonly layer?: string
  readonly ask: {
    readonly signer: string
    readonly issuer: string
    readonly source?: string
    readonly predicateType?: string
  }
}

/** Seconds for ours and for the other, per verification or per process; medians of one run. */
export interface VerifyBench {
  readonly what: string
  readonly baseline: string
  readonly ours: number
  readonly theirs: number
}

/** What could be measured, and why the rest could not. */
export function benchVerify(): { readonly rows: readonly VerifyBench[]; readonly missing: readonly string[] } {
  if (!existsSync(join(corpus, 'cases.json'))) return { rows: [], missing: ['the corpus is not beside this checkout'] }
  const cases = (JSON.parse(readFileSync(join(corpus, 'cases.json'), 'utf8')) as CorpusCase[]).filter(
    (it) => it.verdict === 'pass' && it.layer === undefined,
  )
  const missing: string[] = []
  const processes = clients(cases, missing)
  return { rows: [inLibrary(cases), inBulk(cases), ...processes], missing }
}

/** One genuine bundle for each file, each with a leaf certificate of its own. */
function genuine(cases: readonly CorpusCase[]): readonly string[] {
  const lines = [...new Set(cases.map((it) => it.bundle))].flatMap((path) => {
    const text = readFileSync(join(corpus, path), 'utf8')
    return isJson(text) ? [JSON.stringify(JSON.parse(text))] : text.split('\n').filter((line) => line !== '')
  })
  return [...new Map(lines.map((line) => [leafOf(JSON.parse(line) as Json), line])).values()]
}

function inLibrary(cases: readonly CorpusCase[]): VerifyBench {
  const bundles = genuine(cases)
  const rootJson = JSON.parse(readFileSync(join(corpus, 'trust/public-good.json'), 'utf8')) as Json
  const trust = trustFromJson(rootJson, 'public-good')
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(rootJson)))
  const ours = (): void => {
    for (const line of bundles) {
      if (verifyBundle(bundleFromJson(JSON.parse(line) as Json), trust).outcome !== 'verified')
        throw new Error('refused')
    }
  }
  const theirs = (): void => {
    for (const line of bundles) verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(line))))
  }
  const [mine, its] = inTurns([ours, theirs], 9)
  return {
    what: `library, ${bundles.length} public-good bundles with distinct leaf certificates, one core`,
    baseline: '@sigstore/verify 4.1.3',
    ours: mine / bundles.length,
    theirs: its / bundles.length,
  }
}

/** 5,000 artifacts (digests) against one .jsonl of 10,000 lines, of which one is about each; the baseline is one core of ours. */
function inBulk(cases: readonly CorpusCase[]): VerifyBench {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bulk-'))
  try {
    const bundles = [...new Map(genuine(cases).map((line) => [digestOf(JSON.parse(line) as Json), line])).values()]
    const file = join(folder, 'all.intoto.jsonl')
    const digests = bundles.map((line) => digestOf(JSON.parse(line) as Json))
    const others = Array.from({ length: 10_000 - bundles.length }, (_, index) =>
      aboutAnother(bundles[index % bundles.length] ?? '', index),
    )
    writeFileSync(file, [...bundles, ...others].join('\n'))
    const script = join(folder, 'bulk.mjs')
    writeFileSync(script, bulkProgram(file, digests))
    const seconds = (workers: number): number => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, String(workers)], { encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
      return Number(stdout)
    }
    const [all, one] = [seconds(0), seconds(1)]
    return {
      what: 'bulk, 5,000 artifacts, one .jsonl of 10,000 bundles, all cores',
      baseline: 'the same on one core',
      ours: all,
      theirs: one,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function bulkProgram(file: string, digests: readonly string[]): string {
  return `
    import { availableParallelism } from 'node:os'
    import { judgeAll } from ${JSON.stringify(join(root, 'dist/index.js'))}
    const digests = ${JSON.stringify(digests)}
    const artifacts = Array.from({ length: 5_000 }, (_, index) => digests[index % digests.length])
    const workers = Number(process.argv[2]) || availableParallelism()
    const start = performance.now()
    let passed = 0
    for await (const verdict of judgeAll(artifacts, {
      signer: 'https://github.com/**', issuer: 'https://token.actions.githubusercontent.com', source: 'https://github.com/**',
      trust: { kind: 'file', path: ${JSON.stringify(join(corpus, 'trust/public-good.json'))} }, bundle: ${JSON.stringify(file)},
    }, workers)) passed += verdict.outcome === 'pass' ? 1 : 0
    if (passed !== artifacts.length) throw new Error('only ' + passed + ' passed')
    process.stdout.write(String((performance.now() - start) / 1000))
  `
}

/** The whole process, cold, on one bundle. */
function clients(cases: readonly CorpusCase[], missing: string[]): VerifyBench[] {
  const given = cases.find((it) => it.bundle.includes('bcr/'))
  if (given === undefined) return []
  const { signer, issuer, source = '' } = given.ask
  const paths = [given.artifact, given.bundle, given.trustedRoot].map((it) => join(corpus, it))
  const [artifact = '', bundle = '', trustedRoot = ''] = paths
  const identity = ['--certificate-identity', signer, '--certificate-oidc-issuer', issuer]
  const ours = [process.execPath, bin, 'verify', artifact, '--bundle', bundle, '--trusted-root', trustedRoot]
  const asked = [...ours, '--signer', signer, '--issuer', issuer, '--source', source]
  const others = [
    {
      name: 'cosign' as const,
      args: [
        'verify-blob-attestation',
        '--bundle',
        bundle,
        '--trusted-root',
        trustedRoot,
        ...identity,
        '--type',
        given.ask.predicateType ?? '',
        artifact,
      ],
    },
    {
      name: 'sigstore-go' as const,
      args: ['verify-bundle', '--bundle', bundle, ...identity, '--trusted-root', trustedRoot, artifact],
    },
  ]
  return others.flatMap(({ name, args }) => {
    const path = program(name)
    if (!existsSync(path)) {
      missing.push(`${name} is not installed (npm run test:peers installs it)`)
      return []
    }
    const home = mkdtempSync(join(tmpdir(), 'countersign-client-'))
    const run = (command: readonly string[]) => (): void => {
      const [file = '', ...rest] = command
      const { status, stderr } = spawnSync(file, rest, { env: { ...process.env, HOME: home }, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${name}: ${stderr}`)
    }
    try {
      const [mine, its] = inTurns([run(asked), run([path, ...args])], 15)
      return [{ what: 'whole process, one bundle, trusted root file', baseline: name, ours: mine, theirs: its }]
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
}

/** Median seconds of each, run in turns so that all see the same machine; the first round warms up. */
function inTurns(runs: readonly [() => void, () => void], rounds: number): [number, number] {
  const times = runs.map((): number[] => [])
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, run] of runs.entries()) {
      const start = performance.now()
      run()
      if (round > 0) times[index]?.push((performance.now() - start) / 1000)
    }
  }
  const [mine = Number.NaN, its = Number.NaN] = times.map((all) => all.sort((a, b) => a - b)[all.length >> 1])
  return [mine, its]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function at(value: Json, ...path: readonly (string | number)[]): Json {
  let current = value
  for (const step of path) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(step)] ?? null
    else current = isObject(current) ? (current[step] ?? null) : null
  }
  return current
}

function leafOf(bundle: Json): string {
  const material = at(bundle, 'verificationMaterial')
  return JSON.stringify(
    at(material, 'certificate', 'rawBytes') ?? at(material, 'x509CertificateChain', 'certificates', 0, 'rawBytes'),
  )
}

/** The first SHA-2 digest that the statement names. */
function digestOf(bundle: Json): string {
  const payload = at(bundle, 'dsseEnvelope', 'payload')
  const statement = JSON.parse(
    Buffer.from(typeof payload === 'string' ? payload : '', 'base64').toString('utf8'),
  ) as Json
  const digest = at(statement, 'subject', 0, 'digest')
  const [algorithm = '', value = ''] = Object.entries(isObject(digest) ? digest : {})[0] ?? []
  return `${algorithm}:${typeof value === 'string' ? value : ''}`
}

/** The same bundle about another artifact: a line that a release's file holds for its neighbours. */
function aboutAnother(line: string, index: number): string {
  const [, value = ''] = digestOf(JSON.parse(line) as Json).split(':')
  const other = index.toString(16).padStart(8, '0') + value.slice(8)
  const bundle = JSON.parse(line) as { dsseEnvelope: { payload: string } }
  const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8')
  bundle.dsseEnvelope.payload = Buffer.from(statement.replaceAll(value, other)).toString('base64')
  return JSON.stringify(bundle)
}
