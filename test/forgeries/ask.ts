/** The release manager: asks the library and the command line the same question, and wants one answer. */
import { CountersignError, kindOf } from '../../src/errors.ts'
import type { LooseQuestion, QuestionOptions } from '../../src/model/question.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { Checkout } from '../world/checkout.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { refusals } from '../world/release.ts'
import type { EditableBundle, Release } from '../world/release.ts'
import { releaseJob } from './row.ts'
import type { Attempt, Scene } from './row.ts'

export interface Asking {
  /** Added to the careful question. */
  readonly asked?: LooseQuestion
  /** In place of the careful question; also one that does not compile, as a script may ask. */
  readonly question?: LooseQuestion
  readonly artifact?: string
  readonly trust?: TrustSource
  /** Default: a genuine attestation of the release. */
  readonly genuine?: object | string
  /** Default: `artifact`. */
  readonly genuineArtifact?: string
}

/** What the README tells to ask: `--repo acme/widget --workflow release.yml`, under the issuer of the embedded Sigstore. */
export function carefulQuestion({ sigstore }: Release): { repo: string; workflow: string; issuer: string } {
  return { repo: 'acme/widget', workflow: 'release.yml', issuer: sigstore.issuer }
}

/** The attempt of a forger who hands over this bundle, or file of bundles. */
export function handsOver({ release }: Scene, bundle: object | string, asking: Asking = {}): Attempt {
  const { asked, question = carefulQuestion(release), artifact = release.artifact, trust = release.trust } = asking
  const whole = { ...question, ...asked }
  const isPlain = asking.genuine === undefined && trust === release.trust
  return {
    forged: () => answers(release, bundle, whole, artifact, trust),
    genuine: async () => {
      const own = asking.genuineArtifact ?? artifact
      if (isPlain)
        return once(release, [whole, own], async () => answers(release, await genuineOf(release), whole, own, trust))
      return answers(release, asking.genuine ?? (await genuineOf(release)), whole, own, trust)
    },
    ...(asked === undefined ? {} : { unasked: () => answers(release, bundle, question, artifact, trust) }),
  }
}

const genuineOf = (release: Release): Promise<EditableBundle> => release.genuine(releaseJob)

const kept = new WeakMap<object, Map<string, Promise<readonly string[]>>>()

/** What many rows imitate is asked for once: the answer to the same question about the same bundle is the same. */
function once(
  scene: Release | Scene['checkout'],
  key: unknown,
  ask: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const answers = kept.get(scene) ?? new Map<string, Promise<readonly string[]>>()
  kept.set(scene, answers)
  const text = JSON.stringify(key)
  const answer = answers.get(text) ?? ask()
  answers.set(text, answer)
  return answer
}

async function answers(
  release: Release,
  bundle: object | string,
  loose: LooseQuestion,
  artifact: string,
  trust: TrustSource,
): Promise<readonly string[]> {
  const question = loose as QuestionOptions
  const library = await release.judge(bundle, { question, artifact, trust }).then(published, coded)
  const argv = ['verify', artifact, '--bundle', release.write(bundle), '--format', 'json']
  const ran = await countersign(
    { cwd: release.folder },
    ...argv,
    ...trustFlags(release, trust),
    ...flags(release, loose),
  )
  const commandLine = reasonsOf(ran)
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
  return verdicts.flatMap(refusals)
}

/** Why `attest` refused, given this token. */
export async function attests(at: Checkout, token: string, ...argv: readonly string[]): Promise<readonly string[]> {
  const { exitCode, stderr } = await attest(at, token, ...argv)
  return reasonsOf({ exitCode, stdout: '', stderr })
}

/** The same in a job as it should be, once for all the rows that imitate it. */
export function attestsOnce(checkout: Scene['checkout'], ...argv: readonly string[]): Promise<readonly string[]> {
  return once(checkout, argv, async () => {
    const at = checkout()
    return attests(at, await at.token(), ...argv)
  })
}

/** Runs `attest` in a job of CI that was given this token. */
export function attest(at: Checkout, token: string, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: at.folder, env: at.env(token) }, 'attest', ...argv, '--sigstore', 'local')
}

/** Why a verdict is no pass; throws where it is not of the published shape. */
function published(verdict: Verdict): readonly string[] {
  const errors = schemaErrors('verdict', verdict)
  if (errors.length > 0) throw new Error(`the schema refuses the verdict: ${JSON.stringify(errors)}`)
  return refusals(verdict)
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

function flags(release: Release, question: LooseQuestion): string[] {
  return Object.entries(question).flatMap(([name, value]: [string, unknown]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (value === true) return [flag]
    if (name === 'key') return [flag, release.write(String(value))]
    return [value].flat().map((it) => `${flag}=${String(it)}`)
  })
}

function trustFlags(release: Release, trust: TrustSource): string[] {
  if (trust.kind === 'any') return trust.sources.flatMap((it) => trustFlags(release, it))
  if (trust.kind !== 'json') throw new Error('the trust of a test is at hand')
  return ['--trusted-root', release.write(JSON.stringify(trust.json))]
}
