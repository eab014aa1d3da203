/**
 * Verification of real public-good bundles with distinct leaf certificates: in the library against @sigstore/verify, and the
 * whole process against cosign and sigstore-go. The bundles are the corpus beside the checkout, the clients those that the
 * peers suite has installed; what is not there is left out, and said.
 */
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify'
import { isObject } from '../src/model/json.ts'
import type { Json } from '../src/model/json.ts'
import { bundleFromJson } from '../src/model/bundle.ts'
import { trustFromJson } from '../src/sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../src/sigstore/verify/verify-bundle.ts'
import { isInstalled, programPath } from '../test/peers/cache.ts'
import { toolNamed } from '../test/peers/versions.ts'
import { against, inTurns, output, root } from './bench-timing.ts'
import type { Against } from './bench-timing.ts'

const corpus = join(root, '../shared/corpus/bundles')
const publicGood = join(corpus, 'trust/public-good.json')
const gitHub = 'https://token.actions.githubusercontent.com'

function binOf(checkout: string): string {
  return join(checkout, 'bin/countersign.js')
}

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
  /** Whole processes of this build and of another one that do what the row does. */
  readonly against: Against | undefined
}

interface Bench {
  readonly cases: readonly CorpusCase[]
  /** Another checkout that is built. */
  readonly other: string | undefined
  /** For files of the bench. */
  readonly folder: string
  /** Hears what is left out. */
  readonly missing: string[]
}

/** What could be measured, and why the rest could not. */
export function benchVerify(other?: string): {
  readonly rows: readonly VerifyBench[]
  readonly missing: readonly string[]
} {
  if (!existsSync(join(corpus, 'cases.json'))) return { rows: [], missing: ['the corpus is not beside this checkout'] }
  const cases = (JSON.parse(readFileSync(join(corpus, 'cases.json'), 'utf8')) as CorpusCase[]).filter(
    (it) => it.verdict === 'pass' && it.layer === undefined,
  )
  const folder = mkdtempSync(join(tmpdir(), 'countersign-verify-'))
  try {
    const bench: Bench = { cases, other, folder, missing: [] }
    return { rows: [inLibrary(bench), inBulk(bench), ...clients(bench)], missing: bench.missing }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One genuine bundle for each file, each with a leaf certificate of its own. */
function genuine(cases: readonly CorpusCase[]): readonly string[] {
  const lines = [...new Set(cases.map((it) => it.bundle))].flatMap((path) => {
    const text = readFileSync(join(corpus, path), 'utf8')
    return isJson(text) ? [JSON.stringify(JSON.parse(text))] : text.split('\n').filter((line) => line !== '')
  })
  return [...new Map(lines.map((line) => [leafOf(JSON.parse(line) as Json), line])).values()]
}

/** Artifacts that one core verifies: from 200 on the command takes worker threads. */
const onOneCore = 192

function inLibrary({ cases, other, folder }: Bench): VerifyBench {
  const bundles = genuine(cases)
  const rootJson = JSON.parse(readFileSync(publicGood, 'utf8')) as Json
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
  const [mine = Number.NaN, its = Number.NaN] = inTurns([ours, theirs], 9)
  const file = join(folder, 'distinct.intoto.jsonl')
  const distinct = aboutDistinct(cases)
  writeFileSync(file, distinct.bundles.join('\n'))
  return {
    what: `library, ${bundles.length} public-good bundles with distinct leaf certificates, one core`,
    baseline: '@sigstore/verify 4.1.3',
    ours: mine / bundles.length,
    theirs: its / bundles.length,
    against: against(other, 9, verifyMany(file, repeated(distinct, onOneCore))),
  }
}

/** 5,000 artifacts (digests) against one .jsonl of 10,000 lines, of which one is about each; the baseline is one core of ours. */
function inBulk({ cases, other, folder }: Bench): VerifyBench {
  const distinct = aboutDistinct(cases)
  const { bundles } = distinct
  const others = Array.from({ length: 10_000 - bundles.length }, (_, index) =>
    aboutAnother(bundles[index % bundles.length] ?? '', index),
  )
  const file = join(folder, 'all.intoto.jsonl')
  writeFileSync(file, [...bundles, ...others].join('\n'))
  const script = join(folder, 'bulk.mjs')
  writeFileSync(script, bulkProgram(file, distinct))
  const seconds = (workers: number): number => Number(output(process.execPath, [script, String(workers)]))
  const [all, one] = [seconds(0), seconds(1)]
  return {
    what: 'bulk, 5,000 artifacts, one .jsonl of 10,000 bundles, all cores',
    baseline: 'the same on one core',
    ours: all,
    theirs: one,
    against: against(other, 3, verifyMany(file, repeated(distinct, 5_000))),
  }
}

/** The command that verifies these digests with the bundles of one file. */
function verifyMany(file: string, { pattern, digests }: Digests): (checkout: string) => readonly string[] {
  const asked = ['--signer', pattern, '--issuer', gitHub, '--source', pattern]
  const flags = ['--bundle', file, '--trusted-root', publicGood, ...asked]
  return (checkout) => [binOf(checkout), 'verify', ...digests, ...flags]
}

/** What is asked for, and the pattern that fits who signed it and where it comes from. */
interface Digests {
  readonly pattern: string
  readonly digests: readonly string[]
}

function repeated({ pattern, digests }: Digests, count: number): Digests {
  return { pattern, digests: Array.from({ length: count }, (_, index) => digests[index % digests.length] ?? '') }
}

/** One bundle for each digest, of the owner who signed most of them: a pattern that fits all owners is refused. */
function aboutDistinct(cases: readonly CorpusCase[]): Digests & { readonly bundles: readonly string[] } {
  const distinct = [...new Map(genuine(cases).map((line) => [digestIn(line), line])).values()]
  const [pattern = '', bundles = []] =
    [...Map.groupBy(distinct, patternFor)]
      .filter(([it]) => it !== undefined)
      .sort((a, b) => b[1].length - a[1].length)[0] ?? []
  return { pattern, bundles, digests: bundles.map(digestIn) }
}

function digestIn(line: string): string {
  return digestOf(JSON.parse(line) as Json)
}

/** Of the owner at GitHub whose workflow signed. */
function patternFor(line: string): string | undefined {
  const leaf = new X509Certificate(Buffer.from(leafOf(JSON.parse(line) as Json), 'base64'))
  const owner = /^URI:https:\/\/github\.com\/([^/]+)\//.exec(leaf.subjectAltName ?? '')?.[1]
  return owner === undefined ? undefined : `https://github.com/${owner}/**`
}

function bulkProgram(file: string, { pattern, digests }: Digests): string {
  return `
    import { availableParallelism } from 'node:os'
    import { judgeAll } from ${JSON.stringify(join(root, 'dist/verify.js'))}
    const digests = ${JSON.stringify(digests)}
    const artifacts = Array.from({ length: 5_000 }, (_, index) => ({ digest: digests[index % digests.length] }))
    const workers = Number(process.argv[2]) || availableParallelism()
    const start = performance.now()
    let passed = 0
    for await (const verdict of judgeAll(artifacts, {
      question: ${JSON.stringify({ signer: pattern, issuer: gitHub, source: pattern })},
      trust: { kind: 'file', path: ${JSON.stringify(publicGood)} }, bundle: ${JSON.stringify(file)},
    }, workers)) passed += verdict.outcome === 'pass' ? 1 : 0
    if (passed !== artifacts.length) throw new Error('only ' + passed + ' passed')
    process.stdout.write(String((performance.now() - start) / 1000))
  `
}

/** The whole process, cold, on one bundle. */
function clients({ cases, other, missing }: Bench): VerifyBench[] {
  const given = cases.find((it) => it.bundle.includes('bcr/'))
  if (given === undefined) return []
  const { signer, issuer, source = '' } = given.ask
  const paths = [given.artifact, given.bundle, given.trustedRoot].map((it) => join(corpus, it))
  const [artifact = '', bundle = '', trustedRoot = ''] = paths
  const identity = ['--certificate-identity', signer, '--certificate-oidc-issuer', issuer]
  const ours = ['verify', artifact, '--bundle', bundle, '--trusted-root', trustedRoot]
  const asked = (checkout: string): string[] => [
    ...[binOf(checkout), ...ours],
    ...['--signer', signer, '--issuer', issuer, '--source', source],
  ]
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
    const tool = toolNamed(name)
    const path = programPath(tool)
    if (!isInstalled(tool)) {
      missing.push(`${name} is not installed (npm run test:peers installs it)`)
      return []
    }
    const home = mkdtempSync(join(tmpdir(), 'countersign-client-'))
    const env = { ...process.env, HOME: home }
    try {
      const mine = (): string => output(process.execPath, asked(root), { env })
      const [seconds = Number.NaN, its = Number.NaN] = inTurns([mine, () => output(path, args, { env })], 15)
      return [
        {
          what: 'whole process, one bundle, trusted root file',
          baseline: name,
          ours: seconds,
          theirs: its,
          against: against(other, 15, asked, { env }),
        },
      ]
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
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
