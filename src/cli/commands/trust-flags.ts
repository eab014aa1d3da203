/** The flags that say whose signatures count, for every command that asks that. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { TrustSource } from '../../trust.ts'
import { milliseconds } from '../duration.ts'
import { repeated } from '../flags.ts'
import type { Terminal } from '../terminal.ts'
import { rootNamed } from './root-named.ts'
import { checkState, gitHubName, sigstoreTrust } from './sigstore-choice.ts'
import type { SigstoreFlags } from './sigstore-choice.ts'

/** The flags as commander gives them. */
export interface TrustFlags extends Omit<SigstoreFlags & TufFlags, 'sigstore'> {
  readonly sigstore?: string[]
  readonly trustedRoot?: string[]
}

/** Those about TUF alone. */
export interface TufFlags {
  readonly sigstore?: string
  readonly tufMirror?: string
  readonly tufRoot?: string
  readonly offline?: true
  readonly refreshTimeout?: string
  readonly staleTrust?: 'allow'
}

type TufSource = Extract<TrustSource, { readonly kind: 'public' | 'github' | 'tuf' }>

/** Adds the flags of `TrustFlags`. */
export function withTrustOptions(command: Command): Command {
  return withMirrorOptions(
    command
      .option(
        '--trusted-root <FILE>',
        'trusted root, for verification without network, or name:NAME of an imported one; repeatable',
        repeated,
      )
      .option(
        '--sigstore <NAME>',
        'public (default), github (private repositories), TENANT.ghe.com, local, or a ClientTrustConfig file; repeatable',
        repeated,
      )
      .option('--local-state <DIR>', 'with --sigstore local: its folder'),
  )
    .option('--offline', 'do not try to refresh trust: take the cache, or the built-in seed')
    .addOption(
      new Option('--stale-trust <answer>', 'accept trust that was not refreshed for too long').choices(['allow']),
    )
}

/** Adds those that name a TUF repository, and how long it may take. */
export function withMirrorOptions(command: Command): Command {
  return command
    .option('--tuf-mirror <URL>', 'private TUF repository that distributes the trusted root')
    .option('--tuf-root <FILE>', 'with --tuf-mirror: its root.json, trusted as it is')
    .option('--refresh-timeout <TIME>', 'time for a refresh of trust through TUF, as 5s or 0.5s')
}

/** Flags → where trust comes from. Errors: `usage`, `question-conflict`, `question-incomplete`, those of an imported root. */
export async function trustSource(flags: TrustFlags, terminal: Terminal): Promise<TrustSource> {
  const { trustedRoot, sigstore, localState, tufMirror, tufRoot } = flags
  checkState(sigstore ?? [], localState)
  timeOf(flags)
  const ways = {
    '--trusted-root': trustedRoot !== undefined,
    '--sigstore': sigstore !== undefined,
    '--tuf-mirror': tufMirror !== undefined || tufRoot !== undefined,
  }
  const named = Object.entries(ways).flatMap(([name, given]) => (given ? [name] : []))
  if (named.length > 1) {
    throw new CountersignError('question-conflict', `both ${named.join(' and ')} name the trust`, {
      hint: 'take one: each names all that is trusted; a trusted root that was exported needs no name of its Sigstore',
    })
  }
  if (trustedRoot !== undefined) return anyOf(trustedRoot.map(rootNamed))
  const { sigstore: _, ...rest } = flags
  if (sigstore === undefined) return tufSource(rest)
  return anyOf(
    await Promise.all(
      sigstore.map(async (name) => {
        const one = { ...rest, sigstore: name }
        return (await sigstoreTrust(one, terminal)) ?? tufSource(one)
      }),
    ),
  )
}

/** What `trust update` may be asked for. Errors: `usage`, `question-conflict`, those of `tufSource`. */
export function updatedSource(flags: TufFlags): TufSource {
  const { sigstore, tufMirror } = flags
  if (sigstore !== undefined && tufMirror !== undefined) {
    throw new CountersignError('question-conflict', 'both --sigstore and --tuf-mirror name the trust')
  }
  if (sigstore === undefined || sigstore === 'public' || gitHubName(sigstore) !== undefined) return tufSource(flags)
  throw new CountersignError('usage', 'only trust that comes through TUF can be updated', { option: 'sigstore' })
}

/** The TUF repository that the flags name; public-good's by default. Errors: `question-incomplete`, `question-conflict`, `usage`. */
export function tufSource(flags: TufFlags): TufSource {
  const { sigstore, tufMirror, tufRoot, offline, staleTrust } = flags
  if ((tufMirror === undefined) !== (tufRoot === undefined)) {
    throw new CountersignError('question-incomplete', '--tuf-mirror and --tuf-root go together', {
      option: 'root',
      hint: 'a mirror alone proves nothing: its root.json has to come from its owner',
    })
  }
  const time = timeOf(flags)
  const options = {
    ...(offline === undefined ? {} : { network: 'none' as const }),
    ...(time === undefined ? {} : { refreshTimeout: time }),
    ...(staleTrust === undefined ? {} : { staleTrust }),
  }
  if (tufMirror !== undefined && tufRoot !== undefined) {
    return { kind: 'tuf', mirror: tufMirror, root: tufRoot, ...options }
  }
  const own = gitHubName(sigstore)
  return own === undefined ? { kind: 'public', ...options } : { kind: 'github', ...own, ...options }
}

/** Read whatever the trust is: a slip is a slip, also where nothing is refreshed. Error: `usage`. */
function timeOf({ refreshTimeout }: Pick<TufFlags, 'refreshTimeout'>): number | undefined {
  return refreshTimeout === undefined ? undefined : milliseconds(refreshTimeout, '--refresh-timeout')
}

function anyOf(sources: readonly TrustSource[]): TrustSource {
  const [only] = sources
  return sources.length === 1 && only !== undefined ? only : { kind: 'any', sources }
}
