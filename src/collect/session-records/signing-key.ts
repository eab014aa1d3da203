/**
 * The key by which a person signs records, with git's own SSH signatures. It is asked for by name; which program signs, only the person's
 * own configuration says, never that of the repository. Nothing waits for a passphrase: whoever pushes would wait for ever.
 */
import { join, resolve } from 'node:path'
import { CountersignError, attemptAsync, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Environment } from '../../platform/environment.ts'
import { isThere, readRegularFile } from '../../platform/files.ts'
import { runFed } from '../../platform/program.ts'
import { gitFailure, runGit } from '../git/process.ts'
import type { Ending, Git } from '../git/process.ts'

/** How git is told of it. */
export interface SigningKey {
  readonly settings: readonly string[]
  readonly env: Environment
}

/**
 * `named`: a path, or `key::` and the key itself; default: `countersign.signingKey`, for `user.signingkey` names an OpenPGP key wherever
 * commits are signed with one; then that. Errors: `record-key-missing`, `git-failed`.
 */
export async function signingKey(git: Git, named: string | undefined, env: Environment): Promise<SigningKey> {
  const own = named ?? (await ownKey(git))
  const key = own ?? (await commitKey(git))
  if (key === undefined) {
    throw new CountersignError('record-key-missing', 'no key is named by which the record could be signed', {
      option: 'signingKey',
    })
  }
  const file = keyFile(key, git.cwd, env)
  // ssh-keygen takes either half: with the public one alone an agent has the other.
  if (file !== undefined && !(await isThere(file)) && !(await isThere(`${file}.pub`))) {
    const which = own === undefined ? 'user.signingkey of git names, for OpenPGP it may be,' : 'signs records'
    throw new CountersignError('record-key-missing', `the key that ${which} is in no file`, { option: 'signingKey' })
  }
  const program = await signingProgram(git)
  return {
    settings: [
      'gpg.format=ssh',
      `user.signingkey=${key}`,
      `gpg.ssh.program=${program}`,
      'gpg.ssh.defaultKeyCommand=',
    ].flatMap((it) => ['-c', it]),
    env: quietly(env),
  }
}

/** The key that `signingKey` takes where nobody names one; undefined where there is none. */
export async function namedKey(git: Git): Promise<string | undefined> {
  return (await ownKey(git)) ?? (await commitKey(git))
}

function ownKey(git: Git): Promise<string | undefined> {
  return saidKey(git, 'countersign.signingKey')
}

function commitKey(git: Git): Promise<string | undefined> {
  return saidKey(git, 'user.signingkey')
}

async function saidKey(git: Git, name: string): Promise<string | undefined> {
  const key = await setting(git, ['--get', name])
  return key === '' ? undefined : key
}

/**
 * The public half of the key that {@link signingKey} would name, on one line without its comment; undefined where nobody can read it without a
 * passphrase. Throws nothing that is ours.
 */
export async function publicKey(git: Git, named: string | undefined, env: Environment): Promise<string | undefined> {
  const key = named ?? (await namedKey(git))
  if (key === undefined) return undefined
  const file = keyFile(key, git.cwd, env)?.replace(/\.pub$/, '')
  const text = file === undefined ? key.replace(/^key::/, '') : await publicText(file, git, env)
  const [, type, body] =
    /^(ssh-[a-z0-9-]+|ecdsa-[a-z0-9-]+|sk-[a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)(?:\s|$)/.exec(text) ?? []
  return type === undefined || body === undefined ? undefined : `${type} ${body}`
}

async function publicText(file: string, git: Git, env: Environment): Promise<string> {
  const read = await attemptAsync(() => readRegularFile(`${file}.pub`, limits.keyBytes, 'the key'))
  if (!(read instanceof CountersignError)) return read.toString('utf8')
  const failed = (): CountersignError => new CountersignError('record-key-missing', 'the key cannot be read')
  const options = {
    ...{ env: { ...git.env, ...quietly(env) }, platform: git.platform },
    ...{ timeout: 5_000, maxBytes: limits.keyBytes },
  }
  const made = await attemptAsync(() =>
    runFed('ssh-keygen', ['-y', '-P', '', '-f', file], options, { missing: failed, failed }),
  )
  return made instanceof CountersignError ? '' : made.toString('utf8')
}

/** As the person's own configuration says. */
export async function signingProgram(git: Git): Promise<string> {
  return (await setting(git, ['--global', '--get', 'gpg.ssh.program'])) ?? 'ssh-keygen'
}

/** A program that answers nothing: a key with a passphrase then needs an agent, and nobody is asked on a terminal. */
export function quietly(env: Environment): Environment {
  const agent = env['SSH_AUTH_SOCK']
  return {
    ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }),
    SSH_ASKPASS: 'false',
    SSH_ASKPASS_REQUIRE: 'force',
  }
}

/** The file that git would take; undefined for a key that stands there itself, and for what git alone can expand. */
export function keyFile(key: string, cwd: string, env: Environment): string | undefined {
  if (key.startsWith('key::') || key.startsWith('ssh-') || key.startsWith('%(')) return undefined
  if (!key.startsWith('~')) return resolve(cwd, key)
  const home = env['HOME']
  return key.startsWith('~/') && home !== undefined ? join(home, key.slice(2)) : undefined
}

/** What `hooks install` wrote into the configuration of this clone. */
export function localSetting(git: Git, name: string): Promise<string | undefined> {
  return setting(git, ['--local', '--get', name])
}

/** Whose SSH signatures count for this person, as they told git (`gpg.ssh.allowedSignersFile`): a path; undefined where they did not. */
export function ownAllowedSigners(git: Git): Promise<string | undefined> {
  return setting(git, ['--type=path', '--get', 'gpg.ssh.allowedSignersFile'])
}

async function setting(git: Git, args: readonly string[]): Promise<string | undefined> {
  const answer = await runGit(git, ['config', '--null', ...args])
  return answer.status === 0 ? answer.stdout.toString('utf8').replace(/\0$/, '') : undefined
}

export function signingFailure(args: readonly string[], ending: Ending): CountersignError {
  const { message } = gitFailure(args, ending)
  return new CountersignError('record-sign-failed', `the record could not be signed: ${message}`, {
    hint: `name a key that exists (${option('signingKey')}), and load one that has a passphrase into an agent (ssh-add)`,
  })
}
