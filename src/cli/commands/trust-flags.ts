/** The flags that say whose signatures count, for every command that asks that. */
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError, importedTrust, oneLine } from '../../index.ts'
import type { TrustSource } from '../../index.ts'
import type { World } from '../world.ts'
import { sigstoreChoice, trustOf } from './sigstore-choice.ts'
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
      new Option('--stale-trust <answer>', 'decide by trust that was not refreshed for too long').choices(['allow']),
    )
}

/** Adds those that name a TUF repository, and how long it may take. */
export function withMirrorOptions(command: Command): Command {
  return command
    .option('--tuf-mirror <URL>', 'private TUF repository that distributes the trusted root')
    .option('--tuf-root <FILE>', 'with --tuf-mirror: its root.json, trusted as it is')
    .option('--refresh-timeout <SECONDS>', 'patience for a refresh of trust through TUF')
}

function repeated(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** Flags → where trust comes from. Errors: `usage`, `question-conflict`, `question-incomplete`, those of an imported root. */
export async function trustSource(flags: TrustFlags, world: World): Promise<TrustSource> {
  const choice = sigstoreChoice(flags)
  const { trustedRoot, tufMirror, tufRoot } = flags
  const ways = {
    '--trusted-root': trustedRoot !== undefined,
    '--sigstore': choice !== undefined,
    '--tuf-mirror': tufMirror !== undefined || tufRoot !== undefined,
  }
  const named = Object.entries(ways).flatMap(([name, given]) => (given ? [name] : []))
  if (named.length > 1) throw new CountersignError('question-conflict', `both ${named.join(' and ')} name the trust`)
  if (trustedRoot !== undefined) return rootsOf(trustedRoot, world)
  if (choice !== undefined && choice.kind !== 'public') return trustOf(choice, world)
  return tufSource(flags, world)
}

/** The TUF repository that the flags name; public-good's by default. Errors: `question-incomplete`, `usage`. */
export function tufSource(flags: TufFlags, world: World): TufSource {
  const { tufMirror, tufRoot, staleTrust } = flags
  if ((tufMirror === undefined) !== (tufRoot === undefined)) {
    throw new CountersignError('question-incomplete', '--tuf-mirror and --tuf-root go together', {
      hint: 'a mirror alone proves nothing: its root.json has to come from its owner',
    })
  }
  const settings = {
    env: world.env,
    fetch: world.fetch,
    now: world.now,
    warn: (message: string) => world.stderr.write(`countersign: warning: ${oneLine(message)}\n`),
    ...(flags.offline === undefined ? {} : { network: 'none' as const }),
    ...(flags.refreshTimeout === undefined ? {} : { refreshTimeout: millisecondsOf(flags.refreshTimeout) }),
    ...(staleTrust === undefined ? {} : { staleTrust }),
  }
  return tufMirror === undefined || tufRoot === undefined
    ? { kind: 'public', ...settings }
    : { kind: 'tuf', mirror: tufMirror, root: resolve(world.cwd, tufRoot), ...settings }
}

async function rootsOf(names: readonly string[], { cwd, env }: World): Promise<TrustSource> {
  const sources: TrustSource[] = []
  for (const name of names) {
    sources.push(
      name.startsWith('name:')
        ? await importedTrust(name.slice('name:'.length), env)
        : { kind: 'file', path: resolve(cwd, name) },
    )
  }
  const [only] = sources
  return sources.length === 1 && only !== undefined ? only : { kind: 'any', sources }
}

function millisecondsOf(text: string): number {
  const seconds = Number(text)
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text) || seconds <= 0) {
    throw new CountersignError('usage', '--refresh-timeout takes a number of seconds')
  }
  return seconds * 1_000
}
