/** The flow that signs a waiver: one rule of a policy need not hold for an artifact. What no verifier would take is not signed. */
import { CountersignError } from '../errors.ts'
import type { SubjectRequest } from '../collect/subjects/subjects.ts'
import { issueText } from '../model/statement.ts'
import { limits } from '../model/limits.ts'
import type { PolicyPlace } from '../model/policy-report.ts'
import { waiverSidecar } from '../model/sidecar-names.ts'
import { isWaivable } from '../model/waivable.ts'
import { fileName } from '../platform/folders.ts'
import { worldOf } from '../platform/world.ts'
import { waiverPredicate, waiverV1 } from '../predicates/waiver.ts'
import type { WaiverPredicate } from '../predicates/waiver.ts'
import { openPolicy } from '../verify/open-policy.ts'
import { version } from '../version.ts'
import { signSpoken } from './spoken-statement.ts'
import type { SpokenAttestation, SpokenRequest } from './spoken-statement.ts'

/** What is waived. Default place of the bundle: `<artifact>.waiver-<rule>.sigstore.json`, where `verify` looks for it. */
export type WaiverRequest = SpokenRequest & {
  readonly subjects: SubjectRequest
  /** Path of the policy, and one of its profiles, where that has the rule. */
  readonly policy: string
  readonly policyProfile?: string
  /** Id of the rule, whole. */
  readonly rule: string
  /** Why, in at least 20 letters. It is shown wherever the verdict is, and stands there for ever. */
  readonly reason: string
  /** RFC 3339: at most 90 days from now. */
  readonly expires: string
  /** Where it holds; default: wherever the rule looks. */
  readonly place?: PolicyPlace
}

/**
 * Signs a waiver for the file of the policy that lets this rule be waived: the policy itself, or one that it extends. Whether the policy lets
 * this signer waive is for the verifier to say. Errors: `usage` (rule, reason, expires, place), those of `openPolicy` and of subjects, and those of
 * `attest` from the token on.
 *
 * @example
 * ```ts
 * import { attestWaiver } from 'countersign/attest'
 *
 * const waive = async (): Promise<string | undefined> => {
 *   const { written } = await attestWaiver({
 *     subjects: { paths: ['dist/app.tgz'] },
 *     policy: 'countersign.yaml',
 *     rule: 'ai/human-review',
 *     reason: 'The reviewer is on leave, and the fix cannot wait.',
 *     expires: '2026-12-24T00:00:00Z',
 *     out: {},
 *   })
 *   return written // dist/app.tgz.waiver-ai-human-review.sigstore.json
 * }
 * console.log(typeof waive) // function
 * ```
 */
export async function attestWaiver(request: WaiverRequest): Promise<SpokenAttestation> {
  const { subjects, policy, policyProfile, rule, reason, expires, place, ...spoken } = request
  const world = worldOf(request.world)
  const sha256 = await policyThatAllows(rule, { file: policy, profile: policyProfile }, world.cwd)
  const predicate = checked({
    ...{ rule, policy: { digest: { sha256 } }, reason, expires: untilOf(expires, world.now()) },
    ...(place === undefined || Object.keys(place).length === 0 ? {} : { place }),
    tool: { countersign: version },
  })
  const name = fileName(rule.replaceAll('/', '-'), 'rule')
  return signSpoken(spoken, {
    ...{ subjects, predicateType: waiverV1, predicate },
    names: {
      one: (artifact) => waiverSidecar(artifact, name),
      several: (project) => `${project}.waiver-${name}.intoto.jsonl`,
    },
  })
}

/** Digest of the file whose layer lists the rule. Error: `usage` (none does, or several files do). */
async function policyThatAllows(
  rule: string,
  { file, profile }: { readonly file: string; readonly profile: string | undefined },
  cwd: string,
): Promise<string> {
  const policy = await openPolicy({ file, ...(profile === undefined ? {} : { profile }) }, cwd)
  const layers = policy.layers.filter(({ sections }) => isWaivable(rule) && sections.waivers?.rules.includes(rule))
  const [sha256, ...more] = new Set(layers.map((it) => it.sha256))
  if (sha256 !== undefined && more.length === 0) return sha256
  if (sha256 === undefined) {
    throw new CountersignError('usage', `${file} does not let ${JSON.stringify(rule.slice(0, 100))} be waived`, {
      option: 'rule',
      hint: 'its section waivers names the rules that can be waived, and who may',
    })
  }
  throw new CountersignError('usage', `${JSON.stringify(rule)} can be waived in ${layers.length} of its files`, {
    option: 'policy',
    hint: 'name the very file whose rule is waived',
  })
}

/** Error: `usage`. */
function untilOf(text: string, now: Date): string {
  const days = (Date.parse(text) - now.getTime()) / (24 * 3_600_000)
  if (/^\d{4}-\d\d-\d\dT.+(?:Z|[+-]\d\d:\d\d)$/.test(text) && days > 0 && days <= limits.waiverDays) {
    return new Date(text).toISOString()
  }
  throw new CountersignError('usage', `a waiver ends at a time from now on, within ${limits.waiverDays} days`, {
    option: 'expires',
    hint: 'as in 2026-12-24T00:00:00Z',
  })
}

/** Error: `usage`. Nothing of what was given is shown: it may be what nobody meant to say aloud. */
function checked(predicate: WaiverPredicate): WaiverPredicate {
  const parsed = waiverPredicate.safeParse(predicate)
  if (parsed.success) return predicate
  const member = String(parsed.error.issues[0]?.path[0] ?? '')
  if (member === 'reason') {
    const most = limits.waiverReasonCharacters
    throw new CountersignError(
      'usage',
      `a reason has at least ${limits.waiverReasonLetters} letters and at most ${most} characters, all of which can be seen`,
      {
        option: 'reason',
        hint: 'the id of a ticket alone tells nobody why',
      },
    )
  }
  throw new CountersignError('usage', `the waiver is malformed: ${issueText(parsed.error)}`, {
    option: member === 'place' ? 'place' : 'rule',
  })
}
