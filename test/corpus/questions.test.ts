/** All questions of the corpus, through the command line's own code path. */
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { kindOf } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { decidingChecks, failedChecks } from '../../src/model/verdict.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { bundlePath, cases, run, titleOf } from './corpus.ts'
import type { Case } from './corpus.ts'
import { codesByReason } from './expected-codes.ts'

const questions = cases.filter((it) => it.layer === undefined)
const unsigned = new Set(questions.filter((it) => it.why === 'signature edited').map((it) => it.bundle))

it('the corpus asks what it asked before', () => {
  expect(cases).toHaveLength(510)
  expect(questions).toHaveLength(452)
})

describe('verify', () => {
  it.each(questions.map((it) => [titleOf(it), it] as const))('%s', async (_, question) => {
    const { exitCode, stdout, stderr } = await run(['verify', bundlePath(question.artifact), ...flagsOf(question)])
    // A part of an identity is none, and so no question.
    if (question.ask.signer !== undefined && !/[:@]/.test(question.ask.signer)) {
      expect(question.verdict).toBe('fail')
      expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining('(usage)')])
      return
    }
    const verdict = JSON.parse(stdout) as Verdict
    const codes = codesOf(verdict)
    if (question.verdict === 'pass') {
      expect({ exitCode, codes, stderr }).toEqual({ exitCode: 0, codes: [], stderr: '' })
      return
    }
    expect(exitCode).toBe(exitCodeOf(kindOf(codes[0]!)))
    expect([1, 3]).toContain(exitCode)
    // Of a bundle whose signature is wrong, nothing else is said.
    expect(unsigned.has(question.bundle) ? ['signature-invalid'] : codesByReason[question.why!]).toContain(codes[0])
  })
})

function flagsOf({ bundle, trustedRoot, ask }: Case): string[] {
  const { issuer, ref, commit, versionedTag, predicateType } = ask
  const [signer, source] = [ask.signer, ask.source].map(ofOwner)
  const flags: Record<string, string | undefined> = {
    '--bundle': bundlePath(bundle),
    '--trusted-root': bundlePath(trustedRoot),
    '--format': 'json',
    '--signer': signer,
    '--issuer': issuer,
    '--source': source,
    '--ref': ref,
    '--commit': commit,
    '--source-tag': versionedTag,
    '--predicate-type': predicateType,
  }
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]))
  return source === undefined ? [...given, '--any-source'] : given
}

/** Four cases that nothing signed ask for everybody at a forge, which is refused (P11m): here for everybody of an owner. */
function ofOwner(pattern: string | undefined): string | undefined {
  return pattern === 'https://github.com/**' ? 'https://github.com/slsa-framework/**' : pattern
}

/** Codes of the failed checks in their order, or the code of what kept them from being reached. */
function codesOf(verdict: Verdict): ErrorCode[] {
  const failed = failedChecks(decidingChecks(verdict)).map((it) => it.code)
  const failure = verdict.outcome === 'pass' ? undefined : verdict.failure
  return failure === undefined ? failed : [...failed, failure.code]
}
