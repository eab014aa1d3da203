/** The flags that say whose signatures count, for every command that asks that. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { TrustSource } from '../../trust.ts'
import { milliseconds } from '../duration.ts'
import { repeated } from '../flags.ts'
import type { Terminal } from '../terminal.ts'
import { sigstoreTrust } from './sigstore-choice.ts'
import type { SigstoreFlags } from './sigstore-choice.ts'

/** The flags as commander gives them. */
export interface TrustFlags extends SigstoreFlags, TufFlags {
  readonly trustedRoot?: string[]
}

/** Those about TUF alone. */
export interface TufFlags {
  readonly tufMirror?: string
  readonly tufRoot?: string
  readonly offline?: true
  readonly refreshTimeout?: string
  readonly staleTrust?: 'allow'
}

type TufSource = Extract<TrustSource, { readonly kind: 'public' | 'tuf' }>

/** Adds the flags of `TrustFlags`. */
export function withTrustOptions(command: Command): Command {
  return withMirrorOptions(
    command
      .option(
        '--trusted-root <FILE>',
        'trusted root, for verification without network, or name:NAME of an imported one; repeatable',
        repeated,
      )
      .option('--sigstore <NAME>', 'public (default), local, or a ClientTrustConfig file')
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
  const { trustedRoot, sigstore, tufMirror, tufRoot } = flags
  const ways = {
    '--trusted-root': trustedRoot !== undefined,
    '--sigstore': sigstore !== undefined,
    '--tuf-mirror': tufMirror !== undefined || tufRoot !== undefined,
  }
  const named = Object.entries(ways).flatMap(([name, given]) => (given ? [name] : []))
  if (named.length > 1) throw new CountersignError('question-conflict', `both ${named.join(' and ')} name the trust`)
  if (trustedRoot !== undefined) return rootsOf(trustedRoot)
  return (await sigstoreTrust(flags, terminal)) ?? tufSource(flags)
}

/** The TUF repository that the flags name; public-good's by default. Errors: `question-incomplete`, `usage`. */
export function tufSource(flags: TufFlags): TufSource {
  const { tufMirror, tufRoot, offline, refreshTimeout, staleTrust } = flags
  if ((tufMirror === undefined) !== (tufRoot === undefined)) {
    throw new CountersignError('question-incomplete', '--tuf-mirror and --tuf-root go together', {
      option: 'root',
      hint: 'a mirror alone proves nothing: its root.json has to come from its owner',
    })
  }
  const options = {
    ...(offline === undefined ? {} : { network: 'none' as const }),
    ...(refreshTimeout === undefined ? {} : { refreshTimeout: milliseconds(refreshTimeout, '--refresh-timeout') }),
    ...(staleTrust === undefined ? {} : { staleTrust }),
  }
  return tufMirror === undefined || tufRoot === undefined
    ? { kind: 'public', ...options }
    : { kind: 'tuf', mirror: tufMirror, root: tufRoot, ...options }
}

function rootsOf(names: readonly string[]): TrustSource {
  const sources = names.map((name): TrustSource =>
    name.startsWith('name:') ? { kind: 'imported', name: name.slice('name:'.length) } : { kind: 'file', path: name },
  )
  const [only] = sources
  return sources.length === 1 && only !== undefined ? only : { kind: 'any', sources }
}
