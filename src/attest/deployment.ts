/**
 * The flow that attests a deployment: artifacts → their provenance → token → statement → signature → verified → written. What is
 * deployed was built elsewhere, by whom its own provenance says: here stands who put it where, and when.
 */
import { CountersignError } from '../errors.ts'
import { collectSubjects } from '../collect/subjects/subjects.ts'
import type { SubjectRequest } from '../collect/subjects/subjects.ts'
import type { VerifiedToken } from '../model/facts.ts'
import { limits } from '../model/limits.ts'
import { deploymentSidecar } from '../model/sidecar-names.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { fileName } from '../platform/folders.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { buildDeployment } from '../predicates/build-deployment.ts'
import type { DeploymentFacts } from '../predicates/build-deployment.ts'
import { deploymentV1 } from '../predicates/deployment.ts'
import { version } from '../version.ts'
import { openCheckout, refuseWithoutCheckout } from './checkout.ts'
import { signOrKeep } from './deferred.ts'
import { checkEnvironment, checkTarget } from './deployment-words.ts'
import { provenanceOf } from './deployed-provenance.ts'
import type { DeployedBundle, FoundProvenance } from './deployed-provenance.ts'
import { outputOf } from './output.ts'
import type { Output } from './output.ts'
import type { Attestation, OutputRequest, UnsignedAttestation } from './request.ts'
import { refusePrivateToPublic } from './sign-and-write.ts'
import type { SigningGoal } from './sign-and-write.ts'
import { hasToken, openSigstore } from './sigstore.ts'
import type { SigningRequest } from './sigstore.ts'

/** What was deployed where. Relative paths start at the world's `cwd`. */
interface DeploymentStatementRequest extends SigningRequest {
  /** Name of the environment. Where the token of the job names one, it must be that. */
  readonly environment: string
  readonly subjects: SubjectRequest
  /** Default `deployed`; `removed`: it was taken out of the environment. */
  readonly state?: 'deployed' | 'removed'
  /** URI of the cluster or the service, without credentials, query and fragment. */
  readonly target?: string
  /** The provenance of all that is deployed. */
  readonly provenance?: DeployedBundle
  readonly world?: Partial<World>
}

/** The same with where the bundle goes; without `out` nothing is written, so nothing can be kept for later either. */
export type DeploymentRequest = DeploymentStatementRequest &
  (
    | { readonly out?: never; readonly onOutage?: never }
    | {
        /**
         * Default place: `<artifact>.deployed-<environment>.sigstore.json`, of several `<project>.deployed-<environment>.intoto.jsonl`; with
         * `removed` in place of `deployed` where that is the state.
         */
        readonly out: OutputRequest
        /** When services fail: `fail` (default), or keep the statement in a file that `resume` signs later. */
        readonly onOutage?: 'fail' | 'defer'
      }
  )

/** A statement of a deployment before it is signed: of AI it says nothing. */
export type UnsignedDeployment = Pick<UnsignedAttestation, 'statement' | 'subjects' | 'signer' | 'notes'>

/** What was made: signed, and verified as anybody would. */
export type DeploymentAttestation = UnsignedDeployment &
  Pick<Attestation, 'bundle' | 'question' | 'signedBefore' | 'written'>

/**
 * Signs that artifacts were put into an environment, or taken out of it, under the identity of the job that did it. Errors: `usage`
 * (environment, target), those of subjects and of the provenance (`subject-mismatch`, those of `verify`), `environment-mismatch`, and
 * those of `attest` from the token on.
 *
 * @example
 * ```ts
 * import { attestDeployment } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { bundle, written } = await attestDeployment({
 *   environment: 'production',
 *   subjects: { paths: ['dist/app.tgz'] },
 *   target: 'https://cluster.acme.example/widget',
 *   provenance: { bundle: 'dist/app.tgz.sigstore.json' }, // with a `question` it is verified before anything is signed
 *   sigstore: embeddedSigstore(), // leave it out in CI: public-good Sigstore signs under the job's identity
 *   out: { path: 'dist/app.tgz.deployed-production.sigstore.json', whenPresent: 'replace' },
 * })
 * console.log(JSON.parse(bundle).mediaType, written)
 * ```
 */
export async function attestDeployment(request: DeploymentRequest): Promise<DeploymentAttestation> {
  return withDeployment(request, async (made, goal) => {
    refusePrivateToPublic(request, goal)
    const unsigned = { ...made, sessions: [], commits: { total: 0, claimed: 0 }, looked: { readers: [] } }
    const { bundle, question, notes, ...signed } = await signOrKeep(
      [{ make: () => unsigned, goal: { ...goal, predicateType: deploymentV1 } }],
      request.onOutage,
    )
    const { statement, subjects, signer, signedBefore, written } = signed
    return {
      ...{ statement, subjects, signer, notes, bundle },
      question: { ...question, environment: request.environment },
      ...(signedBefore === undefined ? {} : { signedBefore }),
      ...(written === undefined ? {} : { written }),
    }
  })
}

/**
 * The same up to the signature: what would be signed, and who would sign. The provenance is verified, if that is asked for.
 *
 * @example
 * ```ts
 * import { buildDeploymentStatement } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { statement } = await buildDeploymentStatement({
 *   environment: 'production',
 *   subjects: { paths: ['dist/app.tgz'] },
 *   sigstore: embeddedSigstore(),
 * })
 * console.log(JSON.parse(statement).predicate.environment)
 * ```
 */
export async function buildDeploymentStatement(request: DeploymentStatementRequest): Promise<UnsignedDeployment> {
  return withDeployment(request, (made) => Promise.resolve(made))
}

type Request = DeploymentStatementRequest & Pick<DeploymentRequest, 'out'>

async function withDeployment<T>(
  request: Request,
  use: (made: UnsignedDeployment, goal: SigningGoal) => Promise<T>,
): Promise<T> {
  const world = worldOf(request.world)
  const at = world.now()
  // 1. What is deployed where, and where the result goes: refused before any secret is asked for.
  const environment = checkEnvironment(request.environment)
  const { state = 'deployed' } = request
  const target = request.target === undefined ? undefined : checkTarget(request.target)
  const checkout = await openCheckout(world)
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const root = checkout?.repository.root ?? world.cwd
  const except = [...(request.subjects.except ?? []), ...(request.out?.path === undefined ? [] : [request.out.path])]
  const { subjects, files, notes } = await collectSubjects({ ...request.subjects, except }, { cwd: world.cwd, root })
  const out =
    request.out === undefined
      ? undefined
      : await placeOf(request.out, [state, environment], {
          subjects,
          files,
          root,
          cwd: world.cwd,
          remote: remoteOf(checkout),
        })

  // 2. What was signed of it before.
  const provenance: FoundProvenance =
    request.provenance === undefined
      ? { statements: [], notes: [] }
      : await provenanceOf(request.provenance, subjects, world)

  // 3. Who signs. A checkout is asked only for a trial without a token: which commit deploys, the token says.
  const isTrial = request.sigstore?.kind === 'at-hand' && !hasToken(request, world)
  const source = isTrial ? await checkout?.read([], []) : undefined
  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    refuseOtherEnvironment(environment, token)
    const facts: DeploymentFacts = {
      ...{ token, environment, target, state, provenance: provenance.statements },
      at: at.toISOString(),
    }
    const statement = JSON.stringify({
      _type: statementTypeV1,
      subject: subjects,
      predicateType: deploymentV1,
      predicate: buildDeployment(facts, version),
    })
    if (Buffer.byteLength(statement) > limits.statementBytes) {
      throw new CountersignError('statement-too-large', 'the statement is larger than Sigstore clients accept')
    }
    const made: UnsignedDeployment = {
      ...{ statement, subjects, signer: token.identity.subjectAlternativeName.value },
      notes: [...notes, ...environmentNotes(token), ...provenance.notes],
    }
    return await use(made, { sigstore, token, out, world })
  } finally {
    await sigstore.close()
  }
}

function remoteOf(checkout: Awaited<ReturnType<typeof openCheckout>>): () => Promise<string | undefined> {
  return async () => checkout?.remote()
}

/** Errors: those of `outputOf`. */
async function placeOf(
  out: OutputRequest,
  [state, environment]: readonly ['deployed' | 'removed', string],
  placing: Parameters<typeof outputOf>[1],
): Promise<Output> {
  const name = fileName(environment, 'environment')
  return outputOf(out, placing, {
    one: (artifact) => deploymentSidecar(artifact, state, name),
    several: (project) => `${project}.${state}-${name}.intoto.jsonl`,
  })
}

/** An environment that the platform guards stands in the certificate, and whoever verifies would refuse another one. */
function refuseOtherEnvironment(environment: string, { identity }: VerifiedToken): void {
  const certified = identity.extensions.deploymentEnvironment
  if (certified === undefined || certified === environment) return
  throw new CountersignError(
    'environment-mismatch',
    `the token is for the environment ${JSON.stringify(certified)}, not ${JSON.stringify(environment)}`,
    {
      ...{ option: 'environment', expected: certified, found: environment },
      hint: 'name the environment of the job; what is within it is told by the target (`target`)',
    },
  )
}

function environmentNotes({ identity }: VerifiedToken): string[] {
  return identity.extensions.deploymentEnvironment === undefined
    ? ['the token names no environment, so that only this job says which one it is']
    : []
}
