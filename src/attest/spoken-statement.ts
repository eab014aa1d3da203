/**
 * A statement that somebody speaks for by name: an approval of a policy, a waiver. Subjects → token → statement → signature → verified →
 * written. Nothing of the job stands in it: who signed is in the certificate alone, so that any client of Sigstore can sign the same.
 */
import { CountersignError } from '../errors.ts'
import { collectSubjects } from '../collect/subjects/subjects.ts'
import type { SubjectRequest } from '../collect/subjects/subjects.ts'
import { limits } from '../model/limits.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { openCheckout, refuseWithoutCheckout } from './checkout.ts'
import { outputOf } from './output.ts'
import type { BundleNames } from './output.ts'
import type { Attestation, OutputRequest } from './request.ts'
import { refusePrivateToPublic, signAndWrite } from './sign-and-write.ts'
import { hasToken, openSigstore } from './sigstore.ts'
import type { SigningRequest } from './sigstore.ts'

/** Who signs, and where the bundle goes; without `out` nothing is written. Relative paths start at the world's `cwd`. */
export interface SpokenRequest extends SigningRequest {
  readonly out?: OutputRequest
  readonly world?: Partial<World>
}

/** What was made: signed, and verified as anybody would. */
export type SpokenAttestation = Pick<
  Attestation,
  'statement' | 'subjects' | 'signer' | 'notes' | 'bundle' | 'question' | 'signedBefore' | 'written'
>

interface Spoken {
  readonly subjects: SubjectRequest
  readonly predicateType: string
  readonly predicate: object
  readonly names: BundleNames
}

/** Errors: those of subjects, `statement-too-large`, and those of `attest` from the token on. */
export async function signSpoken(request: SpokenRequest, spoken: Spoken): Promise<SpokenAttestation> {
  const world = worldOf(request.world)
  const checkout = await openCheckout(world)
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const root = checkout?.repository.root ?? world.cwd
  const { predicateType, predicate, names } = spoken
  const { subjects, files, notes } = await collectSubjects(spoken.subjects, { cwd: world.cwd, root })
  const placing = { subjects, files, root, cwd: world.cwd, remote: async () => checkout?.remote() }
  const out = request.out === undefined ? undefined : await outputOf(request.out, placing, names)
  const statement = JSON.stringify({ _type: statementTypeV1, subject: subjects, predicateType, predicate })
  if (Buffer.byteLength(statement) > limits.statementBytes) {
    throw new CountersignError('statement-too-large', 'the statement is larger than Sigstore clients accept')
  }
  // A checkout is asked only for a trial without a token.
  const isTrial = request.sigstore?.kind === 'at-hand' && !hasToken(request, world)
  const source = isTrial ? await checkout?.read([], []) : undefined
  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    const goal = { sigstore, token, out, world, predicateType }
    refusePrivateToPublic(request, goal)
    const made = await signAndWrite(
      {
        ...{ statement, subjects, signer: token.identity.subjectAlternativeName.value, notes },
        ...{ sessions: [], commits: { total: 0, claimed: 0 }, looked: { readers: [] } },
      },
      goal,
    )
    const { sessions: _, commits: __, looked: ___, changes: ____, ...attestation } = made
    return attestation
  } finally {
    await sigstore.close()
  }
}
