import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../src/errors.ts'
import { questionParts } from '../../src/model/question-parts.ts'
import type { PartName } from '../../src/model/question-parts.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { codeOf } from '../world/failure.ts'

const whole = {
  signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
  source: 'https://github.com/acme/widget',
}

/** Values that no attestation can have, for every part that takes a text: a slip of whoever asks, and never a "no". */
const malformed: { readonly [part in PartName]?: readonly string[] } = {
  signer: [
    'release.yml',
    'acme/widget',
    ' dev@acme.example',
    'https://github.com/acme/widget\u200b/x@y',
    '',
    'https://',
    'https:',
    '@',
    '@acme.example',
    'https:///x@refs/heads/main',
  ],
  issuer: [
    'token.actions.githubusercontent.com',
    'acme',
    'ftp://issuer.example',
    'https://',
    'https://a b',
    'https://:8080',
    '',
  ],
  source: [
    'acme/widget',
    'git@github.com:acme/widget.git',
    'github.com',
    'https://github.com',
    'https://github.com//',
    'https://a b/c',
    '',
  ],
  ref: [
    'main',
    'v1.2.0',
    'heads/main',
    'refs/',
    'refs/heads/a b',
    'refs/tags/v1^{}',
    '',
    'refs/heads/',
    'refs/heads/main/',
    'refs//heads',
    'refs/tags/v1..2',
    'refs/heads/@{u}',
    'refs/heads/x.lock',
    'refs/heads/x.lock/y',
    'refs/heads/.x',
    'refs/heads/x.',
    'refs/heads/x\\y',
    'refs',
    'refsx/heads/main',
    'refs/heads/*/',
  ],
  commit: ['abc1234', 'A'.repeat(40), 'main', 'g'.repeat(40), `${'a'.repeat(40)} `, ''],
  sourceId: ['acme', '1a', '03117883014', '00', '-1', '1.5', ' 1', ''],
  ownerId: ['acme', '0x1', ''],
  signerDigest: ['abc1234', 'v1', `sha1:${'a'.repeat(40)}`, ''],
  sourceTag: ['refs/tags/v1', 'v1.*', 'v 1', '-v1', 'v1..2', 'v1/', 'v1.', 'v1.lock', 'a/.b', '@{u}', ''],
  environment: ['x'.repeat(256), 'production ', 'a\u202Eb', ''],
  builderId: ['acme', 'github.com/actions/runner', 'https://a b', 'https://', 'https:', 'https:///x', 'mailto:', ''],
}

const malformedLists: { readonly [part in PartName]?: readonly string[] } = {
  predicateType: [
    'slsaprovenance',
    'spdx',
    'https://slsa.dev/*',
    'https://slsa.dev/provenance/v1 ',
    'https://',
    '/',
    ':',
    '',
  ],
  trigger: ['*', 'push,release', 'push ', 'on: push', ''],
  requireInput: ['channel', '=x', ''],
}

/** What a part may be besides what the other tests ask for: real values that only look odd. */
const wellFormed: [PartName, string | readonly string[]][] = [
  ['signer', 'dev@acme.example'],
  ['signer', 'spiffe://acme.example/ci'],
  ['signer', 'https://gitlab.com/acme/widget//.gitlab-ci.yml@refs/heads/main'],
  ['signer', 'someone!acme.example'],
  ['issuer', 'http://localhost:8080'],
  ['source', 'github.com/acme/widget'],
  ['source', 'https://git.acme.example/~ann/widget.git'],
  ['ref', 'refs/pull/1/merge'],
  ['ref', 'refs/tags/v1(2)'],
  ['ref', 'refs/tags/*'],
  ['commit', 'a'.repeat(64)],
  ['sourceTag', 'release/1.2'],
  ['signer', 'https://github.com/acme/widget/.github/workflows/my build.yml@refs/heads/größe'],
  ['signer', 'https://github.com/acme/widget/.github/workflows/*@refs/tags/v*'],
  ['signer', 'https://github.com/acme/widget/.github/workflows/*@refs/**'],
  ['ref', 'refs/heads/größe'],
  ['ref', 'refs/heads/a@b'],
  ['ref', 'refs/tags/v**'],
  ['builderId', 'https://github.com/acme/widget/.github/workflows/my build.yml@refs/heads/main'],
  ['builderId', 'mailto:dev@acme.example'],
  ['predicateType', ['cosign.sigstore.dev/attestation/v1']],
  ['predicateType', ['https://slsa.dev/verification_summary/v1', 'https://spdx.dev/Document']],
  ['trigger', ['merge_request_event', 'push']],
  ['requireInput', ['channel=', 'a=b=c']],
]

describe('a part that is malformed', () => {
  const texts = Object.entries(malformed).flatMap(([part, values]) => values.map((value) => [part, value] as const))
  it.each(texts)('%s %j is refused before anything is asked', (part, value) => {
    expect(codeOf(() => parseQuestion({ ...whole, [part]: value }))).toBe('usage')
  })

  const lists = Object.entries(malformedLists).flatMap(([part, all]) => all.map((value) => [part, value] as const))
  it.each(lists)('%s %j is refused, also behind one that is not', (part, value) => {
    const sound = { predicateType: 'https://spdx.dev/Document', trigger: 'push', requireInput: 'a=b' }[part]
    expect(codeOf(() => parseQuestion({ ...whole, [part]: [sound, value] }))).toBe('usage')
  })

  it('is in the tables for every part that takes a value, but for the shorthands and the key', () => {
    const tables = { ...malformed, ...malformedLists }
    const valued = questionParts.filter((it) => ['pattern', 'exact', 'version', 'one-of', 'pairs'].includes(it.kind))
    expect(Object.keys(tables).sort()).toEqual(
      valued
        .map((it) => it.name)
        .filter((it) => it !== 'workflow')
        .sort(),
    )
  })

  it.each(wellFormed)('is not taken for what only looks odd: %s %j', (part, value) => {
    expect(parseQuestion({ ...whole, [part]: value }).written[part]).toContain(String([value].flat()[0]))
  })
})

const gitHub = 'https://token.actions.githubusercontent.com'

describe('a repository', () => {
  const widget = { source: 'https://github.com/acme/widget', issuer: gitHub }
  const tenant = { source: 'https://octo.ghe.com/acme/widget', issuer: 'https://token.actions.octo.ghe.com' }
  const enterprise = {
    source: 'https://git.acme.example/acme/widget',
    issuer: 'https://git.acme.example/_services/token',
  }
  const onGitLab = { source: 'https://gitlab.com/acme/sub/widget', issuer: 'https://gitlab.com' }
  it.each<[string, object, string | undefined]>([
    ['acme/widget', widget, undefined],
    ['acme/widget/', widget, undefined],
    ['acme/widget.git', widget, undefined],
    ['github.com/acme/widget', widget, undefined],
    ['GitHub.com/acme/widget.git/', widget, undefined],
    ['www.github.com/acme/widget', widget, undefined],
    ['https://github.com/acme/widget', widget, undefined],
    ['https://github.com/acme/widget/', widget, undefined],
    ['HTTPS://GITHUB.COM/acme/widget.git', widget, undefined],
    ['http://github.com/acme/widget', widget, undefined],
    ['https://github.com:443/acme/widget', widget, undefined],
    ['https://user:secret@github.com/acme/widget.git', widget, undefined],
    ['git+https://github.com/acme/widget.git', widget, undefined],
    ['git://github.com/acme/widget', widget, undefined],
    ['ssh://git@github.com/acme/widget.git', widget, undefined],
    ['ssh://git@ssh.github.com:22/acme/widget.git', widget, undefined],
    ['git+ssh://git@github.com/acme/widget.git', widget, undefined],
    ['git@github.com:acme/widget.git', widget, undefined],
    ['octo.ghe.com/acme/widget', tenant, undefined],
    ['acme/widget', tenant, tenant.issuer],
    ['acme/widget', enterprise, enterprise.issuer],
    ['git@git.acme.example:acme/widget.git', enterprise, enterprise.issuer],
    ['https://github.com/acme/widget', { ...widget, issuer: `${gitHub}/acme` }, `${gitHub}/acme`],
    ['https://gitlab.com/acme/sub/widget', onGitLab, undefined],
    ['git@gitlab.com:acme/sub/widget.git', onGitLab, undefined],
    [
      'https://gitlab.acme.example/acme/widget',
      { source: 'https://gitlab.acme.example/acme/widget', issuer: 'https://gitlab.acme.example' },
      'https://gitlab.acme.example',
    ],
  ])('%j is written out', (repo, expected, issuer) => {
    const given = issuer === undefined ? { repo } : { repo, issuer }
    expect(parseQuestion(given).written).toMatchObject(expected)
  })

  it.each([
    'acme',
    'acme/',
    '/acme/widget',
    'acme/..',
    'acme/.git',
    'acme/widget/extra',
    'acme widget',
    'acme/wid*get',
    'acme/widget#readme',
    'acme//widget',
    'github.com/acme',
    'https://github.com/acme',
    'https://github.com/acme/widget/tree/main',
    'https://github.com/acme/widget?tab=readme',
    'https://github.com/acme/../mallory/widget',
    'https://github.com/acme%2fwidget/x',
    'https://github.com.mallory.example/acme/widget',
    'https://github.com@mallory.example/acme/widget',
    'https://github.com:8443/acme/widget',
    'https://\u0261ithub.com/acme/widget',
    'https://codeberg.org/acme/widget',
    'https://bitbucket.org/acme/widget',
    'https://gitlab.com/widget',
    'https://a.b.ghe.com/acme/widget',
    'ftp://github.com/acme/widget',
    'file:///acme/widget',
    'C:\\acme\\widget',
    '',
  ])('%j is none that is known', (repo) => {
    expect(codeOf(() => parseQuestion({ repo }))).toBe('usage')
  })

  it('never shows the password that stands in its address', () => {
    const repo = 'https://user:hunter2@git.acme.example/acme/widget'
    expect(() => parseQuestion({ repo })).toThrow(/^(?!.*hunter2).*git\.acme\.example/)
  })

  it('on GitLab is signed for by its own pipelines alone', () => {
    const own = 'https://gitlab.com/acme/sub/widget//.gitlab-ci.yml@refs/heads/main'
    for (const [options, matches, others] of [
      [{}, own, own.replace('widget', 'widget-evil')],
      [{}, own, own.replace('widget', 'widget/deep')],
      [{ workflow: '.gitlab-ci.yml' }, own, own.replace('.gitlab-ci', 'evil')],
    ] as const) {
      const { asked } = parseQuestion({ repo: 'gitlab.com/acme/sub/widget', ...options })
      expect([asked.signer?.matches(matches), asked.signer?.matches(others)]).toEqual([true, false])
    }
    const workflow = { repo: 'gitlab.com/acme/widget', signerWorkflow: 'acme/ci/build.yml' }
    expect(codeOf(() => parseQuestion(workflow))).toBe('question-conflict')
  })

  it('takes a signer of its own, whatever case its names are written in, and no other without a word', () => {
    const signer = 'https://github.com/ACME/Widget/.github/workflows/release.yml@refs/tags/v1'
    expect(parseQuestion({ repo: 'acme/widget', signer }).written).toMatchObject({ signer })
    const elsewhere = { repo: 'acme/widget', signer, issuer: 'https://oidc.acme.example' }
    expect(codeOf(() => parseQuestion(elsewhere))).toBe('question-incomplete')
  })
})

describe('an owner', () => {
  it.each(['acme', 'github.com/acme', 'https://github.com/acme/', 'https://GitHub.com/acme'])(
    '%j is written out',
    (owner) => {
      expect(parseQuestion({ owner }).written).toMatchObject({
        issuer: gitHub,
        source: 'https://github.com/acme/*',
        signer: 'https://github.com/acme/*/.github/workflows/*@**',
      })
    },
  )

  it('means its own repositories, and the workflow that is named', () => {
    const { asked } = parseQuestion({ owner: 'acme', workflow: 'release.yml' })
    const signer = 'https://github.com/acme/any/.github/workflows/release.yml@refs/tags/v1'
    expect(
      [signer, signer.replace('acme', 'acme-evil'), signer.replace('release', 'evil')].map((it) =>
        asked.signer?.matches(it),
      ),
    ).toEqual([true, false, false])
    const sources = ['https://github.com/acme/any', 'https://github.com/acme-evil/any', 'https://github.com/acme/a/b']
    expect(sources.map((it) => asked.source?.matches(it))).toEqual([true, false, false])
  })

  it('may have a signer of its own, or another that one of its workflows calls', () => {
    const inside = { owner: 'acme', signerWorkflow: 'acme/ci/.github/workflows/build.yml' }
    expect(parseQuestion(inside).written).toMatchObject({ source: 'https://github.com/acme/*' })
    const outside = { owner: 'acme', signerWorkflow: 'other/ci/.github/workflows/build.yml' }
    expect(codeOf(() => parseQuestion(outside))).toBe('question-incomplete')
    expect(parseQuestion({ ...outside, workflow: 'release.yml' }).written).toMatchObject({
      workflow: 'https://github.com/acme/*/.github/workflows/release.yml@**',
    })
    expect(parseQuestion({ ...outside, anyCaller: true }).caller).toBe('any')
  })

  it.each<[string, LooseQuestion, ErrorCode]>([
    ['everybody', { owner: '*' }, 'usage'],
    ['a wildcard', { owner: 'acme*' }, 'usage'],
    ['a repository', { owner: 'acme/widget' }, 'usage'],
    ['nothing', { owner: '' }, 'usage'],
    ['a host', { owner: 'github.com' }, 'usage'],
    ['one of another forge', { owner: 'gitlab.com/acme' }, 'usage'],
    ['one beside a repository', { owner: 'acme', repo: 'acme/widget' }, 'question-conflict'],
    ['one beside a source', { owner: 'acme', source: whole.source }, 'question-conflict'],
    ['one beside any source', { owner: 'acme', anySource: true }, 'question-conflict'],
    ['one beside a key', { owner: 'acme', key: 'PEM' }, 'question-conflict'],
  ])('that is %s is refused', (_, options, code) => {
    expect(codeOf(() => parseQuestion(options))).toBe(code)
  })
})

describe('a question', () => {
  it('with a key needs no word about the source, and says that it was not asked', () => {
    const { source, signatory, written } = parseQuestion({ key: 'PEM' })
    expect([source, signatory]).toEqual(['not-asked', 'key'])
    expect(written.source).toMatch(/^not asked/)
    expect(parseQuestion({ key: 'PEM', anySource: true }).written.source).toBe('any (waived)')
  })

  it('is complete with signer, issuer and source, and refuses by default what runs on foreign changes', () => {
    const question = parseQuestion(whole)
    expect(question.triggers).toMatchObject({
      refuse: expect.arrayContaining(['pull_request', 'pull_request_target', 'workflow_run']) as unknown,
    })
    expect(question.selfHostedRunner).toBe('refuse')
    expect(question.predicateTypes).toEqual(['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2'])
  })

  it.each([
    ['signer', { ...whole, signer: undefined }],
    ['issuer', { ...whole, issuer: undefined }],
    ['source', { ...whole, source: undefined }],
    ['everything', {}],
    ['predicate types', { ...whole, predicateType: [] }],
    ['triggers', { ...whole, trigger: [] }],
  ])('is incomplete without %s', (_, options) => {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    expect(codeOf(() => parseQuestion(given))).toBe('question-incomplete')
  })

  it.each([
    ['an empty signer', { ...whole, signer: '' }, 'usage'],
    ['a signer that matches everything', { ...whole, signer: '**' }, 'pattern-invalid'],
    ['a source and any source', { ...whole, anySource: true as const }, 'question-conflict'],
    ['a key and a signer', { key: 'PEM', signer: whole.signer, anySource: true as const }, 'question-conflict'],
    ['a repo and a source', { repo: 'acme/widget', source: whole.source }, 'question-conflict'],
    ['a workflow without repo', { ...whole, workflow: 'release.yml' }, 'question-conflict'],
    [
      'two signers',
      { repo: 'acme/widget', signer: whole.signer, signerWorkflow: 'acme/ci/build.yml' },
      'question-conflict',
    ],
    [
      'a signer outside of the repository',
      { repo: 'acme/widget', signer: 'https://github.com/acme/ci/**' },
      'question-incomplete',
    ],
    [
      'a reusable workflow of another',
      { repo: 'acme/widget', signerWorkflow: 'acme/ci/build.yml' },
      'question-incomplete',
    ],
    [
      'a caller and any',
      { repo: 'acme/widget', signerWorkflow: 'acme/ci/build.yml', workflow: 'release.yml', anyCaller: true as const },
      'question-conflict',
    ],
    ['any caller of no signer', { repo: 'acme/widget', anyCaller: true as const }, 'question-conflict'],
    ['any caller in no repository', { ...whole, anyCaller: true as const }, 'question-conflict'],
    [
      'a key and a reusable workflow',
      { key: 'PEM', anySource: true as const, signerWorkflow: 'a/b/c.yml' },
      'question-conflict',
    ],
    ...[
      'acme/ci',
      'build.yml',
      'https://github.com/acme/ci/build.yml',
      'acme/ci/*.yml',
      'acme/ci/build.yml@**',
      'acme/ci/build.yml@v1',
      'acme/ci/build.yml@refs/tags/',
      'acme/ci/build.yml@refs/tags/v1..2',
      'acme/ci/build',
      'acme/ci//build.yml',
      '',
    ].map((signerWorkflow): [string, LooseQuestion, ErrorCode] => [
      `the reusable workflow ${signerWorkflow}`,
      { repo: 'acme/widget', anyCaller: true as const, signerWorkflow },
      'usage',
    ]),
    ['a repo with a wildcard', { repo: 'acme/*' }, 'usage'],
    ...[
      '*',
      'release',
      'CI',
      'release.yml@v1',
      'release.yml@refs/heads/main',
      'a@refs/x.yml',
      '../release.yml',
      '.yml',
      'a//release.yml',
      ' release.yml',
      'a\\release.yml',
      'a\u200b.yml',
      'https://github.com/acme/widget/release.yml',
      '',
    ].map((workflow): [string, LooseQuestion, ErrorCode] => [
      `the workflow ${JSON.stringify(workflow)}`,
      { repo: 'acme/widget', workflow },
      'usage',
    ]),
    ['a pipeline with a wildcard', { repo: 'gitlab.com/acme/widget', workflow: '*' }, 'usage'],
    ['a short commit', { ...whole, commit: 'abc1234' }, 'usage'],
    ['an empty commit', { ...whole, commit: '' }, 'usage'],
    ['an empty tag', { ...whole, sourceTag: '' }, 'usage'],
    ['no input of several', { ...whole, requireInput: [] }, 'question-incomplete'],
    ['an input without a name', { ...whole, requireInput: ['=x'] }, 'usage'],
    ['an input without a value', { ...whole, requireInput: ['channel'] }, 'usage'],
    ['an empty id', { ...whole, sourceId: '' }, 'usage'],
    ['an empty key', { key: '', anySource: true as const }, 'usage'],
    ['an empty trigger', { ...whole, trigger: [''] }, 'usage'],
    ['a signer that is a list', { ...whole, signer: [whole.signer] }, 'usage'],
    ['a trigger that is a text', { ...whole, trigger: 'push' }, 'usage'],
    ['a waiver that says no', { ...whole, selfHostedRunner: 'refuse' }, 'usage'],
    ['a switch that is a text', { ...whole, strict: 'yes' }, 'usage'],
    ['a key and a repo', { repo: 'acme/widget', key: 'PEM' }, 'question-conflict'],
  ])('with %s is refused', (_, options, code) => {
    expect(codeOf(() => parseQuestion(options))).toBe(code)
  })

  it.each([
    ['my build.yml', 'my build.yml'],
    ['my%20build.yml', 'my build.yml'],
    ['größe.yml', 'größe.yml'],
    ['gr%C3%B6%C3%9Fe.yml', 'größe.yml'],
    ['.github/workflows/a+b@c (1).yaml', 'a+b@c (1).yaml'],
  ])('takes the workflow %s by its name or as a certificate has it', (workflow, file) => {
    const root = 'https://github.com/acme/widget/.github/workflows'
    const own = parseQuestion({ repo: 'acme/widget', workflow }).asked.signer!
    expect(own.matches(`${root}/${file}@refs/tags/v1`)).toBe(true)
    expect(own.matches(`${root}/evil-${file}@refs/tags/v1`)).toBe(false)
    const signerWorkflow = 'org/flows/.github/workflows/build.yml'
    const { workflow: caller } = parseQuestion({ repo: 'Acme/Widget', workflow, signerWorkflow }).asked
    const as = (text: string): string => text.replace('Acme/Widget', 'acme/widget')
    expect(caller!.matches(`${root}/${file}@refs/tags/v1`, as)).toBe(true)
    const path = workflow.includes('/') ? workflow : `.github/workflows/${workflow}`
    const called = parseQuestion({ repo: 'acme/widget', signerWorkflow: `acme/widget/${path}@refs/tags/v1` })
    expect(called.asked.signer!.matches(`${root}/${file}@refs/tags/v1`)).toBe(true)
    expect(called.asked.signer!.matches(`${root}/${file}@refs/tags/v2`)).toBe(false)
  })

  it('writes a repository out into issuer, source and signer', () => {
    expect(parseQuestion({ repo: 'acme/widget', workflow: 'release.yml' }).written).toMatchObject({
      issuer: 'https://token.actions.githubusercontent.com',
      source: 'https://github.com/acme/widget',
      signer: 'https://github.com/acme/widget/.github/workflows/release.yml@**',
    })
    const { signatory, asked } = parseQuestion({ repo: 'acme/widget' })
    expect(signatory).toBe('certificate')
    const signer = asked.signer!
    const workflows = 'https://github.com/acme/widget/.github/workflows'
    expect(signer.matches(`${workflows}/any.yml@refs/heads/x`)).toBe(true)
    expect(signer.matches(`https://github.com/acme/widget-evil/.github/workflows/any.yml@refs/heads/x`)).toBe(false)
    expect(signer.matches(`${workflows}/deep/er.yml@refs/heads/x`)).toBe(false)
  })

  it('with a part that is none is refused, and not read without it', () => {
    for (const more of [{ signers: ['x'] }, { Signer: 'x' }, { toString: 'x' }, { any_source: true }]) {
      expect(codeOf(() => parseQuestion({ ...whole, ...more }))).toBe('usage')
    }
  })

  it('says in words what nobody asked for, and marks it as the default', () => {
    expect(parseQuestion(whole).written).toEqual({
      ...whole,
      predicateType: expect.stringMatching(/ \(default\)$/) as string,
      trigger: expect.stringMatching(/^any but .*pull_request_target.* \(default\)$/) as string,
      selfHostedRunner: 'refused (default)',
    })
    const asked = { predicateType: ['https://slsa.dev/provenance/v1'], trigger: ['push', 'release'] }
    expect(parseQuestion({ ...whole, ...asked }).written).toMatchObject({
      predicateType: 'https://slsa.dev/provenance/v1',
      trigger: 'push or release',
    })
  })

  it('says in words what was waived', () => {
    const { signer, issuer } = whole
    const { written } = parseQuestion({ signer, issuer, anySource: true, selfHostedRunner: 'allow', strict: true })
    expect(written).toMatchObject({ source: 'any (waived)', selfHostedRunner: 'allowed (waived)', strict: 'yes' })
  })
})
