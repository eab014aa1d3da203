/** The verifier that holds its trust: bytes in, verdicts out, whatever form they come in. */
import { createHash } from 'node:crypto'
import fs, { rmSync, writeFileSync } from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactInput } from '../../src/model/artifact.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import { worldOf } from '../../src/platform/world.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { gatherTrust, openTrusts } from '../../src/sigstore/trust/source.ts'
import { indexInput } from '../../src/verify/candidates.ts'
import type { BundleInput } from '../../src/verify/candidates.ts'
import { VerificationError, evidenceOf, judgeArtifact, openVerifier } from '../../src/verify/verifier.ts'
import type { Verifier } from '../../src/verify/verifier.ts'
import { judge } from '../../src/verify/verify.ts'
import { codeOfAsync } from '../world/failure.ts'
import { artifactBytes, artifactDigest, edited, otherRefusals, refusals, useRelease } from '../world/release.ts'

const release = useRelease()
const bytes = Buffer.from(artifactBytes)
const digestOf = (algorithm: string, of: string | Buffer = bytes): string =>
  createHash(algorithm).update(of).digest('hex')

/** A world in which whatever is looked at fails: what a verifier of bytes needs of it is nothing. */
const nowhere = {
  cwd: '/nowhere/at/all',
  env: {},
  fetch: () => Promise.reject(new Error('nothing is fetched')),
  run: () => Promise.reject(new Error('nothing is run')),
}

let verifier: Verifier
let line: Buffer
beforeAll(async () => {
  verifier = await openVerifier({ trust: release().trust, world: nowhere })
  line = Buffer.from(JSON.stringify(await release().genuine()))
})

async function* chunksOf(text: string, size = 4): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) {
    await Promise.resolve()
    yield Buffer.from(text.slice(at, at + size))
  }
}

describe('a verifier', () => {
  const artifacts: [string, () => ArtifactInput][] = [
    ['a digest as text', () => ({ digest: `sha256:${artifactDigest}` })],
    ['digests by algorithm', () => ({ digest: { sha256: artifactDigest } })],
    ['bytes', () => ({ bytes })],
    ['bytes inside a larger buffer', () => ({ bytes: Buffer.concat([Buffer.of(1), bytes]).subarray(1) })],
    ['a stream', () => ({ stream: chunksOf(artifactBytes) })],
    ['a path', () => ({ path: release().artifact })],
  ]
  it.each(artifacts)('gives one verdict for an artifact in whatever form: %s', async (_, artifact) => {
    const given = { ...artifact(), name: 'app.tgz' }
    const verdict = await verifier.judge(line, given, release().question())
    const expected = await verifier.judge(line, { bytes, name: 'app.tgz' }, release().question())
    expect(verdict).toEqual(expected)
    expect(refusals(verdict)).toEqual([])
    expect(verdict.artifact).toEqual({ name: 'app.tgz', digest: { sha256: artifactDigest } })
  })

  const others: [string, () => ArtifactInput][] = [
    ['a digest as text', () => ({ digest: `sha256:${digestOf('sha256', 'x')}` })],
    ['digests by algorithm', () => ({ digest: { sha256: digestOf('sha256', 'x') } })],
    ['bytes', () => ({ bytes: Buffer.from(`${artifactBytes}.`) })],
    ['no bytes', () => ({ bytes: new Uint8Array() })],
    ['a stream', () => ({ stream: chunksOf(`${artifactBytes}.`) })],
    ['a stream that ends early', () => ({ stream: chunksOf(artifactBytes.slice(0, -1)) })],
    ['a path', () => ({ path: release().write('x', 'another.tgz') })],
  ]
  it.each(others)('refuses another artifact in whatever form: %s', async (_, artifact) => {
    const verdict = await verifier.judge(line, artifact(), release().question())
    expect(refusals(verdict)).toEqual(['subject subject-mismatch'])
  })

  const bundles: [string, () => BundleInput][] = [
    ['bytes', () => line],
    ['bytes of a pretty document', () => Buffer.from(JSON.stringify(JSON.parse(line.toString()), null, 2))],
    ['a parsed bundle', () => parseBundle(line)],
    ['a list of one', () => [line]],
    ['bytes of a .jsonl', () => Buffer.from(`${line.toString()}\n`)],
  ]
  it.each(bundles)('gives one verdict for a bundle in whatever form: %s', async (_, bundle) => {
    const verdict = await verifier.judge(bundle(), { bytes }, release().question())
    expect(verdict).toEqual(await verifier.judge(line, { bytes }, release().question()))
    expect(refusals(verdict)).toEqual([])
  })

  it('takes several bundles, in a list or a line each, and names those that cannot be read', async () => {
    const evil = Buffer.from(JSON.stringify(await release().attested({ workflow: 'evil.yml' })))
    const lot: [BundleInput, string[]][] = [
      [
        [Buffer.from('junk'), evil, parseBundle(line)],
        ['bundle 3', 'bundle 2', 'bundle 1'],
      ],
      [
        [Buffer.from(`junk\n${evil.toString()}`), line],
        ['bundle 2', 'bundle 1:2', 'bundle 1:1'],
      ],
      [Buffer.from(`junk\n${evil.toString()}\n${line.toString()}`), ['bundle:3', 'bundle:2', 'bundle:1']],
    ]
    for (const [given, labels] of lot) {
      const verdict = await verifier.judge(given, { bytes }, release().question())
      expect(refusals(verdict)).toEqual([])
      expect(otherRefusals(verdict)).toEqual(['json-malformed', 'signer-mismatch'])
      expect([...verdict.attestations, ...verdict.unreadable].map((it) => it.bundle)).toEqual(labels)
    }
  })

  it('says that nothing was given where nothing was', async () => {
    expect(refusals(await verifier.judge([], { bytes }, release().question()))).toEqual(['fail attestation-none'])
    const empty = await verifier.judge(new Uint8Array(), { bytes }, release().question())
    expect(refusals(empty)).toEqual(['undecided json-malformed'])
  })

  it('hashes by the algorithms that the bundle names, also what comes in pieces', async () => {
    const digest = { sha512: digestOf('sha512') }
    const statement = edited(release().statement(), (it) => (it.subject[0]!.digest = digest))
    const bundle = Buffer.from(JSON.stringify(await release().sign(statement)))
    for (const artifact of [
      { bytes },
      { stream: chunksOf(artifactBytes, 1) },
      { digest },
      { path: release().artifact },
    ]) {
      const verdict = await verifier.judge(bundle, artifact, release().question())
      expect(refusals(verdict)).toEqual([])
      expect(verdict.artifact.digest).toMatchObject(digest)
    }
    // Of the other digest nobody has said that it is the same file.
    const other = await verifier.judge(bundle, { digest: { sha256: artifactDigest } }, release().question())
    expect(refusals(other)).toEqual(['subject subject-mismatch'])
  })

  it('gives an artifact without a name the best there is', async () => {
    const named = async (artifact: ArtifactInput): Promise<string> =>
      (await verifier.judge(line, artifact, release().question())).artifact.name
    expect(await named({ path: release().artifact })).toBe('app.tgz')
    expect(await named({ digest: `sha256:${artifactDigest}` })).toBe(`sha256:${artifactDigest}`)
    expect(await named({ digest: { sha256: artifactDigest } })).toBe(`sha256:${artifactDigest}`)
    expect(await named({ bytes })).toBe('the artifact')
  })

  it('is undecided about a stream that fails, and about a file that is not there', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(artifactBytes)
      throw new Error('the connection was lost')
    }
    const lost = await verifier.judge(line, { stream: broken(), name: 'app.tgz' }, release().question())
    expect(refusals(lost)).toEqual(['undecided input-unreadable'])
    expect(lost.artifact).toEqual({ name: 'app.tgz', digest: {} })
    const missing = await verifier.judge(line, { path: 'app.tgz' }, release().question())
    expect(refusals(missing)).toEqual(['undecided path-missing'])
  })

  it.each([
    ['cut', `sha256:${artifactDigest.slice(0, -1)}`],
    ['in capitals', `sha256:${artifactDigest.toUpperCase()}`],
    ['without its algorithm', artifactDigest],
    ['of a weak algorithm', `sha1:${'a'.repeat(40)}`],
    ['of no algorithm', `constructor:${artifactDigest}`],
    ['with more behind it', `sha256:${artifactDigest}:x`],
    ['empty', ''],
    ['cut, by algorithm', { sha256: artifactDigest.slice(0, -1) }],
    ['of which one is wrong', { sha256: artifactDigest, sha512: 'x' }],
    ['none', {}],
  ])('refuses a digest that is %s', async (_, digest) => {
    expect(refusals(await verifier.judge(line, { digest }, release().question()))).toEqual(['undecided usage'])
  })

  it('throws for a question that makes no sense, before it reads anything', async () => {
    const stream = {
      [Symbol.asyncIterator]: (): AsyncIterator<Uint8Array> => {
        throw new Error('it was read')
      },
    }
    const { signer, issuer } = release().question()
    for (const [question, code] of [
      [{}, 'question-incomplete'],
      [{ signer, issuer }, 'question-incomplete'],
      [{ ...release().question(), anySource: true }, 'question-conflict'],
      [{ ...release().question(), signer: '**' }, 'pattern-invalid'],
      [{ ...release().question(), signers: [] }, 'usage'],
    ] as [QuestionOptions, string][]) {
      expect(await codeOfAsync(() => verifier.judge(line, { stream }, question))).toBe(code)
      expect(await codeOfAsync(() => verifier.verify(line, { stream }, question))).toBe(code)
    }
  })
})

describe('its trust', () => {
  it('is loaded once: it may be gone when something is verified', async () => {
    const path = release().write(release().sigstore.trustedRoot as object, 'root.json')
    const opened = await openVerifier({ trust: { kind: 'file', path } })
    expect(opened.trust).toEqual([path])
    rmSync(path)
    for (let times = 0; times < 3; times += 1) {
      expect(refusals(await opened.judge(line, { bytes }, release().question()))).toEqual([])
    }
    expect(await codeOfAsync(() => openVerifier({ trust: { kind: 'file', path } }))).toBe('path-missing')
  })

  it('is looked for where its world lies', async () => {
    release().write(release().sigstore.trustedRoot as object, 'own-root.json')
    const trust = { kind: 'file', path: 'own-root.json' } as const
    const opened = await openVerifier({ trust, world: { cwd: release().folder } })
    expect(refusals(await opened.judge(line, { path: 'app.tgz' }, release().question()))).toEqual([])
    expect(await codeOfAsync(() => openVerifier({ trust, world: nowhere }))).toBe('path-missing')
  })

  it.each([
    ['that cannot be read', { kind: 'json', json: { a: 1 }, origin: 'x' }, 'trusted-root-malformed'],
    ['in nothing', { kind: 'any', sources: [] }, 'trusted-root-malformed'],
  ] as const)('%s is an error, and no verifier', async (_, trust, code) => {
    expect(await codeOfAsync(() => openVerifier({ trust }))).toBe(code)
  })
})

describe('a verification of bytes', () => {
  it('touches no file', async () => {
    const ask = [line, { bytes }, release().question()] as const
    await verifier.judge(...ask) // what is loaded at the first call is loaded now
    const { result, calls } = await watched(() => verifier.judge(...ask))
    expect(refusals(result)).toEqual([])
    expect(calls).toEqual([])
    const path = await watched(() => verifier.judge(line, { path: release().artifact }, release().question()))
    expect(path.calls).not.toEqual([])
  })
})

/** What a call gives, and the functions of the file system that it used. */
async function watched<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly calls: readonly string[] }> {
  const calls: string[] = []
  const restore = [fs, fsPromises].flatMap((module) =>
    Object.entries(module).flatMap(([name, original]) => {
      if (typeof original !== 'function' || /^[A-Z]/.test(name)) return []
      const watch = (...given: unknown[]): unknown => {
        calls.push(name)
        return (original as (...given: unknown[]) => unknown)(...given)
      }
      Object.assign(module, { [name]: watch })
      return [() => Object.assign(module, { [name]: original as unknown })]
    }),
  )
  try {
    syncBuiltinESMExports()
    return { result: await run(), calls }
  } finally {
    for (const back of restore) back()
    syncBuiltinESMExports()
  }
}

describe('the same from files', () => {
  it('is the same verdict', async () => {
    const path = join(release().folder, 'bundle')
    writeFileSync(path, line)
    const ask = { trust: release().trust, question: release().question() }
    const expected = await verifier.judge(line, { bytes, name: 'app.tgz' }, release().question())
    for (const bundle of [path, line, parseBundle(line), [line]]) {
      for (const artifact of [release().artifact, { path: release().artifact }, { bytes, name: 'app.tgz' }]) {
        expect(await judge({ artifact, bundle, ...ask })).toEqual(expected)
      }
    }
  })

  it('looks for a bundle beside an artifact only where that is a file', async () => {
    const ask = { trust: release().trust, question: release().question() }
    for (const artifact of [{ bytes }, { digest: `sha256:${artifactDigest}` }]) {
      expect(refusals(await judge({ artifact, ...ask }))).toEqual(['fail attestation-none'])
    }
  })
})

describe('evidence', () => {
  it('is given for a pass alone', async () => {
    const { statements, artifact } = await verifier.verify(line, { bytes, name: 'x' }, release().question())
    expect(artifact).toEqual({ name: 'x', digest: { sha256: artifactDigest } })
    expect(statements.map((it) => it.predicate.kind)).toEqual(['build-provenance'])
    const refused = verifier.verify(line, { bytes: Buffer.from('x') }, release().question())
    await expect(refused).rejects.toBeInstanceOf(VerificationError)
    await expect(refused).rejects.toMatchObject({ code: 'subject-mismatch', kind: 'no', verdict: { outcome: 'fail' } })
  })

  it('is none of a verdict that is not pass, and none is no pass', async () => {
    const hearing = {
      question: parseQuestion({ ...release().question(), strict: true }),
      trusts: openTrusts(await gatherTrust(release().trust, worldOf())),
      cwd: '/',
    }
    const genuine = await judgeArtifact({ bytes }, { ...hearing, find: () => indexInput(line) })
    expect(evidenceOf(genuine).statements).toHaveLength(1)
    const other = Buffer.from(JSON.stringify(await release().attested({ sha: 'b'.repeat(40) })))
    const contradicting = await judgeArtifact({ bytes }, { ...hearing, find: () => indexInput([line, other]) })
    expect(contradicting).toMatchObject({ verdict: { outcome: 'fail' }, evidence: undefined })
    const { verdict, evidence } = genuine
    for (const mixed of [
      { verdict, evidence: undefined },
      { verdict: contradicting.verdict, evidence },
    ]) {
      expect(() => evidenceOf(mixed)).toThrow(VerificationError)
    }
  })
})
