/** The embedded Sigstore as a project keeps it: where its folder is, and the identity that it gives a workstation. */
import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import type { Source } from '../model/facts.ts'
import type { Json } from '../model/json.ts'
import type { Environment } from '../platform/environment.ts'
import { fileName, ownFile } from '../platform/folders.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import type { ClaimInputs } from '../providers/sample.ts'
import type { LocalSigstore, LocalSigstoreOptions } from './index.ts'
import { readLocalTrustedRoot } from './trusted-root-file.ts'

/**
 * The state folder of a project: one folder a project, kept in the person's own state directory (XDG_STATE_HOME) and not in
 * the checkout. A folder in the checkout could be committed, and its writer would be trusted by the next verification
 * with the embedded Sigstore there.
 *
 * @example
 * ```ts
 * import { localStateFolder } from 'countersign/embedded'
 *
 * console.log(localStateFolder(process.cwd(), process.env))
 * ```
 */
export function localStateFolder(
  projectRoot: string,
  env: Environment,
  platform: NodeJS.Platform = worldOf().platform,
): string {
  const root = realPathOf(projectRoot)
  const id = sha256Hex(root).slice(0, 16)
  return ownFile('state', { env, platform }, `${fileName(basename(root), 'project')}-${id}`)
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path) // not there yet, or not readable: a name all the same
  }
}

/**
 * The state folder of the project that `cwd` lies in: the nearest one upwards that exists, as git looks for its own.
 *
 * @example
 * ```ts
 * import { nearestLocalState } from 'countersign/embedded'
 *
 * console.log(nearestLocalState(process.cwd(), process.env))
 * ```
 */
export function nearestLocalState(
  cwd: string,
  env: Environment,
  platform: NodeJS.Platform = worldOf().platform,
): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const state = localStateFolder(folder, env, platform)
    if (existsSync(state)) return state
    if (folder === dirname(folder)) return localStateFolder(cwd, env, platform)
  }
}

const origin = 'the embedded Sigstore of this project (proves nothing to others)'

/**
 * Trust in the embedded Sigstore of a folder. Errors: `local-state-missing`, `local-state-malformed`.
 *
 * @example
 * ```ts
 * import { localTrust, nearestLocalState } from 'countersign/embedded'
 * import { openVerifier } from 'countersign/verify'
 *
 * const verifier = await openVerifier({ trust: await localTrust(nearestLocalState(process.cwd(), process.env)) })
 * console.log(verifier.trust)
 * ```
 */
export async function localTrust(
  state: string,
): Promise<{ readonly kind: 'json'; readonly json: Json; readonly origin: string }> {
  return { kind: 'json', json: await readLocalTrustedRoot(state), origin }
}

/** What the embedded Sigstore needs to know of a project that attests with it (`attest`, `SigstoreChoice`). */
interface AttestingProject {
  readonly root: string
  /** Undefined without a checkout: then there is nothing that a workstation could be given a token for. */
  readonly source: Source | undefined
  readonly world: Pick<World, 'cwd' | 'env' | 'now' | 'platform'>
}

/** A Sigstore at hand, as the attesting flow takes it (`attest/sigstore`). */
export interface EmbeddedSigstore {
  readonly kind: 'at-hand'
  readonly open: (project: AttestingProject) => Promise<
    Pick<LocalSigstore, 'issuer' | 'jwks' | 'signingConfig' | 'trustedRoot' | 'close'> & {
      readonly origin: string
      readonly mintToken: (audience: string) => Promise<string>
    }
  >
}

/**
 * The embedded Sigstore as the choice of who signs. `state` is its folder, made if need be; default: that of the project.
 * Errors when it is opened: `local-state-busy`, `local-state-malformed`, `output-failed`.
 *
 * @example
 * ```ts
 * import { attest } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { signer } = await attest({ subjects: { paths: ['dist/app.tgz'] }, sigstore: embeddedSigstore() })
 * console.log(signer) // https://sigstore.countersign.localhost/…
 * ```
 */
export function embeddedSigstore(state?: string): EmbeddedSigstore {
  return {
    kind: 'at-hand',
    async open({ root, source, world }) {
      const folder = resolve(world.cwd, state ?? localStateFolder(root, world.env, world.platform))
      const { startLocalSigstore: start } = await import('./index.ts')
      const local = await start({ state: folder, now: world.now }, worldOf({ platform: world.platform }))
      return {
        issuer: local.issuer,
        jwks: local.jwks,
        signingConfig: local.signingConfig,
        trustedRoot: local.trustedRoot,
        origin,
        mintToken: async (audience) => local.mintToken(workstationClaims(source, root), { audience }),
        close: () => local.close(),
      }
    },
  }
}

/**
 * Claims of a token for a person at a workstation (provider row `local`). They name the checkout as git tells it; the
 * provider's name, and the host of the signer, say that no CI stands behind it.
 */
function workstationClaims(source: Source | undefined, projectRoot: string): { readonly [claim: string]: string } {
  if (source === undefined) throw new CountersignError('git-no-repository', 'there is no checkout to give a token for')
  const project = fileName(basename(projectRoot), 'project')
  return {
    sub: `workstation:${project}`,
    countersign_local: project,
    repository: source.remote ?? `https://source.countersign.localhost/${project}`,
    sha: source.commit,
    ref: source.ref ?? 'HEAD',
    run_id: randomUUID(),
  }
}

/**
 * A token of the embedded Sigstore with the claims of a CI provider's job: anyone who holds the folder can be anybody there. The
 * folder is made if it is not there. Errors: `local-state-busy`, `local-state-malformed`, `output-failed`.
 *
 * @example
 * ```ts
 * import { localStateFolder, mintLocalJobToken } from 'countersign/embedded'
 *
 * const state = localStateFolder(process.cwd(), process.env)
 * const token = await mintLocalJobToken(state, 'github', { repository: 'acme/widget', workflow: 'release.yml' })
 * console.log(token.split('.').length) // 3
 * ```
 */
export async function mintLocalJobToken(state: string, provider: string, job: ClaimInputs): Promise<string> {
  const { providerClaims } = await import('./claims.ts')
  const local = await startLocalSigstore({ state })
  try {
    return await local.mintToken(providerClaims(provider, job))
  } finally {
    await local.close()
  }
}

/**
 * Signs any payload under a token of the embedded Sigstore and returns the bundle. Somebody with another Sigstore client and an
 * identity of their own can always do that, so it is what forgeries are made with, in the demonstration and in tests.
 *
 * @example
 * ```ts
 * import { localStateFolder, mintLocalJobToken, signWithLocal } from 'countersign/embedded'
 *
 * const state = localStateFolder(process.cwd(), process.env)
 * const forged = await signWithLocal(state, Buffer.from('{}'), await mintLocalJobToken(state, 'github', {}))
 * console.log(JSON.parse(forged).dsseEnvelope.payload) // e30=
 * ```
 */
export async function signWithLocal(state: string, statement: Uint8Array, token: string): Promise<string> {
  const [{ chooseServices }, { signStatement }] = await Promise.all([
    import('../sigstore/sign/services.ts'),
    import('../sigstore/sign/sign-statement.ts'),
  ])
  const local = await startLocalSigstore({ state })
  const world = worldOf()
  try {
    return await signStatement(statement, token, chooseServices(local.signingConfig, world.now()), {}, world)
  } finally {
    await local.close()
  }
}

/**
 * Starts the embedded Sigstore (loaded only then): real cryptography under keys of its own, on loopback.
 *
 * @example
 * ```ts
 * import { startLocalSigstore } from 'countersign/embedded'
 *
 * const sigstore = await startLocalSigstore() // keys in memory only
 * console.log(sigstore.url, await sigstore.mintToken({ sub: 'me', email: 'me@acme.example', email_verified: true }))
 * await sigstore.close()
 * ```
 */
export async function startLocalSigstore(options: LocalSigstoreOptions = {}): Promise<LocalSigstore> {
  const { startLocalSigstore: start } = await import('./index.ts')
  return start(options)
}
