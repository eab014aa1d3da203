/** The table of rules: none is skipped in silence, and nothing but passed checks makes a pass. */
import { beforeAll, describe, expect, it } from 'vitest'
import { hintOf } from '../../src/errors.ts'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import { partOf, questionParts } from '../../src/model/question-parts.ts'
import type { PartName, QuestionPart } from '../../src/model/question-parts.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import type { Provenance } from '../../src/model/predicate.ts'
import type { Check, DifferingPart, FailedCheck } from '../../src/model/verdict.ts'
import { failedChecks } from '../../src/model/verdict.ts'
import { evaluate, notReached, outcomeOf } from '../../src/policy/evaluate.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { ruleRows } from '../../src/policy/rules/index.ts'
import { verify } from '../../src/verify/verify.ts'
import { useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'

const release = useRelease()

async function statementOf(job: Job = {}): Promise<VerifiedStatement> {
  const bundle = release().write(await release().attested(job))
  const { artifact, trust } = release()
  return (await verify({ artifact, bundle, trust, question: release().question(job) })).statements[0]
}

const named = (checks: readonly Check[], rule: string): Check[] =>
  checks.filter((it) => it.rule === rule || it.rule.startsWith(`${rule} `))

describe('the rules', () => {
  it('each give at least one check, whatever was signed', async () => {
    for (const provider of ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic']) {
      const job: Job = { provider }
      const checks = evaluate(await statementOf(job), parseQuestion(release().question(job)))
      for (const { rule } of ruleRows) expect(named(checks, rule), rule).not.toEqual([])
      expect(outcomeOf(checks)).toBe('pass')
      for (const check of checks) if (check.outcome === 'skipped') expect(check.note, check.rule).not.toBe('')
    }
  })

  it('refuse a runner that no provider hosts, whatever it is called', async () => {
    const question = parseQuestion(release().question())
    const statement = await statementOf()
    const { signatory } = statement.signed
    if (signatory.kind !== 'certificate') throw new Error('a certificate signed')
    for (const [runner, outcome] of [
      ['github-hosted', 'pass'],
      ['gitlab-hosted', 'pass'],
      ['buildkite-hosted', 'pass'],
      ['self-hosted', 'fail'],
      ['ssh-rerun', 'fail'],
      ['GitHub-hosted', 'fail'],
      ['', 'fail'],
    ] as const) {
      const identity = {
        ...signatory.identity,
        extensions: { ...signatory.identity.extensions, runnerEnvironment: runner },
      }
      const signed = { ...statement.signed, signatory: { kind: 'certificate', identity } as const }
      expect(named(evaluate({ ...statement, signed }, question), 'runner')[0]?.outcome, runner).toBe(outcome)
    }
  })

  it('ask a key for nothing that only a certificate says', async () => {
    const statement = await statementOf()
    const signed = { ...statement.signed, signatory: { kind: 'key', fingerprint: '' } as const }
    const question = parseQuestion({ key: 'PEM', anySource: true, ref: 'refs/heads/main', commit: 'a'.repeat(40) })
    const checks = evaluate({ ...statement, signed }, question)
    expect(failedChecks(checks).map((it) => [it.rule, it.code])).toEqual([
      ['ref', 'ref-mismatch'],
      ['commit', 'commit-mismatch'],
    ])
    const asked = parseQuestion({ key: 'PEM', anySource: true, trigger: ['push'], strict: true })
    expect(failedChecks(evaluate({ ...statement, signed }, asked)).map((it) => [it.rule, it.code])).toEqual([
      ['trigger', 'not-answerable'],
      ['provenance-equals-certificate', 'not-answerable'],
    ])
    const skipped = checks.filter((it) => it.outcome === 'skipped').map((it) => it.rule)
    expect(skipped).toEqual(expect.arrayContaining(['issuer', 'signer', 'source', 'trigger', 'runner']))
  })
})

describe('letter case', () => {
  const repository = 'Acme/Widget'
  const workflow = '/.github/workflows/release.yml@refs/tags/v1'
  /** The same build as a certificate of another issuer and server says it. */
  async function at(issuer: string, server: string): Promise<VerifiedStatement> {
    const statement = await statementOf({ ref: 'refs/tags/v1' })
    const { signatory } = statement.signed
    if (signatory.kind !== 'certificate') throw new Error('a certificate signed')
    const uri = `${server}/${repository}`
    const identity = {
      ...signatory.identity,
      subjectAlternativeName: { kind: 'uri', value: `${uri}${workflow}` } as const,
      extensions: {
        issuer,
        sourceRepositoryUri: uri,
        sourceRepositoryRef: 'refs/tags/v1',
        buildConfigUri: `${uri}${workflow}`,
      },
    }
    return { ...statement, signed: { ...statement.signed, signatory: { kind: 'certificate', identity } } }
  }
  const failing = (statement: VerifiedStatement, question: LooseQuestion): string[] =>
    failedChecks(evaluate(statement, parseQuestion(question))).flatMap((it) =>
      ['signer', 'source', 'caller', 'ref', 'issuer'].includes(it.rule) ? [`${it.rule} ${it.differs?.part}`] : [],
    )

  const gitHubs = [
    ['https://token.actions.githubusercontent.com', 'https://github.com'],
    ['https://token.actions.githubusercontent.com/acme', 'https://github.com'],
    ['https://token.actions.octo.ghe.com', 'https://octo.ghe.com'],
    ['https://git.acme.example/_services/token', 'https://git.acme.example'],
  ] as const
  const others = [
    ['https://gitlab.com', 'https://gitlab.com'],
    ['https://oidc.acme.example', 'https://github.com'],
    ['https://token.actions.githubusercontent.com.evil.example', 'https://github.com'],
    ['https://git.acme.example/_services/token', 'https://github.com'],
    ['https://token.actions.githubusercontent.com', 'https://git.acme.example'],
  ] as const

  it.each(gitHubs)('of owner and repository makes no difference for %s', async (issuer, server) => {
    const statement = await at(issuer, server)
    for (const written of ['acme/widget', 'ACME/WIDGET', 'Acme/Widget']) {
      const source = `${server}/${written}`
      for (const signer of [`${source}${workflow}`, `${source}/.github/workflows/*@**`]) {
        expect(failing(statement, { signer, issuer, source }), written).toEqual([])
      }
    }
    const signer = `${server}/acme/*/.github/workflows/*@**`
    expect(failing(statement, { signer, issuer, source: `${server}/aCmE/*` })).toEqual([])
  })

  it.each(others)('makes one for %s and what lies at %s', async (issuer, server) => {
    const source = `${server}/acme/widget`
    const asked = { signer: `${source}${workflow}`, issuer, source }
    expect(failing(await at(issuer, server), asked)).toEqual(['signer case', 'source case'])
  })

  it.each(gitHubs)('of anything else makes one for %s too, and is told as such', async (issuer, server) => {
    const statement = await at(issuer, server)
    const source = `${server}/acme/widget`
    const signer = `${source}${workflow}`
    const of = (more: LooseQuestion): string[] => failing(statement, { signer, issuer, source, ...more })
    expect(of({ signer: signer.replace('release', 'Release') })).toEqual(['signer case'])
    expect(of({ signer: signer.replace('refs/tags/v1', 'refs/tags/V1') })).toEqual(['signer case'])
    expect(of({ ref: 'refs/tags/V1' })).toEqual(['ref case'])
    expect(of({ source: source.replace('https', 'HTTPS') })).toEqual(['source case'])
    // Where only the ref differs, it is not called the owner, whose letters do not count.
    expect(of({ signer: signer.replace('refs/tags/v1', 'refs/heads/main') })).toEqual(['signer ref'])
    expect(of({ signer: signer.replace('/acme/', '/mallory/') })).toEqual(['signer owner'])
    expect(of({ signer: signer.replace('/acme/', '/ac\u212ae/') })).toEqual(['signer owner'])
  })
})

describe('a difference', () => {
  const issuer = 'https://oidc.acme.example'
  const told = async (asked: LooseQuestion): Promise<string[]> => {
    const statement = await statementOf()
    const { signatory } = statement.signed
    if (signatory.kind !== 'certificate') throw new Error('a certificate signed')
    const extensions = { ...signatory.identity.extensions, issuer }
    const identity = { ...signatory.identity, extensions }
    const signed = { ...statement.signed, signatory: { kind: 'certificate', identity } as const }
    return failedChecks(evaluate({ ...statement, signed }, parseQuestion({ issuer, ...asked }))).flatMap((it) =>
      it.differs === undefined ? [] : [`${it.rule}: ${it.differs.part} of ${it.differs.option}`],
    )
  }

  it('of letter case alone is told as such under a pattern too, and by the part that was given', async () => {
    expect(await told({ owner: 'ACME' })).toEqual(['signer: case of owner', 'source: case of owner'])
    expect(await told({ repo: 'acme/Widget' })).toEqual(['signer: case of repo', 'source: case of repo'])
    expect(await told({ repo: 'acme/widget', workflow: 'Release.yml' })).toEqual(['signer: case of workflow'])
    expect(await told({ signerWorkflow: 'ACME/widget/.github/workflows/release.yml', anySource: true })).toEqual([
      'signer: case of signerWorkflow',
    ])
  })

  it('of anything else is told by the part that was given, and what was given itself by its own', async () => {
    expect(await told({ owner: 'mallory' })).toEqual(['signer: owner of owner', 'source: owner of owner'])
    expect(await told({ repo: 'mallory/widget', workflow: 'release.yml' })).toEqual([
      'signer: owner of repo',
      'source: owner of repo',
    ])
    expect(await told({ repo: 'acme/widget', workflow: 'other.yml' })).toEqual(['signer: path of workflow'])
    const own = `https://github.com/mallory/widget/.github/workflows/release.yml@refs/heads/main`
    expect(await told({ repo: 'acme/widget', signer: own, anyCaller: true })).toEqual(['signer: owner of signer'])
    expect(await told({ repo: 'acme/widget', issuer: 'https://other.example' })).toEqual(['issuer: value of issuer'])
  })
})

describe('a slip in how a repository is written', () => {
  const noted = async (source: string): Promise<string | undefined> => {
    const checks = evaluate(await statementOf(), parseQuestion({ ...release().question(), source }))
    return failedChecks(checks).find((it) => it.rule === 'source')?.note
  }

  it.each([
    'https://github.com/acme/widget.git',
    'https://github.com/acme/widget/',
    'git+https://github.com/acme/widget.git',
  ])('%s: says how to write it', async (source) => {
    expect(await noted(source)).toContain('write https://github.com/acme/widget')
  })

  it('says nothing of another repository', async () => {
    for (const source of ['https://github.com/mallory/widget.git', 'https://github.com/acme/gadget/']) {
      expect(await noted(source), source).toBe(hintOf('source-mismatch'))
    }
  })
})

describe('a slip in how anything else is written', () => {
  const failedIn = async (rule: string, more: LooseQuestion): Promise<FailedCheck | undefined> => {
    const checks = evaluate(
      await statementOf({ ref: 'refs/tags/v1.2.0', event: 'push' }),
      parseQuestion({ ...release().question(), signer: tagSigner, ...more }),
    )
    return failedChecks(checks).find((it) => it.rule === rule)
  }
  const tagSigner = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.0'

  it('in a slash at the end, or a scheme before it: says how to write it', async () => {
    const { issuer, source } = release().question() as { issuer: string; source: string }
    expect((await failedIn('issuer', { issuer: `${issuer}/` }))?.note).toMatch(new RegExp(`write ${issuer}$`))
    expect((await failedIn('signer', { signer: `${tagSigner}/` }))?.note).toMatch(new RegExp(`write ${tagSigner}$`))
    expect((await failedIn('builder-id', { builderId: `${tagSigner}/` }))?.note).toMatch(
      new RegExp(`write ${tagSigner}$`),
    )
    for (const ref of ['refs/tags/v1.2.0', 'refs/heads/main']) {
      const note = (await failedIn('source', { source: `git+${source}@${ref}` }))?.note
      expect(note).toMatch(new RegExp(`write ${source}, and the ref by itself \\(\`ref\`\\)$`))
    }
    expect((await failedIn('issuer', { issuer: 'https://other.example/' }))?.note).toBe(hintOf('issuer-mismatch'))
    expect((await failedIn('source', { source: 'https://github.com/mallory/widget@refs/tags/v1.2.0' }))?.note).toBe(
      hintOf('source-mismatch'),
    )
  })

  it('in the letters of a tag, an event or a type: says that these differ', async () => {
    const differsIn = async (rule: string, more: LooseQuestion): Promise<unknown> =>
      (await failedIn(rule, more))?.differs
    expect(await differsIn('source-tag', { sourceTag: 'V1.2.0' })).toEqual({ option: 'sourceTag', part: 'case' })
    expect(await differsIn('source-tag', { sourceTag: 'V1' })).toEqual({ option: 'sourceTag', part: 'case' })
    expect(await differsIn('source-tag', { sourceTag: 'V2' })).toEqual({ option: 'sourceTag', part: 'value' })
    expect(await differsIn('trigger', { trigger: ['release', 'Push'] })).toEqual({ option: 'trigger', part: 'case' })
    const predicateType = ['https://example.com/x', 'https://slsa.dev/Provenance/v1']
    expect(await differsIn('predicate-type', { predicateType })).toEqual({ option: 'predicateType', part: 'case' })
  })
})

describe('a "no" to the question', () => {
  const job: Job = { event: 'push', ref: 'refs/tags/v1(2)', runner: 'self-hosted' }
  const genuine = {
    signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1(2)',
    source: 'https://github.com/acme/widget',
  }
  let statement: VerifiedStatement
  beforeAll(async () => {
    const made = await statementOf(job)
    const { predicate } = made
    if (predicate.kind !== 'build-provenance') throw new Error('it is build provenance')
    const tree = { dirty: false, untracked: { count: 1, paths: ['a.js'] } }
    const externalParameters = { ...predicate.externalParameters, inputs: { channel: 'stable' } }
    statement = { ...made, predicate: { ...predicate, externalParameters, tree, builtCommit: 'e'.repeat(40) } }
  })

  /** What is asked for and not there, and where the two differ; a row for each part that has a rule. */
  const refused: [PartName, LooseQuestion, DifferingPart][] = [
    ['signer', { signer: 'https://github.com/mallory/widget/.github/workflows/release.yml@refs/tags/v1(2)' }, 'owner'],
    ['signer', { signer: 'https://github.com/acme/gadget/.github/workflows/*@**' }, 'name'],
    ['signer', { signer: 'https://github.com/acme/*/.github/workflows/build.yml@refs/tags/*' }, 'path'],
    ['signer', { signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main' }, 'ref'],
    ['signer', { signer: 'https://github.com/Acme/widget/.github/workflows/release.yml@refs/tags/v1(2)' }, 'case'],
    ['signer', { signer: 'dev@acme.example' }, 'value'],
    ['issuer', { issuer: 'https://issuer.example' }, 'value'],
    ['workflow', { repo: 'acme/widget', signer: genuine.signer, workflow: 'nightly.yml' }, 'path'],
    ['source', { source: 'https://github.com/mallory/widget' }, 'owner'],
    ['source', { source: 'https://github.com/acme/gadget' }, 'name'],
    ['source', { source: 'https://gitlab.com/acme/widget' }, 'value'],
    ['ref', { ref: 'refs/heads/main' }, 'ref'],
    ['ref', { ref: 'refs/tags/V1(2)' }, 'case'],
    ['commit', { commit: 'b'.repeat(40) }, 'value'],
    ['sourceId', { sourceId: '1' }, 'value'],
    ['ownerId', { ownerId: '1' }, 'value'],
    ['signerDigest', { signerDigest: 'b'.repeat(40) }, 'value'],
    ['sourceTag', { sourceTag: 'v9' }, 'value'],
    ['builderId', { builderId: 'https://builder.example' }, 'value'],
    ['predicateType', { predicateType: ['https://example.com/x'] }, 'value'],
    ['trigger', { trigger: ['release'] }, 'value'],
    ['requireInput', { requireInput: ['channel=beta'] }, 'value'],
    ['selfHostedRunner', { allowBuiltCommit: true }, 'value'],
    ['allowBuiltCommit', { selfHostedRunner: 'allow' }, 'value'],
    ['cleanTree', { cleanTree: true }, 'value'],
    ['environment', { environment: 'production' }, 'value'],
  ]

  function failuresOf(
    asked: LooseQuestion,
    waived: LooseQuestion = { selfHostedRunner: 'allow', allowBuiltCommit: true },
  ): readonly FailedCheck[] {
    const { issuer } = release().sigstore
    return failedChecks(
      evaluate(
        statement,
        parseQuestion({
          ...genuine,
          ...waived,
          issuer,
          ...asked,
          ...('repo' in asked ? { source: undefined } : {}),
        } as LooseQuestion),
      ),
    )
  }

  it('is given by no part of the genuine question', () => {
    expect(failuresOf({})).toEqual([])
  })

  it('has a row here for every part of the question with a rule', () => {
    // That of a removal is met by no provenance: deployment.test.ts has it.
    const withRule = questionParts
      .filter((it: QuestionPart) => it.rule !== undefined && it.name !== 'allowRemoved')
      .map((it) => it.name)
    expect([...new Set(refused.map(([part]) => part))].sort()).toEqual([...withRule].sort())
  })

  it.each(refused)('to %s %j says that they differ in the %s, and gives nothing to copy', (option, asked, part) => {
    const { name: rule, code } = partOf(option).rule!
    const [failed, ...others] = failuresOf(asked, partOf(option).kind === 'waiver' ? {} : undefined)
    expect(others).toEqual([])
    const { expected, found, ...rest } = failed!
    expect(rest).toEqual({ rule, outcome: 'fail', code, differs: { option, part }, note: hintOf(code) })
    expect(expected).toBeTruthy()
    expect(found).toBeTruthy()
  })

  it('to an input that is not declared says so, and not that its value differs', () => {
    const of = (...requireInput: string[]): unknown => {
      const [failed] = failuresOf({ requireInput })
      return [failed?.code, failed?.found, failed?.differs?.option, failed?.note?.split('; ')[0]?.split(': ').at(-1)]
    }
    expect(of('nope=1')).toEqual(['input-mismatch', 'nothing', undefined, 'nope'])
    expect(of('channel=stable', 'nope=1', 'toString=x')).toEqual([
      'input-mismatch',
      'channel=stable',
      undefined,
      'nope, toString',
    ])
    expect(of('channel=beta')).toEqual(['input-mismatch', 'channel=stable', 'requireInput', hintOf('input-mismatch')])
  })

  it('of a name without its host, to what GitLab vouches for, says what such a name means', async () => {
    const gitLab: Job = { provider: 'gitlab' }
    const question = parseQuestion({ repo: 'acme/widget' })
    const failed = failedChecks(evaluate(await statementOf(gitLab), question))
    expect(failed.find(({ rule }) => rule === 'signer')?.note).toMatch(/^OWNER\/NAME means GitHub \(`repo`\)/)
    const whole = parseQuestion({ repo: 'https://gitlab.com/acme/gadget' })
    const other = failedChecks(evaluate(await statementOf(gitLab), whole))
    expect(other.find(({ rule }) => rule === 'signer')?.note).toBe(hintOf('signer-mismatch'))
  })

  it('where there is nothing to compare with says so, and that the whole value differs', async () => {
    const generic: Job = { provider: 'generic' }
    const { signer, issuer } = release().question(generic)
    const question = parseQuestion({ signer, issuer, source: 'https://github.com/acme/widget', ref: 'refs/heads/main' })
    const failed = failedChecks(evaluate(await statementOf(generic), question))
    expect(failed.map(({ rule, found, differs }) => [rule, found, differs?.part])).toEqual([
      ['source', 'nothing', 'value'],
      ['ref', 'nothing', 'value'],
    ])
  })
})

describe('what a job says of its own build', () => {
  type Own = Partial<Pick<Provenance, 'tree' | 'builtCommit' | 'attribution'>>
  let statement: VerifiedStatement
  beforeAll(async () => {
    statement = await statementOf()
  })

  /** `outcome code` of a rule for the genuine statement with these words in it. */
  function checkOf(rule: string, own: Own, asked: LooseQuestion = {}): Check | undefined {
    const { predicate } = statement
    if (predicate.kind !== 'build-provenance') throw new Error('it is build provenance')
    const question = parseQuestion({ ...release().question(), ...asked })
    return named(evaluate({ ...statement, predicate: { ...predicate, ...own } }, question), rule)[0]
  }

  function checked(rule: string, own: Own, asked: LooseQuestion = {}): string {
    const check = checkOf(rule, own, asked)
    return check?.outcome === 'fail' ? `fail ${check.code}` : (check?.outcome ?? 'none')
  }

  it.each<[string, Own['tree'], string, string, string]>([
    ['clean', { dirty: false, untracked: { count: 0 } }, 'skipped', 'pass', 'pass'],
    [
      'clean but for what lies beside artifacts',
      { dirty: false, untracked: { count: 0, apart: 9 } },
      'skipped',
      'pass',
      'pass',
    ],
    [
      'with an untracked file',
      { dirty: false, untracked: { count: 1 } },
      'skipped',
      'fail tree-not-clean',
      'fail tree-not-clean',
    ],
    [
      'where files may hide',
      { dirty: false, untracked: { count: 0, more: true } },
      'skipped',
      'fail tree-not-clean',
      'fail tree-not-clean',
    ],
    [
      'of which files were left out',
      { dirty: false, untracked: { count: 0 }, sparse: { count: 1 } },
      'skipped',
      'fail tree-not-clean',
      'fail tree-not-clean',
    ],
    [
      'of which files were left out, and of the rest of which little is said',
      { dirty: false, sparse: { count: 0 } },
      'skipped',
      'fail tree-not-clean',
      'fail tree-not-clean',
    ],
    ['changed', { dirty: true, untracked: { count: 0 } }, 'skipped', 'fail tree-not-clean', 'fail tree-not-clean'],
    ['changed, as 0.1.0 says it', { dirty: true }, 'skipped', 'fail tree-not-clean', 'fail tree-not-clean'],
    ['of whose untracked files nothing is said', { dirty: false }, 'skipped', 'skipped', 'fail tree-not-clean'],
    ['of which nothing is said', undefined, 'skipped', 'skipped', 'fail not-answerable'],
  ])('of a work tree %s', (_, tree, unasked, strict, asked) => {
    const own = { tree }
    expect(checked('clean-tree', own)).toBe(unasked)
    expect(checked('clean-tree', own, { strict: true })).toBe(strict)
    expect(checked('clean-tree', own, { cleanTree: true })).toBe(asked)
  })

  it('is refused by strict, from which nothing could differ', () => {
    const own = { tree: { dirty: true } }
    const found = (asked: LooseQuestion): unknown => checkOf('clean-tree', own, asked)
    expect(found({ strict: true })).not.toHaveProperty('differs')
    expect(found({ cleanTree: true })).toHaveProperty('differs.option', 'cleanTree')
  })

  it('of a commit of its own is refused, however it is said, unless that is waived', () => {
    const other = 'e'.repeat(40)
    const { predicate } = statement
    if (predicate.kind !== 'build-provenance' || predicate.attribution === undefined) throw new Error('it says that')
    const { attribution } = predicate
    const upTo = { ...attribution, range: { ...attribution.range, until: other } }
    for (const own of [{ builtCommit: other }, { builtCommit: 'not said' }, { attribution: upTo }]) {
      expect(checked('built-commit', own)).toBe('fail built-commit-differs')
      expect(checked('built-commit', own, { allowBuiltCommit: true })).toBe('skipped')
    }
    expect(checked('built-commit', {})).toBe('pass')
    expect(checked('built-commit', { attribution: undefined })).toBe('skipped')
  })

  it('of a commit of its own is what may be asked for where that is waived, and is told as such where not', () => {
    const other = 'e'.repeat(40)
    const { predicate } = statement
    if (predicate.kind !== 'build-provenance') throw new Error('it is build provenance')
    const of = (own: Own, asked: LooseQuestion): Check | undefined => {
      const question = parseQuestion({ ...release().question(), ...asked })
      return named(evaluate({ ...statement, predicate: { ...predicate, ...own } }, question), 'commit')[0]
    }
    const own = { builtCommit: other }
    const refused = of(own, { commit: other })
    expect(refused).toMatchObject({ outcome: 'fail', code: 'commit-mismatch' })
    expect(refused?.outcome === 'fail' && refused.note).toContain('the commit that the job made')
    // Advice never helps a forger.
    expect(JSON.stringify(refused)).not.toMatch(/allow/i)
    const waived = of(own, { commit: other, allowBuiltCommit: true })
    expect(waived).toMatchObject({ outcome: 'pass', expected: other })
    expect(waived?.outcome === 'pass' && waived.found).toContain('the commit that the job made')
    const source = predicate.resolvedDependencies[0]?.digest?.['gitCommit'] ?? ''
    expect(of(own, { commit: source, allowBuiltCommit: true })).toMatchObject({ outcome: 'pass', found: source })
    expect(of(own, { commit: 'f'.repeat(40), allowBuiltCommit: true })).toMatchObject({ code: 'commit-mismatch' })
    expect(
      of({ builtCommit: undefined, attribution: undefined }, { commit: other, allowBuiltCommit: true }),
    ).toMatchObject({ outcome: 'fail' })
  })

  it('of a range or a work tree that nobody looked at is refused by strict alone, and silence by none', () => {
    const { predicate } = statement
    if (predicate.kind !== 'build-provenance' || predicate.attribution === undefined) throw new Error('it says that')
    const { attribution } = predicate
    const tree = { dirty: false, untracked: { count: 0 } }
    const ranged = (range: object): Own => ({
      tree,
      attribution: { ...attribution, range: { ...attribution.range, ...range } },
    })
    const refused = 'fail not-answerable'
    for (const [own, strict] of [
      [{ tree, attribution }, 'pass'],
      [ranged({ reason: 'not-collected' }), refused],
      [ranged({ reason: 'unknown' }), refused],
      [ranged({ cut: true }), refused],
      [{ tree: undefined, attribution }, refused],
      [{ tree: undefined, attribution: undefined }, 'skipped'],
    ] as const) {
      expect(checked('released-range', own, { strict: true })).toBe(strict)
      expect(checked('released-range', own)).toBe('skipped')
    }
  })
})

describe('an outcome', () => {
  const pass: Check = { rule: 'a', outcome: 'pass' }
  const fail: Check = { rule: 'b', outcome: 'fail', code: 'internal' }
  const skipped: Check = { rule: 'c', outcome: 'skipped', note: 'not reached' }
  it('is pass only where a check passed and none failed: absence is never success', () => {
    expect(outcomeOf([])).toBe('fail')
    expect(outcomeOf([skipped])).toBe('fail')
    expect(outcomeOf(notReached())).toBe('fail')
    expect(outcomeOf([pass, fail])).toBe('fail')
    expect(outcomeOf([fail])).toBe('fail')
    expect(outcomeOf([pass, skipped])).toBe('pass')
  })
})
