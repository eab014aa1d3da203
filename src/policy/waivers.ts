/**
 * Signed waivers → which rows of a policy need not hold, and why the others count for nothing. A row stays as it failed, and says who
 * waived it; no waiver is ever looked at for who signed, for what is revoked, for the policy's own time or for a check of an attestation.
 */
import type { ErrorCode } from '../errors.ts'
import { signerName } from '../model/certified-name.ts'
import { sha256Hex } from '../model/digest.ts'
import type { Signatory, VerifiedStatement } from '../model/evidence.ts'
import { builderUri, splitIdentity } from '../model/identity.ts'
import { limits } from '../model/limits.ts'
import type { PolicyEvidence } from '../model/policy-evidence.ts'
import type { PolicyCheck, PolicyPlace, PolicyReport, PolicyWaiver } from '../model/policy-report.ts'
import type { Policy, PolicyLayer, Revocation } from '../model/policy.ts'
import type { Waiver } from '../model/predicate.ts'
import { isWaivable } from '../model/waivable.ts'
import { isRevoked } from './families/revoked/named.ts'
import { revocationsOf } from './not-revoked.ts'

type SetAside = NonNullable<PolicyReport['waiversSetAside']>[number]
type Evidence = Pick<PolicyEvidence, 'now' | 'provenance' | 'statements' | 'waivers'>

/** The waivers of one policy and one artifact; it is asked layer by layer, and then what was set aside. */
export interface OpenWaivers {
  /** Rows of one layer, by its index, those that are waived as such. Only rows that fail change, and only in that. */
  waive(index: number, checks: readonly PolicyCheck[]): PolicyCheck[]
  /** Those that waived nothing, each once with the reason that came nearest; one that nothing needed is none of them. */
  setAside(): readonly SetAside[]
}

/** Why one does not count, in the order in which it is looked at: the later, the nearer it came. */
const reasons = [
  'waiver-policy-mismatch',
  'waiver-rule-refused',
  'waiver-signer-mismatch',
  'revoked',
  'waiver-not-independent',
  'waiver-not-yet-signed',
  'waiver-too-long',
  'waiver-expired',
  'waiver-place-mismatch',
] as const satisfies readonly ErrorCode[]
type Reason = (typeof reasons)[number]

interface Read {
  readonly statement: VerifiedStatement
  readonly waiver: Waiver
  readonly sha256: string
}

export function openWaivers(policy: Policy, { now, provenance, statements, waivers }: Evidence): OpenWaivers {
  const { layers } = policy
  const given = (waivers?.given ?? []).flatMap(read)
  const nearest = new Map<string, Reason>()
  const used = new Set<string>()
  const putAside = (sha256: string, reason: Reason): void => {
    const before = nearest.get(sha256)
    if (before === undefined || reasons.indexOf(reason) > reasons.indexOf(before)) nearest.set(sha256, reason)
  }
  const builders = [provenance, ...statements].map(({ signed }) => signed.signatory)
  const common = { builders, now, revocations: revocationsOf(policy) }
  const goodOf = (layer: PolicyLayer, index: number): Read[] => {
    const admitted = (waivers?.admitted[index] ?? []).flatMap(read)
    return given.flatMap((it) => {
      // The same bytes may be signed by several, of whom one may.
      const own = admitted.filter(({ sha256 }) => sha256 === it.sha256)
      const found = own.length === 0 ? [it] : own
      const answers = found.map((one) => refusal(one, layer, { isAdmitted: own.length > 0, ...common }))
      const accepted = found[answers.indexOf(undefined)]
      if (accepted !== undefined) return [accepted]
      putAside(it.sha256, nearestOf(answers))
      return []
    })
  }
  const goodOfAll = given.length === 0 ? [] : layers.map(goodOf)
  return {
    waive(index, checks) {
      const good = goodOfAll[index] ?? []
      const rows = checks.map((check): PolicyCheck => {
        const fitting = good.filter(({ waiver }) => isOfRule(check, waiver) && covers(waiver.place, check.at))
        const [first] = fitting
        if (check.outcome !== 'fail' || first === undefined) return check
        for (const it of fitting) used.add(it.sha256)
        return { ...check, outcome: 'waived', waiver: shown(first) }
      })
      // One of a rule that passes is not needed, and no reader has to look for what is wrong with it.
      for (const { waiver, sha256 } of good) {
        if (rows.some((it) => it.outcome === 'fail' && it.rule === waiver.rule))
          putAside(sha256, 'waiver-place-mismatch')
      }
      return rows
    },
    setAside: () =>
      [...nearest]
        .filter(([sha256]) => !used.has(sha256))
        .slice(0, limits.candidates)
        .map(([sha256, code]) => ({ code, sha256 })),
  }
}

function read(statement: VerifiedStatement): Read[] {
  const { predicate, signed } = statement
  if (predicate.kind !== 'waiver') return []
  return [{ statement, waiver: predicate, sha256: sha256Hex(signed.envelope.payload) }]
}

function nearestOf(answers: readonly (Reason | undefined)[]): Reason {
  return reasons.findLast((it) => answers.includes(it)) ?? 'waiver-policy-mismatch'
}

interface Asked {
  readonly isAdmitted: boolean
  /** Who signed what the waiver would help. */
  readonly builders: readonly Signatory[]
  readonly now: string
  readonly revocations: readonly Revocation[]
}

/** Why a waiver counts for nothing in a layer; undefined where it counts. */
function refusal({ waiver, statement }: Read, layer: PolicyLayer, asked: Asked): Reason | undefined {
  const { signed } = statement
  if (waiver.policy !== layer.sha256) return 'waiver-policy-mismatch'
  if (!isWaivable(waiver.rule) || layer.sections.waivers?.rules.includes(waiver.rule) !== true) {
    return 'waiver-rule-refused'
  }
  if (!asked.isAdmitted) return 'waiver-signer-mismatch'
  if (isRevoked(statement, asked.revocations)) return 'revoked'
  if (asked.builders.some((it) => isOneIdentity(it, signed.signatory))) return 'waiver-not-independent'
  const now = Date.parse(asked.now)
  const signedAt = Math.min(...signed.times.map(({ time }) => Date.parse(time)))
  const expires = Date.parse(waiver.expires)
  // Without a time it is infinite, and what is no time is NaN: neither is within anything.
  if (!(signedAt <= now + limits.policyClockSkew * 1000)) return 'waiver-not-yet-signed'
  if (!(expires - signedAt <= limits.waiverDays * day)) return 'waiver-too-long'
  if (!(expires > now)) return 'waiver-expired'
  return undefined
}

const day = 24 * 3_600 * 1_000

function isOfRule(check: PolicyCheck, { rule }: Waiver): boolean {
  return check.rule === rule && isWaivable(check.rule)
}

/** A row of a rule that looked at more than the waiver names is not covered. */
function covers(place: PolicyPlace, at: PolicyPlace = {}): boolean {
  return (['commit', 'path', 'session'] as const).every((it) => place[it] === undefined || place[it] === at[it])
}

function shown({ waiver: { reason, expires }, statement: { signed }, sha256 }: Read): PolicyWaiver {
  const { signatory } = signed
  const signer =
    signatory.kind === 'key'
      ? `key sha256:${signatory.fingerprint}`
      : (signerName(signatory.identity) ?? `certificate sha256:${signatory.identity.fingerprint}`)
  return { reason, signer, expires: new Date(expires).toISOString(), sha256 }
}

/**
 * Whether a waiver is by the very identity that signed the provenance: the same key, person or workflow, whatever its ref, or a job of the
 * workflow that started that job. Whoever makes a release would let it off.
 */
function isOneIdentity(builder: Signatory, other: Signatory): boolean {
  const marks = new Set(marksOf(builder))
  return marksOf(other).some((it) => marks.has(it))
}

function marksOf(signatory: Signatory): readonly string[] {
  if (signatory.kind === 'key') return [`key ${signatory.fingerprint}`]
  const { identity } = signatory
  const { buildConfigUri, buildSignerUri } = identity.extensions
  const names = [identity.subjectAlternativeName?.value, builderUri(identity), buildSignerUri, buildConfigUri]
  return names.flatMap((it) => (it === undefined ? [] : [`name ${splitIdentity(it).file.toLowerCase()}`]))
}
