/** One question, asked of the library and of the command line: they must give one answer. */
import { CountersignError, kindOf } from '../../src/errors.ts'
import type { ArtifactInput } from '../../src/model/artifact.ts'
import type { LooseQuestion, QuestionOptions } from '../../src/model/question.ts'
import type { SummaryQuestion } from '../../src/model/summary-question.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { judgeSummary } from '../../src/verify/verify-summary.ts'
import { judge } from '../../src/verify/verify.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { refusals } from '../world/release.ts'

export interface Asked {
  readonly cwd: string
  /** A path, or a digest. */
  readonly artifact: string
  /** A path. */
  readonly bundle: string
  readonly trust: TrustSource
  /** The files of that trust. */
  readonly trustedRoots: readonly string[]
  readonly question: LooseQuestion
  /** What is asked of a verification summary; `question` says who must have signed it, and `trust` counts for nothing. */
  readonly summary?: SummaryQuestion
  /** The file of the question's key. */
  readonly keyFile?: string
  /** In place of the question. */
  readonly policy?: AskedPolicy
  /** The clock of the command line, and of a policy. */
  readonly now?: () => Date
}

/** Paths. */
export interface AskedPolicy {
  readonly file: string
  /** Who must have signed it. */
  readonly approved?: { readonly signer: string; readonly issuer: string; readonly bundle: string }
}

/**
 * Why it was refused: `rule code` of each check that fails, fields of the provenance taken together; `outcome code` where no
 * check was reached. Throws where library and command line differ, and where a verdict is not of the published shape.
 */
export async function askBothWays(asked: Asked): Promise<readonly string[]> {
  const { cwd, bundle, trust, summary, policy } = asked
  const question = asked.question as QuestionOptions
  const artifact: ArtifactInput = isDigest(asked.artifact) ? { digest: asked.artifact } : { path: asked.artifact }
  const world = { cwd, ...(policy !== undefined && asked.now && { now: asked.now }) }
  const library = await (
    summary !== undefined
      ? judgeSummary({ artifact, summary: bundle, signer: question, question: summary, world })
      : policy === undefined
        ? judge({ artifact, bundle, trust, question, world })
        : judge({ artifact, bundle, trust, policy, world })
  ).then(published, coded)
  const roots = asked.trustedRoots.flatMap((path) => ['--trusted-root', path])
  const argv = [
    ...[summary === undefined ? 'verify' : 'vsa-verify', asked.artifact, '--bundle', bundle, '--format', 'json'],
    ...roots,
    ...questionFlags(asked.question, asked.keyFile),
    ...(summary === undefined ? [] : summaryFlags(summary)),
    ...(policy === undefined ? [] : policyFlags(policy)),
  ]
  const commandLine = reasonsOf(await countersign({ cwd, ...(asked.now && { now: asked.now }) }, ...argv))
  if (JSON.stringify(library) !== JSON.stringify(commandLine)) {
    throw new Error(`the library says ${JSON.stringify(library)}, the command line ${JSON.stringify(commandLine)}`)
  }
  return fieldsTogether(library)
}

/** Why a command refused; throws where its exit code does not fit. */
export function reasonsOf({ exitCode, stdout, stderr }: Ran): readonly string[] {
  const [, code] = /^countersign: error: .*\(([a-z-]+)\)$/m.exec(stderr) ?? []
  if (stdout === '') return exitCode === 0 ? [] : [`refused ${code ?? 'no code'}`]
  const verdicts = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict)
  const outcomes = verdicts.map((it) => it.outcome)
  const mistaken = verdicts.every((it) => it.outcome !== 'undecided' || kindOf(it.failure.code) === 'usage')
  const expected = outcomes.includes('fail') ? 1 : !outcomes.includes('undecided') ? 0 : mistaken ? 2 : 3
  if (exitCode !== expected) throw new Error(`exit code ${exitCode}, where the verdicts ask for ${expected}`)
  return verdicts.flatMap(reasonsIn)
}

/** Of a policy, each of its rows that fails, then why each waiver was set aside. */
function reasonsIn(verdict: Verdict): readonly string[] {
  const { policy } = verdict
  const ruled = [
    ...(policy?.checks ?? []).flatMap((it) => (it.outcome === 'fail' ? [`${it.rule} ${it.code}`] : [])),
    ...(policy?.waiversSetAside ?? []).map(({ code }) => `waiver ${code}`),
  ]
  return ruled.length > 0 && verdict.outcome === 'fail' ? ruled : refusals(verdict)
}

const isDigest = (artifact: string): boolean => /^sha\d+:/.test(artifact)

/** Why a verdict is no pass; throws where it is not of the published shape. */
function published(verdict: Verdict): readonly string[] {
  const errors = schemaErrors('verdict', verdict)
  if (errors.length > 0) throw new Error(`the schema refuses the verdict: ${JSON.stringify(errors)}`)
  return reasonsIn(verdict)
}

function coded(thrown: unknown): readonly string[] {
  if (thrown instanceof CountersignError) return [`refused ${thrown.code}`]
  throw thrown
}

/** `provenance-equals-certificate FIELD code` once, without its field. */
function fieldsTogether(reasons: readonly string[]): readonly string[] {
  return [
    ...new Set(reasons.map((it) => it.replace(/^((?:provenance|deployment|rebuild)-equals-certificate) .* /, '$1 '))),
  ]
}

function policyFlags({ file, approved }: AskedPolicy): string[] {
  if (approved === undefined) return ['--policy', file]
  const { signer, issuer, bundle } = approved
  return ['--policy', file, '--policy-signer', signer, '--policy-issuer', issuer, '--policy-bundle', bundle]
}

function summaryFlags({ levels, ...others }: SummaryQuestion): string[] {
  return questionFlags({ ...others, level: levels } as LooseQuestion)
}

/** The flags of a question. */
export function questionFlags(question: LooseQuestion, keyFile?: string): string[] {
  return Object.entries(question).flatMap(([name, value]: [string, unknown]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (value === true) return [flag]
    if (name === 'key') return [flag, keyFile ?? '']
    return [value].flat().map((it) => `${flag}=${String(it)}`)
  })
}
