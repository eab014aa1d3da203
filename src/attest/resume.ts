/** Signing later: statements that were kept when services were out, under a fresh token of the same job. */
import { resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import { preparedIdentityOf, requireSameIdentity } from '../model/prepared.ts'
import { worldOf } from '../platform/world.ts'
import { deploymentV1 } from '../predicates/deployment.ts'
import { provenanceV1 } from '../predicates/provenance.ts'
import { removeUnsigned } from '../store/prepared-file.ts'
import { openCheckout, refuseOtherCommit, refuseWithoutCheckout } from './checkout.ts'
import { DeferredError, isOutage } from './deferred.ts'
import { holdAgainst, openPrepared } from './prepared-statement.ts'
import type { HeldStatement, OpenedStatement } from './prepared-statement.ts'
import { inSigningOrder, missingBeside } from './prepared-together.ts'
import type { Attestation, ResumeEachRequest, ResumeRequest } from './request.ts'
import { refusePrivateToPublic, signAndWrite } from './sign-and-write.ts'
import { openSigstore } from './sigstore.ts'

/**
 * Signs a prepared statement. The file does not say who signs: the fresh token does. The statement must be the one that
 * `attest` writes for that token and this checkout. The files of its subjects, where they are here, must be the ones that it
 * names. Where any attempt of the run may have prepared it, that is said in what is signed. All of that is known before anything is signed. Sessions, inputs of a dispatched run and the digests of absent
 * files are taken as they stand, from an earlier step of the same run (SECURITY.md).
 *
 * With `onOutage` `defer` an outage ends with the `DeferredError` of `attest`, which names the same file.
 *
 * Errors: `prepared-malformed`, `prepared-identity-mismatch`, `subject-mismatch`, and those of `attest` from the token on.
 *
 * @example
 * ```ts
 * import { CountersignError } from 'countersign'
 * import { resume } from 'countersign/attest'
 *
 * try {
 *   await resume({ prepared: 'dist/app.tgz.sigstore.json.unsigned.json', out: {} })
 * } catch (error) {
 *   if (!(error instanceof CountersignError)) throw error
 *   console.log(error.code) // path-missing: nothing was kept
 * }
 * ```
 */
export async function resume({ prepared, ...request }: ResumeRequest): Promise<Attestation> {
  for await (const attestation of resumeEach({ ...request, prepared: [prepared] })) return attestation
  throw new CountersignError('internal', 'nothing was resumed')
}

/**
 * The same for all that an outage left, under one token, as they are signed: what was written before an error stays. All are read
 * and compared before the first is signed. Statements of changes come first, and where a provenance is given with them each must name
 * the other; of one that is given alone a note says what is missing. After an outage with `onOutage` `defer` the `DeferredError` names
 * those that are left. Errors: those of `resume`, `prepared-changes-mismatch`, `usage` (the same file twice, or two to one place).
 *
 * @example
 * ```ts
 * import { DeferredError, attest, resumeEach } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const sigstore = embeddedSigstore()
 * const out = { path: 'later.sigstore.json', whenPresent: 'replace' } as const
 * const changes = { path: 'later.changes.sigstore.json', whenPresent: 'replace' } as const
 * try {
 *   await attest({ subjects: { paths: ['dist/app.tgz'] }, sigstore, out, changes, onOutage: 'defer' })
 * } catch (error) {
 *   if (!(error instanceof DeferredError)) throw error
 *   for await (const one of resumeEach({ prepared: error.preparedAll, sigstore, out: {} })) console.log(one.written)
 * }
 * ```
 */
export async function* resumeEach(request: ResumeEachRequest): AsyncGenerator<Attestation, void, undefined> {
  const world = worldOf(request.world)
  const paths = request.prepared.map((it) => resolve(world.cwd, it))
  const checkout = await openCheckout(world)
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const root = checkout?.repository.root ?? world.cwd
  const opened: OpenedStatement[] = []
  for (const path of paths) opened.push(await openPrepared(path, request.out, { cwd: world.cwd, root }))
  refuseTwice(opened)
  // As for attest, what was built is no change of the source; nor is what was kept.
  const [made, places] = [opened.flatMap((it) => it.made), opened.flatMap((it) => it.places)]
  const source = await checkout?.read(made, places)

  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    const identity = preparedIdentityOf(token)
    for (const { prepared } of opened) requireSameIdentity(prepared.identity, identity, request.attempt ?? 'same')
    // What is deployed was built elsewhere: of the commit that is checked out such a statement says nothing.
    const isOfCommit = opened.some((it) => it.statement.predicateType !== deploymentV1)
    if (isOfCommit) await refuseOtherCommit(token, checkout, source, request.builtCommit)
    refusePrivateToPublic(request, { sigstore, token, out: undefined, world })
    const held = inSigningOrder(opened.map((it) => holdAgainst(it, token, source)))
    const left = held.map((it) => it.opened.path)
    for (const [index, one] of held.entries()) {
      const { path, prepared, out } = one.opened
      const notes = [...one.made.notes, ...(await missingBeside(one, held))]
      const goal = { sigstore, token, out, world, ...asked(one) }
      const attestation = await signAndWrite({ ...one.made, notes }, goal).catch((thrown: unknown) => {
        const isKept = request.onOutage === 'defer' && thrown instanceof CountersignError && isOutage(thrown, goal)
        throw isKept ? new DeferredError(thrown, [path, ...left.slice(index + 1)]) : thrown
      })
      if (out === undefined || (await removeUnsigned(path, prepared.statement.sha256))) yield attestation
      else yield { ...attestation, notes: [...attestation.notes, `${path} is signed now and could not be removed`] }
    }
  } finally {
    await sigstore.close()
  }
}

/** Provenance is what is asked for where nobody says anything. */
function asked({ predicateType }: HeldStatement): { readonly predicateType?: string } {
  return predicateType === provenanceV1 ? {} : { predicateType }
}

/** What one of them says twice would be logged twice, and of two in one place the second would take the place of the first. */
function refuseTwice(opened: readonly OpenedStatement[]): void {
  const files = new Set<string>()
  const taken = new Set<string>()
  for (const { path, made, places, out } of opened) {
    const [real = path] = made
    if (files.has(real)) throw new CountersignError('usage', `${path} is given twice`, { option: 'prepared' })
    files.add(real)
    const [place] = places
    if (place !== undefined && taken.has(place) && out?.mode !== 'append') {
      throw new CountersignError('usage', `two attestations would be written to ${out?.path ?? place}`, {
        option: 'out',
        hint: `name a folder or a .jsonl (${option('out')})`,
      })
    }
    if (place !== undefined) taken.add(place)
  }
}
