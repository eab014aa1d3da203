/**
 * Requests and answers that make no sense do not compile: `tsc` (npm run check:types) fails where an expected error is none.
 * Questions, which also come from JavaScript and from documents, are refused at run time too.
 */
import { describe, expect, it } from 'vitest'
import type { AttestRequest, ResumeRequest } from '../../src/attest/request.ts'
import type { ErrorCode } from '../../src/errors.ts'
import type { ArtifactInput } from '../../src/model/artifact.ts'
import type { QuestionOptions } from '../../src/model/question.ts'
import { verdictType } from '../../src/model/verdict.ts'
import type { Check, Verdict } from '../../src/model/verdict.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import type { VerifyRequest } from '../../src/verify/verify.ts'
import { codeOf } from '../world/failure.ts'

const signer = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'
const issuer = 'https://token.actions.githubusercontent.com'
const source = 'https://github.com/acme/widget'

describe('a question', () => {
  const sensible: [string, QuestionOptions][] = [
    ['signer, issuer and source', { signer, issuer, source }],
    ['signer and issuer, of any source', { signer, issuer, anySource: true }],
    ['a repository', { repo: 'acme/widget' }],
    ['a repository, and its workflow', { repo: 'acme/widget', workflow: 'release.yml', issuer }],
    ['a repository, and another signer', { repo: 'acme/widget', signer }],
    ['a key', { key: 'PEM' }],
    ['a key, of any source', { key: 'PEM', anySource: true }],
    ['an owner', { owner: 'acme', workflow: 'release.yml' }],
    ['more besides', { repo: 'acme/widget', strict: true, selfHostedRunner: 'allow', trigger: ['push'] }],
  ]
  it.each(sensible)('of %s makes sense', (_, question) => {
    expect(Object.keys(parseQuestion(question).written)).toEqual(expect.arrayContaining(['signer', 'trigger']))
  })

  // Each of these is an error of the compiler for a reason of its own.
  // @ts-expect-error nothing is asked
  const nothing: QuestionOptions = {}
  // @ts-expect-error the issuer is missing
  const noIssuer: QuestionOptions = { signer, source }
  // @ts-expect-error the signer is missing
  const noSigner: QuestionOptions = { issuer, source }
  // @ts-expect-error no source, and no waiver of it
  const noSource: QuestionOptions = { signer, issuer }
  // @ts-expect-error a source, and any
  const bothSources: QuestionOptions = { signer, issuer, source, anySource: true }
  // @ts-expect-error a key has no certificate
  const keyAndSigner: QuestionOptions = { key: 'PEM', anySource: true, signer, issuer }
  // @ts-expect-error one repository, and all of an owner
  const repoAndOwner: QuestionOptions = { repo: 'acme/widget', owner: 'acme' }
  // @ts-expect-error a key and a repository
  const keyAndRepo: QuestionOptions = { key: 'PEM', anySource: true, repo: 'acme/widget' }
  // @ts-expect-error a repository names the source
  const repoAndSource: QuestionOptions = { repo: 'acme/widget', source }
  // @ts-expect-error a repository names the source
  const repoAndAny: QuestionOptions = { repo: 'acme/widget', anySource: true }
  // @ts-expect-error two names for the signer
  const twoSigners: QuestionOptions = { repo: 'acme/widget', signerWorkflow: 'acme/ci/release.yml', signer }
  // @ts-expect-error a caller, and the waiver of it
  const twoCallers: QuestionOptions = { repo: 'acme/widget', signer, workflow: 'release.yml', anyCaller: true }
  // @ts-expect-error the caller of nobody
  const nobodyCalled: QuestionOptions = { repo: 'acme/widget', anyCaller: true }
  // @ts-expect-error a workflow of which repository
  const workflowAlone: QuestionOptions = { signer, issuer, source, workflow: 'release.yml' }
  // @ts-expect-error everything at once
  const everything: QuestionOptions = { source, anySource: true, key: 'PEM', signer, repo: 'a/b', workflow: 'x' }
  // @ts-expect-error a waiver has one answer
  const refusing: QuestionOptions = { repo: 'acme/widget', selfHostedRunner: 'refuse' }
  // @ts-expect-error a switch is on or not there
  const off: QuestionOptions = { repo: 'acme/widget', strict: false }
  // @ts-expect-error a list is asked for
  const oneTrigger: QuestionOptions = { repo: 'acme/widget', trigger: 'push' }
  // @ts-expect-error a part that there is not
  const unknown: QuestionOptions = { repo: 'acme/widget', sourceRef: 'refs/heads/main' }

  const senseless: [string, QuestionOptions, ErrorCode][] = [
    ['nothing', nothing, 'question-incomplete'],
    ['no issuer', noIssuer, 'question-incomplete'],
    ['no signer', noSigner, 'question-incomplete'],
    ['no source', noSource, 'question-incomplete'],
    ['a source and any', bothSources, 'question-conflict'],
    ['a key and a signer', keyAndSigner, 'question-conflict'],
    ['a repository and an owner', repoAndOwner, 'question-conflict'],
    ['a key and a repository', keyAndRepo, 'question-conflict'],
    ['a repository and a source', repoAndSource, 'question-conflict'],
    ['a repository and any source', repoAndAny, 'question-conflict'],
    ['a workflow and a signer', twoSigners, 'question-conflict'],
    ['a caller and any', twoCallers, 'question-conflict'],
    ['any caller of nobody', nobodyCalled, 'question-conflict'],
    ['a workflow of no repository', workflowAlone, 'question-conflict'],
    ['everything at once', everything, 'question-conflict'],
    ['a waiver with another answer', refusing, 'usage'],
    ['a switch that is off', off, 'usage'],
    ['a trigger that is no list', oneTrigger, 'usage'],
    ['a part that there is not', unknown, 'usage'],
  ]
  it.each(senseless)('of %s is refused to whoever is not told by a compiler', (_, question, code) => {
    expect(codeOf(() => parseQuestion(question))).toBe(code)
  })
})

describe('a request', () => {
  it('to verify asks a question about one artifact in one form', () => {
    const whole: VerifyRequest = { artifact: 'app.tgz', question: { repo: 'acme/widget' } }
    // @ts-expect-error the question is missing
    const unasked: VerifyRequest = { artifact: 'app.tgz' }
    // @ts-expect-error the artifact is missing
    const unnamed: VerifyRequest = { question: whole.question }
    // @ts-expect-error the question stands in a place of its own
    const flat: VerifyRequest = { artifact: 'app.tgz', repo: 'acme/widget' }
    // @ts-expect-error no form at all
    const formless: ArtifactInput = { name: 'app.tgz' }
    expect([whole, unasked, unnamed, flat].filter((it) => 'question' in it && 'artifact' in it)).toEqual([whole])
    expect(formless).not.toHaveProperty('path')
  })

  it('to attest keeps nothing for later where nothing is written', () => {
    const subjects = { paths: ['app.tgz'] }
    const unwritten: AttestRequest = { subjects }
    const deferring: AttestRequest = { subjects, out: {}, onOutage: 'defer' }
    // @ts-expect-error nowhere to keep it
    const nowhere: AttestRequest = { subjects, onOutage: 'defer' }
    // @ts-expect-error resuming is a function of its own
    const resuming: AttestRequest = { subjects, resume: 'app.tgz.sigstore.json.unsigned.json' }
    // @ts-expect-error a trial is a function of its own
    const trial: AttestRequest = { subjects, dryRun: true }
    // @ts-expect-error the subjects are missing
    const ofNothing: AttestRequest = { out: {} }
    // @ts-expect-error what was kept names its subjects
    const again: ResumeRequest = { prepared: 'app.tgz.sigstore.json.unsigned.json', subjects }
    const all = [unwritten, deferring, nowhere, resuming, trial, ofNothing, again]
    expect(all.filter((it) => 'out' in it && 'onOutage' in it)).toEqual([deferring])
  })
})

describe('an answer', () => {
  it('has what its outcome needs', () => {
    const passed: Check = { rule: 'signer', outcome: 'pass' }
    const failed: Check = { rule: 'signer', outcome: 'fail', code: 'signer-mismatch' }
    const skipped: Check = { rule: 'signer', outcome: 'skipped', note: 'not asked for' }
    // @ts-expect-error the reason is missing
    const codeless: Check = { rule: 'signer', outcome: 'fail' }
    // @ts-expect-error a code that there is not
    const miscoded: Check = { rule: 'signer', outcome: 'fail', code: 'signer' }
    // @ts-expect-error the reason is missing
    const wordless: Check = { rule: 'signer', outcome: 'skipped' }
    // @ts-expect-error nothing failed
    const torn: Check = { rule: 'signer', outcome: 'pass', code: 'signer-mismatch' }
    const checks = [passed, failed, skipped, codeless, miscoded, wordless, torn]
    expect(checks.filter((it) => it.outcome === 'fail' && 'code' in it)).toEqual([failed, miscoded])
  })

  it('that is undecided says why, and has no attestation', () => {
    const common: Pick<Verdict, 'type' | 'artifact' | 'question' | 'trust' | 'findings' | 'unreadable'> = {
      type: verdictType,
      artifact: { name: 'app.tgz', digest: {} },
      question: {},
      trust: 'none',
      findings: [],
      unreadable: [],
    }
    const failure = { code: 'trust-unavailable', message: 'there is no trust' } as const
    const attestation = { bundle: 'b', trust: 't', checks: [] as Check[], outcome: 'fail' as const }
    const undecided: Verdict = { ...common, outcome: 'undecided', attestations: [], failure }
    const refused: Verdict = { ...common, outcome: 'fail', attestations: [attestation] }
    // @ts-expect-error the reason is missing
    const mute: Verdict = { ...common, outcome: 'undecided', attestations: [] }
    const some = [attestation]
    // @ts-expect-error something was decided
    const half: Verdict = { ...common, outcome: 'undecided', attestations: some, failure }
    // @ts-expect-error a pass has no failure
    const torn: Verdict = { ...common, outcome: 'pass', attestations: [], failure }
    // @ts-expect-error an attestation that passes says something
    const empty: Verdict['attestations'] = [{ ...attestation, outcome: 'pass' }]
    expect([undecided, refused, mute, half, torn].map((it) => it.outcome)).toEqual([
      'undecided',
      'fail',
      'undecided',
      'undecided',
      'pass',
    ])
    expect(empty).toHaveLength(1)
  })
})
