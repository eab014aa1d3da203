/** The statement that tells a release change by change: signed beside the provenance, named by it, and verified with it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attest, attestEach } from '../../src/attest/attest.ts'
import type { Attestation, AttestRequest } from '../../src/attest/request.ts'
import { collectRange } from '../../src/attest/range.ts'
import { embeddedSigstore, localTrust } from '../../src/embedded/project.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import { personHash } from '../../src/model/person.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { changeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import type { ChangeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import { render } from '../../src/report/index.ts'
import { judge } from '../../src/verify/verify.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { codeOfAsync } from '../world/failure.ts'
import { isEach } from '../world/runs.ts'

const checkout = useCheckouts()
const changesFile = 'dist/app.tgz.changes.sigstore.json'

async function requestIn(it: Checkout, asked: Partial<AttestRequest> = {}): Promise<AttestRequest> {
  return {
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: embeddedSigstore(),
    world: { cwd: it.folder, env: it.env(await it.token()) },
    out: { whenPresent: 'replace' },
    changes: { path: changesFile, whenPresent: 'replace' },
    ...asked,
  }
}

function payloadOf(bundle: string): string {
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } }
  return Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')
}

function changesIn({ changes }: Attestation): ChangeProvenancePredicate {
  const { predicate } = JSON.parse(payloadOf(changes?.bundle ?? '')) as { predicate: unknown }
  return changeProvenancePredicate.parse(predicate)
}

const agentSession = '5c1f0a3e-8d2b-4c6f-9a71-0b2e4d6f8a90'

interface Dependency {
  readonly uri?: string
  readonly annotations?: { readonly countersign: { readonly requester?: string } }
}

function dependencyOf({ statement }: Attestation, uri: string): Dependency | undefined {
  const { predicate } = JSON.parse(statement) as {
    predicate: { buildDefinition: { resolvedDependencies: Dependency[] } }
  }
  return predicate.buildDefinition.resolvedDependencies.find((it) => it.uri === uri)
}

async function verdictOf(it: Checkout, made: Attestation, bundle?: string, strict = false): Promise<Verdict> {
  const trust = await localTrust(it.state)
  const question: QuestionOptions = { ...made.question, ...(strict ? { strict: true } : {}) }
  const given = bundle === undefined ? {} : { bundle: join(it.folder, bundle) }
  return judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question, ...given })
}

describe('a statement of changes', () => {
  test('is signed, named by the provenance, and verified with it', async () => {
    const it = checkout()
    const made = await attest(await requestIn(it))
    const statement = payloadOf(made.changes?.bundle ?? '')
    expect(made.changes).toMatchObject({ digest: sha256Hex(statement), written: join(it.folder, changesFile) })
    const { predicate } = JSON.parse(made.statement) as {
      predicate: { buildDefinition: { resolvedDependencies: { name?: string; digest: object }[] } }
    }
    expect(predicate.buildDefinition.resolvedDependencies.at(-1)).toMatchObject({
      name: 'change-provenance',
      digest: { sha256: sha256Hex(statement) },
    })
    const verdict = await verdictOf(it, made)
    expect(verdict).toMatchObject({
      outcome: 'pass',
      findings: [],
      attestations: [
        { outcome: 'pass', summary: { changeStatement: { sha256: sha256Hex(statement), given: true } } },
        { outcome: 'pass', summary: { changes: { until: it.commit } } },
      ],
    })
    expect(render(verdict, 'text')).toContain('given, and of this release')
  })

  test('tells each change with its sessions and lines, and people as hashes under a key for it alone', async () => {
    const it = checkout()
    const first = changesIn(await attest(await requestIn(it)))
    expect(first).toMatchObject({ total: first.changes.length, told: 'all', identityKey: { kind: 'statement' } })
    const noted = first.changes.find(({ commit }) => commit === it.noted)
    expect(noted).toMatchObject({ files: [{ path: 'limit.js' }], lines: { human: expect.any(Number) as number } })
    expect(noted?.sessions?.[0]).toMatchObject({
      uri: expect.stringMatching(/^urn:ai-session:/) as string,
      linkage: 'direct',
    })
    const { lines } = noted ?? {}
    expect((lines?.ai ?? 0) + (lines?.human ?? 0) + (lines?.unknown ?? 0)).toBe(2)
    const people = new Set(first.changes.map(({ author }) => author))
    expect(people.size).toBe(1)
    const second = changesIn(await attest(await requestIn(it)))
    expect(second.changes[0]?.author).not.toBe(first.changes[0]?.author)
    expect(JSON.stringify([first, second])).not.toMatch(/ann@|acme\.example|Limit widgets/i)
  })

  test.runIf(isEach)(
    "hashes people the same under the organisation's key, whose id and nothing else is signed",
    async () => {
      const it = checkout()
      const key = 'k'.repeat(32)
      it.write('../key', key)
      const asked = { identityKeyFile: '../key' }
      const made = await attest(await requestIn(it, asked))
      const [one, two] = [changesIn(made), changesIn(await attest(await requestIn(it, asked)))]
      expect(one.identityKey).toEqual({
        kind: 'organisation',
        id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      })
      expect(one.changes[0]?.author).toBe(two.changes[0]?.author)
      expect(JSON.stringify(one)).not.toContain(key)
      expect(JSON.stringify(one)).not.toContain(sha256Hex(key))
      it.write('../key', 'too short')
      expect(await codeOfAsync(async () => attest(await requestIn(it, asked)))).toBe('identity-key-unusable')
    },
  )

  test('says who asked an agent, under the same key in both statements, and the provenance alone says nothing of people', async () => {
    const it = checkout()
    const key = Buffer.alloc(32, 7)
    it.write('../key', key.toString('latin1'))
    const agent = 'copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>'
    const asked = `Agent-Logs-Url: https://github.com/o/r/sessions/${agentSession}\nCo-authored-by: Quite Secret <quite.secret@person.example>`
    it.git('commit', '--quiet', '--allow-empty', `--author=${agent}`, '-m', 'Tidy', '-m', asked)
    it.git('tag', '-f', 'v1.1.0')
    const made = await attest(await requestIn(it, { identityKeyFile: '../key' }))
    const requester = personHash('quite.secret@person.example', { kind: 'organisation', bytes: key })
    const uri = `urn:ai-session:copilot:${agentSession}`
    expect(dependencyOf(made, uri)).toMatchObject({ annotations: { countersign: { requester } } })
    const told = changesIn(made)
    expect(told.changes[0]).toMatchObject({ commit: it.commit, sessions: [{ uri, requester }] })
    expect(told.sessions?.find((one) => one.uri === uri)).toMatchObject({ annotations: { countersign: { requester } } })

    const unkeyed = await attest(await requestIn(it))
    const other = dependencyOf(unkeyed, uri)?.annotations?.countersign.requester
    expect(other).toMatch(/^hmac-sha256:/)
    expect(other).not.toBe(requester)
    expect(changesIn(unkeyed).changes[0]?.sessions?.[0]?.requester).toBe(other)

    const { changes: _, ...alone } = await requestIn(it)
    const provenance = await attest(alone)
    expect(provenance.statement).not.toContain('hmac-sha256')
    const report = await collectRange({ network: 'none', world: { cwd: it.folder, env: it.env() } })
    expect(JSON.stringify(report)).toContain(agentSession)
    expect(JSON.stringify(report)).not.toContain('hmac-sha256')
    const outputs = [made, unkeyed, provenance, report, payloadOf(made.changes?.bundle ?? '')]
    expect(JSON.stringify(outputs)).not.toMatch(/secret@|person\.example|Quite Secret/)
    expect(render(await verdictOf(it, unkeyed), 'text')).not.toMatch(/secret@|person\.example|Quite Secret/)
  })

  test.runIf(isEach)('is one for all of several attestations', async () => {
    const it = checkout()
    it.write('dist/other.tgz', 'other')
    const digests = new Set<string | undefined>()
    for await (const made of attestEach(await requestIn(it, { subjects: { paths: ['dist/*.tgz'] } }))) {
      digests.add(made.changes?.digest)
      expect(made.statement).toContain(made.changes?.digest)
    }
    expect(digests.size).toBe(1)
  })

  test('that is not given is missed, and one that was altered is none', async () => {
    const it = checkout()
    const made = await attest(await requestIn(it))
    const provenanceAlone = await verdictOf(it, made, 'dist/app.tgz.sigstore.json')
    expect(provenanceAlone).toMatchObject({
      outcome: 'pass',
      attestations: [{ summary: { changeStatement: { given: false } } }],
    })
    const bundle = JSON.parse(readFileSync(join(it.folder, changesFile), 'utf8')) as {
      dsseEnvelope: { payload: string }
    }
    const altered = payloadOf(JSON.stringify(bundle)).replace('"claimed"', '"vouched"')
    bundle.dsseEnvelope.payload = Buffer.from(altered).toString('base64')
    writeFileSync(join(it.folder, changesFile), JSON.stringify(bundle))
    const verdict = await verdictOf(it, made)
    expect(verdict.outcome).toBe('pass')
    expect(verdict.attestations.filter(({ outcome }) => outcome === 'pass')).toMatchObject([
      { summary: { changeStatement: { given: false } } },
    ])
  })

  test('of another run in its place belongs to nothing, and strictly is refused', async () => {
    const it = checkout()
    const made = await attest(await requestIn(it))
    const other = await attest(await requestIn(it, { out: { path: '../other.json', whenPresent: 'replace' } }))
    expect(other.changes?.digest).not.toBe(made.changes?.digest)
    const verdict = await verdictOf(it, made)
    expect(verdict).toMatchObject({ outcome: 'pass', findings: [{ code: 'changes-contradict' }] })
    expect(verdict.attestations.map(({ outcome }) => outcome)).toEqual(['pass', 'fail'])
    expect(await verdictOf(it, made, undefined, true)).toMatchObject({
      outcome: 'fail',
      failure: { code: 'attestations-contradict' },
    })
  })

  test('of a stranger in its place is no contradiction, or anybody could turn a strict pass into a no', async () => {
    const it = checkout()
    const made = await attest(await requestIn(it))
    const stranger = { env: it.env(await it.token({ workflow: 'other.yml' })), cwd: it.folder }
    await attest(await requestIn(it, { world: stranger, out: { path: '../other.json', whenPresent: 'replace' } }))
    expect(await verdictOf(it, made, undefined, true)).toMatchObject({ outcome: 'pass', findings: [] })
  })

  test('is written to no subject, and not where the provenance goes', async () => {
    const it = checkout()
    const before = readFileSync(join(it.folder, 'dist/app.tgz'))
    for (const path of ['dist/app.tgz', 'dist/app.tgz.sigstore.json']) {
      const asked = { changes: { path, whenPresent: 'replace' as const } }
      expect(await codeOfAsync(async () => attest(await requestIn(it, asked)))).toBe('usage')
    }
    expect(readFileSync(join(it.folder, 'dist/app.tgz'))).toEqual(before)
  })

  test('is not signed where a provenance of its run cannot be written', async () => {
    const it = checkout()
    it.write('dist/other.tgz', 'other')
    const both = { paths: ['dist/other.tgz', 'dist/app.tgz'] }
    // Of the same artifact, with another statement: that of the changes is named in it, and is another one each time.
    await attest({ ...(await requestIn(it, { out: {} })), changes: { path: '../before.json' } })
    const before = it.list('dist')
    const once = async (): Promise<unknown> => attest(await requestIn(it, { out: {} }))
    const each = async (): Promise<unknown> =>
      Array.fromAsync(attestEach(await requestIn(it, { subjects: both, out: {} })))
    expect([await codeOfAsync(once), await codeOfAsync(each)]).toEqual(['output-exists', 'output-exists'])
    expect(it.list('dist')).toEqual(before)
  })

  test('needs a checkout', async () => {
    const it = checkout()
    const env = it.env(await it.token())
    const folder = join(it.folder, '..', 'elsewhere')
    it.write('../elsewhere/app.tgz', 'app')
    const asked = {
      ...{ subjects: { paths: ['app.tgz'] }, sigstore: embeddedSigstore(it.state) },
      ...{ world: { cwd: folder, env }, changes: { path: 'c.json' } },
    }
    expect(await codeOfAsync(async () => attest(await requestIn(it, asked)))).toBe('git-no-repository')
  })
})
