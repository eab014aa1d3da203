/** The release manager: asks the library and the command line the same question, and wants one answer. */
import type { Json } from '../../src/model/json.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import type { SummaryQuestion } from '../../src/model/summary-question.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import type { Checkout } from '../world/checkout.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import type { EditableBundle, Release } from '../world/release.ts'
import { askBothWays, reasonsOf } from './both-ways.ts'
import type { AskedPolicy } from './both-ways.ts'
import { releaseJob } from './row.ts'
import type { Answer, Attempt, Handed, HandedPolicy, Scene } from './row.ts'

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
  const own = asking.genuineArtifact ?? artifact
  const imitated = async (): Promise<Handed> => {
    const genuine = asking.genuine ?? (await genuineOf(release))
    return { bundle: genuine, question: whole, artifact: own, trust }
  }
  const genuine: Answer = async () => {
    const ask = async (): Promise<readonly string[]> => answers(release, await imitated())
    return isPlain ? once(release, [whole, own], ask) : ask()
  }
  return {
    forged: answering(release, { bundle, question: whole, artifact, trust }),
    genuine: Object.assign(genuine, { handed: imitated }),
    ...(asked === undefined ? {} : { unasked: answering(release, { bundle, question, artifact, trust }) }),
  }
}

function answering(release: Release, handed: Handed): Answer {
  return Object.assign(() => answers(release, handed), { handed: () => Promise.resolve(handed) })
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

/** The attempt of a forger who hands over this verification summary, which a key signed. */
export function handsOverSummary(
  { release }: Scene,
  forged: object,
  genuine: object,
  asked: { readonly question: LooseQuestion; readonly summary: SummaryQuestion },
): Attempt {
  const rest = { ...asked, artifact: release.artifact, trust: { kind: 'any', sources: [] } } as const
  return {
    forged: answering(release, { ...rest, bundle: forged }),
    genuine: answering(release, { ...rest, bundle: genuine }),
  }
}

/** An answer under a policy, in place of a question. What is handed over is signed when it is first asked for. */
export function underPolicy(
  { release }: Pick<Scene, 'release'>,
  make: () => Promise<Required<Pick<Handed, 'policy'>> & Pick<Handed, 'bundle' | 'at'>>,
): Answer {
  let made: Promise<Handed> | undefined
  const { artifact, trust } = release
  const handed = (): Promise<Handed> => (made ??= make().then((it) => ({ ...it, question: {}, artifact, trust })))
  return Object.assign(async () => answers(release, await handed()), { handed })
}

function answers(release: Release, handed: Handed): Promise<readonly string[]> {
  const { bundle, question, artifact, trust, summary, policy, at } = handed
  const { key } = question
  return askBothWays({
    ...{ cwd: release.folder, artifact, bundle: release.write(bundle), trust, question },
    trustedRoots: rootsOf(trust).map((json) => release.write(JSON.stringify(json))),
    ...(typeof key === 'string' ? { keyFile: release.write(key) } : {}),
    ...(summary === undefined ? {} : { summary }),
    ...(policy === undefined ? {} : { policy: policyFiles(release, policy) }),
    ...(at === undefined ? {} : { now: () => new Date(at) }),
  })
}

function policyFiles(release: Release, { text, approved }: HandedPolicy): AskedPolicy {
  const file = release.write(text)
  if (approved === undefined) return { file }
  const { signer, issuer, approval } = approved
  return { file, approved: { signer, issuer, bundle: release.write(approval) } }
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

/** The trusted roots themselves. */
export function rootsOf(trust: TrustSource): readonly Json[] {
  if (trust.kind === 'any') return trust.sources.flatMap(rootsOf)
  if (trust.kind !== 'json') throw new Error('the trust of a test is at hand')
  return [trust.json]
}
