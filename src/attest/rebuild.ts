/**
 * The flow that attests a rebuild: two files → their comparison → token → statement → signature → verified → written. The subject is
 * what was released; who built it again is the job that signs.
 */
import { realpath } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { compareBuilds } from '../collect/archives/compare-builds.ts'
import { collectSubjects } from '../collect/subjects/subjects.ts'
import { isCommitId } from '../model/git-names.ts'
import { limits } from '../model/limits.ts'
import type { RebuiltSource } from '../model/predicate.ts'
import type { RebuildReport } from '../model/rebuild-report.ts'
import { rebuildSidecar } from '../model/sidecar-names.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { holdsUnseen } from '../one-line.ts'
import { isFolder } from '../platform/files.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { buildRebuildComparison } from '../predicates/build-rebuild-comparison.ts'
import { rebuildComparisonV1 } from '../predicates/rebuild-comparison.ts'
import { version } from '../version.ts'
import { openCheckout, refuseWithoutCheckout } from './checkout.ts'
import { outputOf } from './output.ts'
import type { Attestation, OutputRequest, UnsignedAttestation } from './request.ts'
import { refusePrivateToPublic, signAndWrite } from './sign-and-write.ts'
import type { SigningGoal } from './sign-and-write.ts'
import { hasToken, openSigstore } from './sigstore.ts'
import type { SigningRequest } from './sigstore.ts'

/** What was built again. Relative paths start at the world's `cwd`. */
interface RebuildStatementRequest extends SigningRequest {
  /** The artifact that was released: a file. */
  readonly released: string
  /** The same of the rebuild, whatever it is called. */
  readonly rebuilt: string
  /** What was built again, where that is not the job's own repository at the commit of its token: only the job says it then. */
  readonly rebuiltSource?: RebuiltSource
  readonly world?: Partial<World>
}

/** The same with where the bundle goes; without `out` nothing is written. */
export type RebuildRequest = RebuildStatementRequest & {
  /** Default place: `<artifact>.rebuild.sigstore.json`. */
  readonly out?: OutputRequest
}

/** A rebuild comparison before it is signed. */
export type UnsignedRebuild = Pick<UnsignedAttestation, 'statement' | 'subjects' | 'signer' | 'notes'> & {
  readonly report: RebuildReport
}

/** What was made: signed, and verified as anybody would. A comparison that says `differs` passes no question, and is signed all the same. */
export type RebuildAttestation = UnsignedRebuild & Pick<Attestation, 'bundle' | 'question' | 'signedBefore' | 'written'>

/**
 * Signs how a rebuilt artifact compares with the one that was released, under the identity of the job that rebuilt it. Errors: `usage`
 * (folders, source), those of `compareBuilds`, of subjects, and those of `attest` from the token on.
 *
 * @example
 * ```ts
 * import { attestRebuild } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { report, written } = await attestRebuild({
 *   released: 'dist/app.tgz',
 *   rebuilt: 'dist/app.tgz', // in CI: what this job has just built
 *   sigstore: embeddedSigstore(), // leave it out in CI: public-good Sigstore signs under the job's identity
 *   out: { path: 'app.tgz.rebuild.sigstore.json', whenPresent: 'replace' },
 * })
 * console.log(report.outcome, written)
 * ```
 */
export async function attestRebuild(request: RebuildRequest): Promise<RebuildAttestation> {
  return withRebuild(request, async ({ report, ...made }, goal) => {
    refusePrivateToPublic(request, goal)
    const unsigned = { ...made, sessions: [], commits: { total: 0, claimed: 0 }, looked: { readers: [] } }
    const { statement, subjects, signer, notes, bundle, question, signedBefore, written } = await signAndWrite(
      unsigned,
      {
        ...{ ...goal, predicateType: rebuildComparisonV1 },
        ...(report.outcome === 'differs' ? { refusedBy: 'rebuild-differs' as const } : {}),
      },
    )
    return {
      ...{ statement, subjects, signer, notes, bundle, question, report },
      ...(signedBefore === undefined ? {} : { signedBefore }),
      ...(written === undefined ? {} : { written }),
    }
  })
}

/**
 * The same up to the signature: what would be signed, and who would sign.
 *
 * @example
 * ```ts
 * import { buildRebuildStatement } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { statement } = await buildRebuildStatement({
 *   released: 'dist/app.tgz',
 *   rebuilt: 'dist/app.tgz',
 *   sigstore: embeddedSigstore(),
 * })
 * console.log(JSON.parse(statement).predicate.outcome) // same
 * ```
 */
export async function buildRebuildStatement(request: RebuildStatementRequest): Promise<UnsignedRebuild> {
  return withRebuild(request, (made) => Promise.resolve(made))
}

type Request = RebuildStatementRequest & Pick<RebuildRequest, 'out'>

async function withRebuild<T>(
  request: Request,
  use: (made: UnsignedRebuild, goal: SigningGoal) => Promise<T>,
): Promise<T> {
  const world = worldOf(request.world)
  // 1. What was compared, and where the result goes: refused before any secret is asked for.
  const { rebuiltSource } = request
  if (rebuiltSource !== undefined) checkSource(rebuiltSource)
  const [released, rebuilt] = [resolve(world.cwd, request.released), resolve(world.cwd, request.rebuilt)]
  if ((await isFolder(released)) || (await isFolder(rebuilt))) {
    throw new CountersignError('usage', 'a statement is about one artifact, and a folder has many', {
      option: 'rebuilt',
      hint: 'sign the comparison of each artifact by itself',
    })
  }
  const checkout = await openCheckout(world)
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const root = checkout?.repository.root ?? world.cwd
  // In a checkout that others write to, a link would have the digest of any file of the runner signed.
  for (const path of [released, rebuilt]) await refuseLinksBelow(root, path)
  const report = await compareBuilds(request.released, request.rebuilt, world.cwd)
  const at = world.now()
  const [comparison] = report.artifacts
  const [digest, other] = [comparison?.a?.sha256, comparison?.b?.sha256]
  if (comparison === undefined || digest === undefined || other === undefined) {
    throw new CountersignError('internal', 'two files have one comparison')
  }
  // The digest that was compared, and not that of a file that is read again.
  const named = [`${comparison.name}=sha256:${digest}`]
  const { subjects, notes } = await collectSubjects({ named }, { cwd: world.cwd, root })
  const given = { given: request.released, place: released, real: await realpath(released), name: comparison.name }
  const out =
    request.out === undefined
      ? undefined
      : await outputOf(
          request.out,
          { subjects, files: [given], root, cwd: world.cwd, remote: async () => checkout?.remote() },
          { one: rebuildSidecar, several: rebuildSidecar },
        )

  // 2. Who signs. A checkout is asked only for a trial without a token.
  const isTrial = request.sigstore?.kind === 'at-hand' && !hasToken(request, world)
  const source = isTrial ? await checkout?.read([], []) : undefined
  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    const statement = JSON.stringify({
      _type: statementTypeV1,
      subject: subjects,
      predicateType: rebuildComparisonV1,
      predicate: buildRebuildComparison(
        {
          ...{ token, comparison, source: rebuiltSource, at: at.toISOString() },
          rebuilt: { name: basename(rebuilt), sha256: other },
        },
        version,
      ),
    })
    if (Buffer.byteLength(statement) > limits.statementBytes) {
      throw new CountersignError('statement-too-large', 'the statement is larger than Sigstore clients accept')
    }
    const signer = token.identity.subjectAlternativeName.value
    return await use({ statement, subjects, signer, notes, report }, { sigstore, token, out, world })
  } finally {
    await sigstore.close()
  }
}

/** What is signed stands there for ever: an address without what opens it, and a whole commit. Error: `usage`. */
function checkSource({ uri, commit }: RebuiltSource): void {
  const url = uri.length <= limits.identityCharacters && !holdsUnseen(uri) ? URL.parse(uri) : null
  const isAddress = url?.protocol === 'https:' && url.username === '' && url.password === '' && !/[?#]/.test(uri)
  if (isAddress && isCommitId(commit)) return
  throw new CountersignError('usage', 'what was rebuilt is the https address of a repository and a whole commit', {
    option: 'rebuiltSource',
    hint: 'as in https://github.com/acme/widget, without user, password, query and fragment, and the 40 or 64 digits of the commit',
  })
}
