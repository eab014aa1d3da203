/** The embedded Sigstore as a project keeps it: where its folder is, and the identity that it gives a workstation. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import type { Source } from '../model/facts.ts'
import type { ProviderId } from '../model/provider.ts'
import type { ClaimInputs } from './claims.ts'
import type { TrustSource } from '../sigstore/verify/trusted-root.ts'
import type { LocalSigstore, LocalSigstoreOptions } from './index.ts'
import { readLocalTrustedRoot } from './trusted-root-file.ts'

export type { LocalSigstore, LocalSigstoreOptions }

/**
 * The state folder of a project: one folder a project, kept in the person's own state directory (XDG_STATE_HOME) and not in
 * the checkout. A folder in the checkout could be committed, and whoever wrote it would be trusted by the next
 * `verify --sigstore local` there.
 */
export function localStateFolder(projectRoot: string, env: Environment): string {
  const own = env['XDG_STATE_HOME']
  const state = own !== undefined && isAbsolute(own) ? own : join(env['HOME'] ?? homedir(), '.local', 'state')
  const root = realPathOf(projectRoot)
  const id = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return join(state, 'countersign', `${basename(root).replace(/[^A-Za-z0-9._-]+/g, '-')}-${id}`)
}

type Environment = { readonly [name: string]: string | undefined }

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path) // not there yet, or not readable: a name all the same
  }
}

/** The state folder of the project that `cwd` lies in: the nearest one upwards that exists, as git looks for its own. */
export function nearestLocalState(cwd: string, env: Environment): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const state = localStateFolder(folder, env)
    if (existsSync(state)) return state
    if (folder === dirname(folder)) return localStateFolder(cwd, env)
  }
}

/** Trust in the embedded Sigstore of a folder. Errors: `local-state-missing`, `local-state-malformed`. */
export async function localTrust(state: string): Promise<TrustSource> {
  return {
    kind: 'json',
    json: await readLocalTrustedRoot(state),
    origin: 'the embedded Sigstore of this project (proves nothing to others)',
  }
}

/**
 * Claims of a token for a person at a workstation (provider row `local`). They name the checkout as git tells it; the
 * provider's name, and the host of the signer, say that no CI stands behind it.
 */
export function workstationClaims(source: Source, projectRoot: string): { readonly [claim: string]: string } {
  const project = basename(projectRoot).replace(/[^A-Za-z0-9._-]+/g, '-') || 'project'
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
 * A token of the embedded Sigstore with the claims of a CI provider's job: whoever holds the folder is whoever he says he
 * is. The folder is made if it is not there. Errors: `local-state-busy`, `local-state-malformed`, `output-failed`.
 */
export async function mintLocalJobToken(state: string, provider: ProviderId, job: ClaimInputs): Promise<string> {
  const { providerClaims } = await import('./claims.ts')
  const local = await startLocalSigstore({ state })
  try {
    return await local.mintToken(providerClaims(provider, job))
  } finally {
    await local.close()
  }
}

/**
 * Signs any payload under a token of the embedded Sigstore and returns the bundle. It is what somebody with another Sigstore
 * client and an identity of his own can always do, so it is what forgeries are made with, in the demonstration and in tests.
 */
export async function signWithLocal(state: string, statement: Uint8Array, token: string): Promise<string> {
  const [{ chooseServices }, { signStatement }] = await Promise.all([
    import('../sigstore/sign/services.ts'),
    import('../sigstore/sign/sign-statement.ts'),
  ])
  const local = await startLocalSigstore({ state })
  try {
    return await signStatement(statement, token, chooseServices(local.signingConfig, new Date()))
  } finally {
    await local.close()
  }
}

/** Starts the embedded Sigstore (loaded only then): real cryptography under keys of its own, on loopback. */
export async function startLocalSigstore(options: LocalSigstoreOptions = {}): Promise<LocalSigstore> {
  const { startLocalSigstore: start } = await import('./index.ts')
  return start(options)
}
