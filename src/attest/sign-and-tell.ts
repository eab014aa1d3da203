/** Signing with what is known of it: that nothing was signed anew, or what is public although no bundle was written. */
import { CountersignError } from '../errors.ts'
import { isList, memberAt } from '../model/json.ts'
import type { Attestation, UnsignedAttestation } from './request.ts'
import { signAndWrite } from './sign-and-write.ts'
import type { SigningGoal } from './sign-and-write.ts'

/** `signAndWrite`, which knows only of its own steps. The same errors. */
export async function signAndTell(made: UnsignedAttestation, goal: SigningGoal): Promise<Attestation> {
  let signed: string | undefined
  const sigstore: SigningGoal['sigstore'] = {
    ...goal.sigstore,
    async sign(...asked) {
      signed = await goal.sigstore.sign(...asked)
      return signed
    },
  }
  try {
    const attestation = await signAndWrite(made, { ...goal, sigstore })
    return signed === undefined ? asBefore(attestation, made) : attestation
  } catch (thrown) {
    throw signed === undefined ? thrown : withEntry(thrown, signed)
  }
}

/** Of several statements in one run each says which it is. */
function asBefore(attestation: Attestation, { notes, subjects }: UnsignedAttestation): Attestation {
  const [first, ...others] = subjects.map((it) => it.name)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const note = `this very statement about ${first ?? ''}${more} was signed before, and nothing was signed now`
  return { ...attestation, signedBefore: true, notes: [...notes, note] }
}

/** The failure of a bundle that does not verify, where its log entry stays all the same. */
function withEntry(thrown: unknown, bundle: string): unknown {
  if (!(thrown instanceof CountersignError) || thrown.code !== 'bundle-not-verifiable') return thrown
  const entries = memberAt(JSON.parse(bundle), 'verificationMaterial', 'tlogEntries')
  if (!isList(entries) || entries.length === 0) return thrown
  return new CountersignError(thrown.code, `${thrown.message}; it was logged, and its entry stays`, { cause: thrown })
}
