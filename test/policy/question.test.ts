import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../src/errors.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { codeOf } from '../world/failure.ts'

const whole = {
  signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
  source: 'https://github.com/acme/widget',
}

describe('a question', () => {
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
      '',
    ].map((signerWorkflow): [string, LooseQuestion, ErrorCode] => [
      `the reusable workflow ${signerWorkflow}`,
      { repo: 'acme/widget', anyCaller: true as const, signerWorkflow },
      'usage',
    ]),
    ['a repo that is a URL', { repo: 'https://github.com/acme/widget' }, 'usage'],
    ['a repo with a wildcard', { repo: 'acme/*' }, 'usage'],
    ['a workflow with a wildcard', { repo: 'acme/widget', workflow: '*' }, 'usage'],
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
