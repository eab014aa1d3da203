/** The forgeries of the threat model (SECURITY.md), each made with real cryptography by somebody who could make it. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { limits } from '../../src/model/limits.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { VerificationError } from '../../src/verify/verifier.ts'
import { render } from '../../src/report/index.ts'
import { judge, judgeAll, verify } from '../../src/verify/verify.ts'
import { writtenRows } from '../policy/written-rows.ts'
import { wholeChangeProvenance } from '../predicates/whole-change-provenance.ts'
import { codeOfAsync } from '../world/failure.ts'
import {
  artifactBytes,
  artifactDigest,
  checksOf,
  edited,
  otherRefusals,
  refusals,
  summaryOf,
  trustIn,
  useRelease,
} from '../world/release.ts'
import type { EditableStatement, Job } from '../world/release.ts'
import { part } from '../world/runs.ts'

const release = useRelease()
const otherDigest = createHash('sha256').update('another file').digest('hex')

describe('a genuine attestation passes', () => {
  const providers = ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic']
  it.each(
    part(
      providers.flatMap((provider) => [[provider, 1] as const, [provider, 2] as const]),
      4,
    ),
  )('for a token of %s, logged in Rekor v%s', async (provider, rekor) => {
    const bundle = await release().attested({ provider }, { rekor })
    const verdict = await release().judge(bundle, { question: release().question({ provider }) })
    expect(refusals(verdict)).toEqual([])
    expect(
      checksOf(verdict)
        .filter((it) => it.outcome === 'pass')
        .map((it) => it.rule),
    ).toEqual(
      expect.arrayContaining([
        'signature',
        'trusted-time',
        'certificate-chain',
        'certificate-transparency',
        'log-entry',
        'code-signing',
        'log-entry-signer',
        'payload-type',
        'statement',
        'subject',
        'predicate-type',
        'issuer',
        'signer',
      ]),
    )
  })

  it.each(['https://github.com/acme/widget', 'github.com/acme/widget'])(
    'for a job of CircleCI whose source is asked for as %s',
    async (source) => {
      const job: Job = { provider: 'circleci' }
      const bundle = await release().attested(job)
      const { signer, issuer } = release().question(job)
      const judged = (other: string): Promise<Verdict> =>
        release().judge(bundle, { question: { signer, issuer, source: other } })
      expect(refusals(await judged(source))).toEqual([])
      expect(refusals(await judged(`${source}x`))).toEqual(['source source-mismatch'])
    },
  )

  it('of a job of CircleCI, whose certificate names no commit, with the commit as a claim', async () => {
    const job: Job = { provider: 'circleci' }
    const verdict = await release().judge(await release().attested(job), { question: release().question(job) })
    const summary = verdict.attestations[0]?.summary
    expect(summary?.source).toEqual({ repository: 'https://github.com/acme/widget', ref: 'refs/heads/main' })
    const source = release().statement(job).predicate.buildDefinition.resolvedDependencies?.[0]
    expect(summary?.claimedSource).toEqual({ commit: source?.digest?.['gitCommit'] })
    const text = render(verdict, 'text')
    expect(text).toMatch(/^ {2}built from +https:\/\/github\.com\/acme\/widget refs\/heads\/main$/m)
    expect(text).toMatch(/^ {2}claimed +[0-9a-f]{40}, as the statement says itself$/m)
  })

  it.each(['schedule', 'repository_dispatch'])(
    'for a GitHub run that %s started, of our own build type',
    async (event) => {
      expect(refusals(await release().judge(await release().attested({ event })))).toEqual([])
    },
  )

  it.each([
    ['gitlab', ['runner']],
    ['buildkite', ['runner']],
    ['circleci', []],
    ['generic', []],
  ] as const)('for %s only with the question that it needs', async (provider, failing) => {
    const bundle = await release().attested({ provider, runner: 'self-hosted' })
    const { signer, issuer, source } = release().question({ provider })
    const strict = source === undefined ? { anySource: true as const } : { source }
    const verdict = await release().judge(bundle, { question: { signer, issuer, ...strict } })
    expect(refusals(verdict)).toEqual(failing.map((rule) => `${rule} runner-refused`))
  })

  it('and cannot be asked for a source where the certificate names none', async () => {
    for (const provider of ['buildkite', 'generic'] as const) {
      const { signer, issuer } = release().question({ provider })
      const question = { signer, issuer, source: 'https://github.com/acme/widget' }
      const verdict = await release().judge(await release().attested({ provider }), {
        question: { ...question, selfHostedRunner: 'allow' },
      })
      expect(refusals(verdict)).toEqual(['source source-mismatch'])
    }
  })

  it('with every part of the question asked for', async () => {
    const job: Job = { ref: 'refs/tags/v14.2', sha: 'a'.repeat(40) }
    const bundle = await release().attested(job)
    const whole = {
      ...release().question(job),
      ref: 'refs/tags/v14.2',
      commit: 'a'.repeat(40),
      builderId: release().question(job).signer,
      predicateType: ['https://slsa.dev/provenance/v1'],
      trigger: ['push'],
    }
    for (const sourceTag of ['v14.2', 'v14']) {
      expect(refusals(await release().judge(bundle, { question: { ...whole, sourceTag } }))).toEqual([])
    }
    for (const [part, value, refusal] of [
      ['ref', 'refs/heads/main', 'ref ref-mismatch'],
      ['ref', 'refs/tags/v14', 'ref ref-mismatch'],
      ['commit', 'b'.repeat(40), 'commit commit-mismatch'],
      ['builderId', 'https://builder.example', 'builder-id builder-mismatch'],
      ['predicateType', ['https://slsa.dev/provenance/v0.2'], 'predicate-type predicate-type-mismatch'],
      ['trigger', ['workflow_dispatch'], 'trigger trigger-refused'],
      ['sourceTag', 'v1', 'source-tag source-tag-mismatch'],
      ['sourceTag', 'v14.2.1', 'source-tag source-tag-mismatch'],
      ['sourceTag', '14', 'source-tag source-tag-mismatch'],
    ] as const) {
      const verdict = await release().judge(bundle, { question: { ...whole, [part]: value } })
      expect(refusals(verdict), `${part} ${String(value)}`).toEqual([refusal])
    }
  })

  it('with no tag where a branch was built that is called like one', async () => {
    const job: Job = { ref: 'refs/heads/v14.2' }
    const verdict = await release().judge(await release().attested(job), {
      question: { ...release().question(job), sourceTag: 'v14.2' },
    })
    expect(refusals(verdict)).toEqual(['source-tag source-tag-mismatch'])
  })

  it('by its digest alone, without the file', async () => {
    const bundle = release().write(await release().genuine())
    const ask = { bundle, trust: release().trust, question: release().question() }
    expect(refusals(await judge({ artifact: { digest: `sha256:${artifactDigest}` }, ...ask }))).toEqual([])
    expect(refusals(await judge({ artifact: { digest: `sha256:${otherDigest}` }, ...ask }))).toEqual([
      'subject subject-mismatch',
    ])
    const withoutBundle = { trust: release().trust, question: release().question() }
    expect(refusals(await judge({ artifact: { digest: `sha256:${artifactDigest}` }, ...withoutBundle }))).toEqual([
      'fail attestation-none',
    ])
  })

  it('and is evidence for a program that calls verify', async () => {
    const bundle = release().write(await release().genuine())
    const request = { artifact: release().artifact, bundle, trust: release().trust, question: release().question() }
    const { artifact, statements } = await verify(request)
    expect(artifact).toEqual({ name: 'app.tgz', digest: { sha256: artifactDigest } })
    expect(statements).toHaveLength(1)
    const [{ predicate, subjectIndex, statement }] = statements
    expect(statement.subject[subjectIndex]?.digest).toEqual({ sha256: artifactDigest })
    if (predicate.kind !== 'build-provenance') throw new Error('build provenance was signed')
    expect(predicate.sessions.map((it) => [it.tool, it.id, it.level])).toEqual([
      ['claude-code', 'session_01Test', 'claimed'],
      ['cursor', undefined, 'claimed'],
    ])
    expect(predicate.attribution?.commits).toEqual({ total: 3, claimed: 2, unknown: 1 })
    const { signer, issuer } = request.question
    const question = { signer, issuer, source: 'https://github.com/acme/other' }
    const thrown: unknown = await verify({ ...request, question }).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(VerificationError)
    expect(thrown).toMatchObject({
      code: 'source-mismatch',
      kind: 'no',
      option: 'source',
      expected: 'https://github.com/acme/other',
      found: 'https://github.com/acme/widget',
      verdict: { outcome: 'fail' },
    })
  })
})

describe('what was signed cannot be edited:', () => {
  it('the artifact', async () => {
    const path = join(release().folder, 'edited.tgz')
    writeFileSync(path, `${artifactBytes}.`)
    const verdict = await release().judge(await release().genuine(), { artifact: path })
    expect(refusals(verdict)).toEqual(['subject subject-mismatch'])
  })

  it('the bundle, swapped for that of another artifact', async () => {
    const other = edited(release().statement(), (it) => (it.subject[0]!.digest = { sha256: otherDigest }))
    expect(refusals(await release().judge(await release().sign(other)))).toEqual(['subject subject-mismatch'])
  })

  it.each(
    part(
      [
        ['the digest of the subject', artifactDigest, otherDigest],
        ['the level of a session', '"level":"claimed"', '"level":"vouched"'],
        ['the model of a session', 'claude-opus-4-6', 'a-better-model-0'],
        ['the count of unknown commits', '"unknown":1', '"unknown":0'],
        ['white space', '{"_type"', '{ "_type"'],
      ],
      3,
    ),
  )('%s in the payload', async (_, from, to) => {
    const forged = edited(await release().genuine(), ({ dsseEnvelope }) => {
      const text = Buffer.from(dsseEnvelope.payload, 'base64').toString()
      expect(text).toContain(from)
      dsseEnvelope.payload = Buffer.from(text.replace(from, to)).toString('base64')
    })
    const verdict = await release().judge(forged, {
      ...(from === artifactDigest ? { artifact: { digest: `sha256:${otherDigest}` } } : {}),
    })
    expect(refusals(verdict)).toEqual(['signature signature-invalid'])
  })

  it('the type of the payload', async () => {
    const forged = edited(await release().genuine(), (it) => (it.dsseEnvelope.payloadType = 'application/json'))
    expect(refusals(await release().judge(forged))).toEqual(['signature signature-invalid'])
  })

  it('the session of a statement that is signed anew by its editor', async () => {
    const statement = edited(release().statement(), ({ predicate }) => {
      const [, session] = predicate.buildDefinition.resolvedDependencies!
      Object.assign(session!.annotations!.countersign as object, { level: 'vouched' })
    })
    const verdict = await release().judge(await release().sign(statement, { workflow: 'helper.yml' }))
    expect(refusals(verdict)).toEqual([
      'signer signer-mismatch',
      'provenance-equals-certificate builder.id predicate-certificate-mismatch',
      'provenance-equals-certificate externalParameters.workflow.path predicate-certificate-mismatch',
    ])
  })
})

it.each(['refs/heads/main', 'c0ffee'.repeat(7).slice(0, 40)])(
  'a repository in whose own workflow, called at %s, the release is signed',
  async (pin) => {
    const job: Job = { workflow: `acme/widget/.github/workflows/release.yml@${pin}`, callerWorkflow: 'nightly.yml' }
    const bundle = await release().attested(job)
    const question = { repo: 'acme/widget', issuer: release().sigstore.issuer }
    expect(refusals(await release().judge(bundle, { question: { ...question, workflow: 'release.yml' } }))).toEqual([])
    expect(refusals(await release().judge(bundle, { question }))).toEqual([])
    const other = await release().judge(bundle, { question: { ...question, workflow: 'nightly.yml' } })
    expect(refusals(other)).toEqual(['signer signer-mismatch'])
  },
)

describe('another identity is refused:', () => {
  const mismatch = (field: string): string => `provenance-equals-certificate ${field} predicate-certificate-mismatch`

  it.each<[string, Job, string[]]>(
    part(
      [
        ['another workflow of the repository', { workflow: 'helper.yml' }, ['signer signer-mismatch']],
        ['another branch', { ref: 'refs/heads/topic' }, ['signer signer-mismatch']],
        ['a tag', { ref: 'refs/tags/main' }, ['signer signer-mismatch']],
        ['another repository', { repository: 'mallory/widget' }, ['signer signer-mismatch', 'source source-mismatch']],
        [
          'a repository whose name begins alike',
          { repository: 'acme/widget-evil' },
          ['signer signer-mismatch', 'source source-mismatch'],
        ],
        ['an owner in capitals', { repository: 'ACME/widget' }, ['signer signer-mismatch', 'source source-mismatch']],
        [
          'the trusted reusable workflow, called by another repository',
          {
            repository: 'mallory/widget',
            workflow: 'acme/widget/.github/workflows/release.yml@refs/heads/main',
          },
          ['source source-mismatch'],
        ],
        [
          'a person with an e-mail address',
          { provider: 'generic' },
          ['signer signer-mismatch', 'source source-mismatch'],
        ],
        ['a workstation', { provider: 'local' }, ['signer signer-mismatch']],
        ['GitLab', { provider: 'gitlab' }, ['signer signer-mismatch', 'source source-mismatch']],
      ],
      4,
    ),
  )('%s, with a statement of its own', async (_, job, expected) => {
    const verdict = await release().judge(await release().attested(job))
    expect(refusals(verdict)).toEqual(expected)
  })

  it.each<[string, Job, string[]]>(
    part(
      [
        [
          'another workflow of the repository',
          { workflow: 'helper.yml' },
          ['signer signer-mismatch', mismatch('builder.id'), mismatch('externalParameters.workflow.path')],
        ],
        [
          'the own workflow of an attacker, of the same name',
          { repository: 'mallory/widget' },
          [
            'signer signer-mismatch',
            'source source-mismatch',
            ...[
              'builder.id',
              'source.uri',
              'metadata.invocationId',
              'externalParameters.workflow.repository',
              'internalParameters.github.repository_id',
              'internalParameters.github.repository_owner_id',
            ].map(mismatch),
          ],
        ],
        ['another commit', { sha: 'b'.repeat(40) }, ['built-commit built-commit-differs', mismatch('source.digest')]],
        ['another run', { runId: '1' }, [mismatch('metadata.invocationId')]],
      ],
      2,
    ),
  )('%s, with a copy of the genuine statement', async (_, job, expected) => {
    const verdict = await release().judge(await release().sign(release().statement(), job))
    expect(refusals(verdict)).toEqual(expected)
  })

  it.each([
    ['@ in a branch name', 'refs/heads/x@refs/heads/main'],
    ['a second workflow in a branch name', 'refs/heads/.github/workflows/release.yml@refs/heads/main'],
  ])('%s', async (_, ref) => {
    const bundle = await release().attested({ ref, workflow: 'helper.yml' })
    for (const signer of [
      release().question().signer,
      'https://github.com/acme/widget/.github/workflows/*@refs/heads/main',
    ]) {
      const verdict = await release().judge(bundle, { question: { ...release().question(), signer } })
      expect(refusals(verdict)).toEqual(['signer signer-mismatch'])
    }
  })

  it('a question in other letter case', async () => {
    const { signer, issuer, source } = release().question()
    for (const [part, refusal] of [
      [{ signer: signer.toUpperCase() }, 'signer signer-mismatch'],
      [{ signer: signer.replace('release.yml', 'Release.yml') }, 'signer signer-mismatch'],
      [{ issuer: issuer.replace('https', 'HTTPS') }, 'issuer issuer-mismatch'],
      [{ source: source!.replace('acme', 'Acme') }, 'source source-mismatch'],
    ] as const) {
      const verdict = await release().judge(await release().genuine(), {
        question: { signer, issuer, source: source!, ...part },
      })
      expect(refusals(verdict)).toEqual([refusal])
    }
  })

  it.each(['pull_request', 'pull_request_target', 'workflow_run'])(
    'a run on %s, unless that is asked for by name',
    async (event) => {
      const bundle = await release().attested({ event })
      expect(refusals(await release().judge(bundle))).toEqual(['trigger trigger-refused'])
      const allowed = await release().judge(bundle, { question: { ...release().question(), trigger: [event] } })
      expect(refusals(allowed)).toEqual([])
    },
  )

  it('a merge request pipeline of GitLab', async () => {
    const job: Job = { provider: 'gitlab', event: 'merge_request_event' }
    const verdict = await release().judge(await release().attested(job), { question: release().question(job) })
    expect(refusals(verdict)).toEqual(['trigger trigger-refused'])
  })

  it('a self-hosted runner, unless that is allowed by name', async () => {
    const bundle = await release().attested({ runner: 'self-hosted' })
    expect(refusals(await release().judge(bundle))).toEqual(['runner runner-refused'])
    const verdict = await release().judge(bundle, {
      question: { ...release().question(), selfHostedRunner: 'allow' },
    })
    expect(refusals(verdict)).toEqual([])
    expect(checksOf(verdict)).toContainEqual(expect.objectContaining({ rule: 'runner', outcome: 'skipped' }))
    expect(verdict.question.selfHostedRunner).toBe('allowed (waived)')
  })

  it('anybody of another Sigstore, whatever they call themselves', async () => {
    const other = await startLocalSigstore()
    try {
      const verdict = await release().judge(await release().genuine(), { trust: trustIn(other.trustedRoot) })
      expect(verdict.outcome).toBe('fail')
      expect(refusals(verdict)[0]).toMatch(
        /^(trusted-time trusted-time-invalid|certificate-chain certificate-untrusted)$/,
      )
    } finally {
      await other.close()
    }
  })
})

describe('the statement is read strictly:', () => {
  const subjectCases: [string, (digest: string) => Record<string, string>, string][] = [
    ['a truncated digest', (it) => ({ sha256: it.slice(0, 32) }), 'subject subject-mismatch'],
    ['a digest in capitals', (it) => ({ sha256: it.toUpperCase() }), 'subject subject-mismatch'],
    ['a digest with a prefix', (it) => ({ sha256: `sha256:${it}` }), 'subject subject-mismatch'],
    ['an algorithm in capitals', (it) => ({ SHA256: it }), 'subject subject-mismatch'],
    ['sha1 only', () => ({ sha1: hash('sha1') }), 'subject subject-mismatch'],
    ['md5 only', () => ({ md5: hash('md5') }), 'subject subject-mismatch'],
    [
      'a right sha256 and a wrong sha512',
      (it) => ({ sha256: it, sha512: 'a'.repeat(128) }),
      'subject subject-mismatch',
    ],
    ['no digest', () => ({}), 'statement statement-malformed'],
  ]
  it.each(part(subjectCases, 3))('a subject with %s', async (_, digest, refusal) => {
    const statement = edited(release().statement(), (it) => (it.subject[0]!.digest = digest(artifactDigest)))
    expect(refusals(await release().judge(await release().sign(statement)))).toEqual([refusal])
  })

  it('a subject with right digests of several algorithms passes', async () => {
    const digest = { sha256: artifactDigest, sha384: hash('sha384'), sha512: hash('sha512'), sha1: 'unknown' }
    const statement = edited(release().statement(), (it) => (it.subject[0]!.digest = digest))
    expect(refusals(await release().judge(await release().sign(statement)))).toEqual([])
    const sha512 = edited(statement, (it) => (it.subject[0]!.digest = { sha512: hash('sha512') }))
    expect(refusals(await release().judge(await release().sign(sha512)))).toEqual([])
  })

  it('the right subject may stand among others, and its name does not matter', async () => {
    const statement = edited(release().statement(), (it) => {
      it.subject = [
        { name: 'app.tgz', digest: { sha256: otherDigest } },
        { name: 'elsewhere', digest: { sha256: artifactDigest } },
      ]
    })
    const verdict = await release().judge(await release().sign(statement))
    expect(refusals(verdict)).toEqual([])
    expect(summaryOf(verdict)?.subjectName).toBe('elsewhere')
  })

  const textCases: [string, (text: string) => string, string][] = [
    ['an unknown _type', (it) => it.replace('Statement/v1', 'Statement/v2'), 'statement statement-malformed'],
    ['no subject', (it) => it.replace(/"subject":\[.*?\}\]/, '"subject":[]'), 'statement statement-malformed'],
    ['__proto__', (it) => it.replace('{', '{"__proto__":{"predicate":1},'), 'statement statement-malformed'],
    ['a duplicate member', (it) => it.replace('{', '{"predicateType":"x",'), 'statement statement-malformed'],
    [
      'a duplicate member in escapes, deep inside',
      (it) => it.replace('"sha256":', '"sha256":"x","sha\\u003256":'),
      'statement statement-malformed',
    ],
    ['no JSON', () => 'hello', 'statement statement-malformed'],
    ['JSON that is no object', () => '[]', 'statement statement-malformed'],
    ['white space', () => ' ', 'statement statement-malformed'],
    ['nesting without end', () => '['.repeat(100_000), 'statement statement-malformed'],
    ['a byte order mark', (it) => `\ufeff${it}`, 'statement statement-malformed'],
    ['something behind it', (it) => `${it}{}`, 'statement statement-malformed'],
    ['no predicate', (it) => it.replace('"predicate":', '"predicated":'), 'statement predicate-malformed'],
  ]
  it.each(part(textCases, 3))('%s', async (_, edit, refusal) => {
    const bundle = await release().sign(edit(JSON.stringify(release().statement())))
    expect(refusals(await release().judge(bundle))).toEqual([refusal])
  })

  it('bytes that are not UTF-8', async () => {
    const text = JSON.stringify(release().statement()).replace('app.tgz', 'a\u00ff')
    const bundle = await release().sign(Buffer.from(text, 'latin1'))
    expect(refusals(await release().judge(bundle))).toEqual(['statement statement-malformed'])
  })

  it('a predicate type is not taken for another one', async () => {
    const other = edited(release().statement(), (it) => (it.predicateType = 'https://example.com/sbom/v1'))
    const bundle = await release().sign(other)
    expect(refusals(await release().judge(bundle))).toEqual(['predicate-type predicate-type-mismatch'])
    const verdict = await release().judge(bundle, {
      question: { ...release().question(), predicateType: ['https://example.com/sbom/v1'] },
    })
    expect(refusals(verdict)).toEqual([])
    expect(checksOf(verdict)).toContainEqual(
      expect.objectContaining({ rule: 'provenance-equals-certificate', outcome: 'skipped' }),
    )
    expect(summaryOf(verdict)?.builderId).toBeUndefined()
  })

  describe('of another type, where that is asked for:', () => {
    const judged = async (predicateType: string, predicate: object): Promise<Verdict> =>
      release().judge(await release().sign({ ...release().statement(), predicateType, predicate }), {
        question: { ...release().question(), predicateType: [predicateType] },
      })
    const summary = {
      verifier: { id: 'https://verifier.example' },
      resourceUri: 'pkg:npm/app',
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
    }
    const summaries = 'https://slsa.dev/verification_summary/v1'

    it('a verification summary passes if its verifier answered yes', async () => {
      const verdict = await judged(summaries, summary)
      expect(refusals(verdict)).toEqual([])
      expect(summaryOf(verdict)?.verified).toEqual({
        verifierId: 'https://verifier.example',
        result: 'PASSED',
        levels: ['SLSA_BUILD_LEVEL_3'],
      })
      expect(refusals(await judged(summaries, { ...summary, verificationResult: 'FAILED' }))).toEqual([
        'verification-result verification-failed',
      ])
    })

    it('change provenance passes, and is summed up', async () => {
      const type = 'https://w3id.org/countersign/change-provenance/v1'
      const verdict = await judged(type, wholeChangeProvenance)
      expect(refusals(verdict)).toEqual([])
      const { since, until } = wholeChangeProvenance.range
      expect(summaryOf(verdict)).toMatchObject({
        changes: { since, until, count: 1 },
        sessions: [{ level: 'claimed' }],
      })
      expect(refusals(await judged(type, { ...wholeChangeProvenance, readers: [{ reader: 'x' }] }))).toEqual([
        'statement predicate-malformed',
      ])
    })

    it('neither is provenance of a build, and does not answer for one', async () => {
      for (const [predicateType, predicate] of [
        [summaries, summary],
        ['https://w3id.org/countersign/change-provenance/v1', wholeChangeProvenance],
      ] as const) {
        const verdict = await release().judge(
          await release().sign({ ...release().statement(), predicateType, predicate }),
        )
        expect(refusals(verdict)).toEqual(['predicate-type predicate-type-mismatch'])
        const asked = await judged(predicateType, predicate)
        expect(checksOf(asked)).toContainEqual({
          rule: 'provenance-equals-certificate',
          outcome: 'skipped',
          note: 'the predicate is not build provenance',
        })
        const builder = await release().judge(
          await release().sign({ ...release().statement(), predicateType, predicate }),
          { question: { ...release().question(), predicateType: [predicateType], builderId: 'https://x/**' } },
        )
        expect(refusals(builder)).toEqual(['builder-id builder-mismatch'])
      }
    })
  })

  it('provenance v1 under the name of v0.2 is malformed', async () => {
    const other = edited(release().statement(), (it) => (it.predicateType = 'https://slsa.dev/provenance/v0.2'))
    expect(refusals(await release().judge(await release().sign(other)))).toEqual(['statement predicate-malformed'])
  })
})

describe('provenance equals certificate:', () => {
  const jobs: Record<string, Job> = {
    'https://actions.github.io/buildtypes/workflow/v1': {},
    'https://w3id.org/countersign/buildtypes/ci-job/v1': { provider: 'gitlab', environment: 'production' },
  }
  const fields = Object.keys(jobs).flatMap((buildType) =>
    writtenRows[buildType]!.fields.map((row) => [row.field, row.presence, buildType] as const),
  )

  it.each(part(fields, 4))('%s (%s) of %s', async (field, presence, buildType) => {
    const job = jobs[buildType]!
    const ask = { question: release().question(job) }
    const refusal = [`provenance-equals-certificate ${field} predicate-certificate-mismatch`]
    const wrong = edited(release().statement(job), (it) => {
      expect(it.predicate.buildDefinition.buildType).toBe(buildType)
      setField(it, field, 'wrong')
    })
    expect(refusals(await release().judge(await release().sign(wrong, job), ask))).toEqual(refusal)

    if (field === 'builder.id') return // without it there is no provenance
    const absent = edited(release().statement(job), (it) => setField(it, field, undefined))
    const verdict = await release().judge(await release().sign(absent, job), ask)
    expect(refusals(verdict)).toEqual(presence === 'required' ? refusal : [])
  })

  it('a field cannot be of another type that reads the same', async () => {
    const statement = edited(release().statement(), (it) =>
      setField(it, 'externalParameters.workflow.repository', ['https://github.com/acme/widget']),
    )
    expect(refusals(await release().judge(await release().sign(statement)))).toEqual([
      'provenance-equals-certificate externalParameters.workflow.repository predicate-certificate-mismatch',
    ])
  })

  it('a build type without a rule is skipped, and the report says so, but for builder and commit', async () => {
    const unknown = edited(release().statement(), (it) => {
      it.predicate.buildDefinition.buildType = 'https://example.com/build/v1'
      setField(it, 'externalParameters.workflow.repository', 'https://github.com/mallory/widget')
    })
    const bundle = await release().sign(unknown)
    const verdict = await release().judge(bundle)
    expect(refusals(verdict)).toEqual([])
    expect(checksOf(verdict)).toContainEqual({
      rule: 'provenance-equals-certificate',
      outcome: 'skipped',
      note: expect.stringContaining('https://example.com/build/v1') as string,
    })
    const strict = await release().judge(bundle, { question: { ...release().question(), strict: true } })
    expect(refusals(strict)).toEqual(['provenance-equals-certificate build-type-unknown'])
    const otherCommit = edited(unknown, (it) => setField(it, 'resolvedDependencies[0].digest', 'f'.repeat(40)))
    expect(refusals(await release().judge(await release().sign(otherCommit)))).toEqual([
      'provenance-equals-certificate resolvedDependencies[0].digest predicate-certificate-mismatch',
    ])
  })
})

describe('bundle files:', () => {
  const line = (value: object): string => JSON.stringify(value)

  it('the genuine bundle decides, wherever it stands among others', async () => {
    const genuine = line(await release().genuine())
    const attacker = line(await release().sign(release().statement(), { workflow: 'evil.yml' }))
    const other = line(
      await release().sign(edited(release().statement(), (it) => (it.subject[0]!.digest = { sha256: otherDigest }))),
    )
    for (const lines of [
      [attacker, genuine, other],
      [other, attacker, genuine],
      [genuine, other, attacker],
      ['junk', attacker, '', '{"half":', genuine],
      ['{}', genuine],
    ]) {
      for (const end of ['\n', '\r\n']) {
        const verdict = await release().judge(lines.join(end))
        expect(refusals(verdict)).toEqual([])
        expect(summaryOf(verdict)?.signer.identity).toBe(release().question().signer)
        const others = otherRefusals(verdict).length + (verdict.unrelated ?? 0)
        expect(others).toBe(lines.filter((it) => it !== '').length - 1)
        expect(verdict.unrelated ?? 0).toBe(lines.includes(other) ? 1 : 0)
      }
    }
  })

  it('where none fits, the nearest one says why, and the others are listed', async () => {
    const near = line(await release().attested({ event: 'pull_request_target' }))
    const far = line(await release().sign(release().statement(), { repository: 'mallory/widget' }))
    const verdict = await release().judge([far, near, 'junk'].join('\n'))
    expect(refusals(verdict)).toEqual(['trigger trigger-refused'])
    expect(otherRefusals(verdict)).toEqual(['json-malformed', 'signer-mismatch'])
  })

  it('bundles about other artifacts are no attestation of this one', async () => {
    const other = line(
      await release().sign(edited(release().statement(), (it) => (it.subject[0]!.digest = { sha256: otherDigest }))),
    )
    const verdict = await release().judge(`${other}\n${other}\n`)
    expect(refusals(verdict)).toEqual(['subject subject-mismatch'])
    expect(otherRefusals(verdict)).toEqual([])
    expect(verdict.unrelated).toBe(1)
  })

  it.each<[string, string | (() => Promise<string>), string]>([
    ['an empty file', '', 'undecided json-malformed'],
    ['white space', '\n \n', 'undecided json-malformed'],
    ['text', 'hello', 'undecided json-malformed'],
    ['an object that is no bundle', '{}', 'undecided bundle-malformed'],
    ['an empty list', '[]', 'fail attestation-none'],
    ['deep nesting', '['.repeat(100_000), 'undecided json-too-deep'],
    ['__proto__', '{"__proto__":{}}', 'undecided json-forbidden-key'],
    ['duplicate members', '{"mediaType":"a","mediaType":"b"}', 'undecided json-duplicate-key'],
    [
      'another media type',
      async () => line(edited(await release().genuine(), (it) => (it.mediaType = 'application/json'))),
      'undecided bundle-version-unsupported',
    ],
    [
      'a bundle of the future',
      async () =>
        line(
          edited(await release().genuine(), (it) => (it.mediaType = 'application/vnd.dev.sigstore.bundle.v0.4+json')),
        ),
      'undecided bundle-version-unsupported',
    ],
    ['a truncated bundle', async () => line(await release().genuine()).slice(0, 2_000), 'undecided json-malformed'],
    [
      'base64 that is none',
      async () => line(edited(await release().genuine(), (it) => (it.dsseEnvelope.payload = '%%%'))),
      'undecided bundle-malformed',
    ],
    [
      'a certificate that is none',
      async () =>
        line(edited(await release().genuine(), (it) => (it.verificationMaterial.certificate = { rawBytes: 'AAAA' }))),
      'undecided bundle-malformed',
    ],
    [
      'no verification material',
      async () => {
        const { mediaType, dsseEnvelope } = await release().genuine()
        return line({ mediaType, dsseEnvelope })
      },
      'undecided bundle-malformed',
    ],
    [
      'a bare envelope',
      async () => line((await release().genuine()).dsseEnvelope),
      'trusted-time trusted-time-missing',
    ],
  ])('%s', async (_, content, refusal) => {
    const text = typeof content === 'string' ? content : await content()
    expect(refusals(await release().judge(text))).toEqual([refusal])
  })

  it('a line longer than a bundle can be', async () => {
    const text = `{${' '.repeat(limits.bundleBytes + 1)}}`
    expect(refusals(await release().judge(text))).toEqual(['undecided input-too-large'])
  })

  it('a file that is not there, and an artifact that is not there', async () => {
    const ask = { trust: release().trust, question: release().question() }
    const bundle = release().write(await release().genuine())
    const { artifact } = release()
    expect(refusals(await judge({ artifact, bundle: 'nowhere.json', ...ask }))).toEqual(['undecided path-missing'])
    const nowhere = await judge({ artifact: join(release().folder, 'nowhere.tgz'), bundle, ...ask })
    expect(refusals(nowhere)).toEqual(['undecided path-missing'])
    const folder = await judge({ artifact: release().folder, bundle, ...ask })
    expect(refusals(folder)).toEqual(['undecided path-directory'])
  })

  it('lie beside the artifact by default, its own before a shared one', async () => {
    const lonely = join(release().folder, 'lonely.bin')
    writeFileSync(lonely, artifactBytes)
    const ask = { artifact: lonely, trust: release().trust, question: release().question() }
    expect(refusals(await judge(ask))).toEqual(['fail attestation-none'])
    release().write(await release().genuine(), 'release.intoto.jsonl')
    expect(refusals(await judge(ask))).toEqual([])
    release().write(await release().attested({ workflow: 'evil.yml' }), 'lonely.bin.sigstore.json')
    expect(refusals(await judge(ask))).toEqual(['signer signer-mismatch'])
  })
})

describe('a question', () => {
  it('that is incomplete is refused before anything is read', async () => {
    const { signer, issuer } = release().question()
    const nowhere = { artifact: 'nowhere', trust: release().trust }
    // As JavaScript asks: with these types it does not compile (model/requests.test.ts).
    for (const question of [{}, { signer, issuer }] as QuestionOptions[]) {
      expect(await codeOfAsync(() => judge({ ...nowhere, question }))).toBe('question-incomplete')
      expect(await codeOfAsync(() => verify({ ...nowhere, question }))).toBe('question-incomplete')
      const all = judgeAll(['nowhere'], { trust: release().trust, question })
      expect(await codeOfAsync(() => all.next())).toBe('question-incomplete')
    }
  })

  it('that waives the source shows that', async () => {
    const { signer, issuer } = release().question()
    const verdict = await release().judge(await release().genuine(), {
      question: { signer, issuer, anySource: true },
    })
    expect(refusals(verdict)).toEqual([])
    expect(verdict.question.source).toBe('any (waived)')
    expect(checksOf(verdict)).toContainEqual({ rule: 'source', outcome: 'skipped', note: 'waived by `anySource`' })
  })

  it('is answered for each of several artifacts, in their order', async () => {
    const second = join(release().folder, 'second.tgz')
    writeFileSync(second, 'another file')
    const bundle = release().write(await release().genuine())
    const verdicts = []
    const ask = { bundle, trust: release().trust, question: release().question() }
    for await (const verdict of judgeAll([second, release().artifact], ask)) verdicts.push(verdict)
    expect(verdicts.map((it) => [it.artifact.name, it.outcome])).toEqual([
      ['second.tgz', 'fail'],
      ['app.tgz', 'pass'],
    ])
  })

  it('cannot be answered without trust, and says so for every artifact', async () => {
    const trust = { kind: 'file', path: '/nowhere/root.json' } as const
    const request = { question: release().question(), trust }
    const verdicts = []
    for await (const verdict of judgeAll(['a', 'b'], request)) verdicts.push(verdict)
    expect(verdicts.map(refusals)).toEqual([['undecided path-missing'], ['undecided path-missing']])
  })
})

/** Sets a field as `policy/build-types` names it; undefined removes it. */
function setField({ predicate }: EditableStatement, field: string, value: unknown): void {
  const isRun = /^(builder|metadata)\./.test(field)
  const names = field
    .replace(/^source\./, 'resolvedDependencies.0.')
    .replace(/\[(\d)\]/, '.$1')
    .split('.')
  let current: Record<string, unknown> = isRun ? predicate.runDetails : predicate.buildDefinition
  for (const name of names.slice(0, -1)) current = current[name] as Record<string, unknown>
  const last = names.at(-1)!
  expect(current, field).toHaveProperty(last)
  if (value === undefined) Reflect.deleteProperty(current, last)
  else current[last] = last === 'digest' ? { gitCommit: value } : value
}

function hash(algorithm: string): string {
  return createHash(algorithm).update(readFileSync(release().artifact)).digest('hex')
}
