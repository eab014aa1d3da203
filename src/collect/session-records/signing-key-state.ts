/**
 * Whether the key by which records are to be signed is there and can be used, without signing anything. Git asks ssh-keygen to sign, which takes
 * the key from an agent, or from the file where it needs no passphrase.
 */
import { isAbsolute } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import type { SigningKeyState } from '../../model/signing-key.ts'
import type { Environment } from '../../platform/environment.ts'
import { isFile } from '../../platform/files.ts'
import { runFed } from '../../platform/program.ts'
import type { Git } from '../git/process.ts'
import { keyFile, namedKey, quietly, signingProgram } from './signing-key.ts'

/** Errors: `git-failed`. */
export async function signingKeyState(git: Git, env: Environment): Promise<SigningKeyState> {
  const key = await namedKey(git)
  if (key === undefined) return { state: 'unusable', code: 'key-unnamed' }
  const program = await signingProgram(git)
  if (program !== defaultProgram) {
    // What a program of somebody else needs is not known here.
    const isGone = isAbsolute(program) && !(await isFile(program))
    return isGone ? { state: 'unusable', code: 'program-missing' } : { state: 'unknown', code: 'program-other' }
  }
  const run = runner({ ...git.env, ...quietly(env) }, git.platform)
  if (key.startsWith('%(') || key.startsWith('~')) {
    if (keyFile(key, git.cwd, env) === undefined) return { state: 'unknown', code: 'key-unread' }
  }
  const file = keyFile(key, git.cwd, env)?.replace(/\.pub$/, '')
  const [isPrivate, isPublic] = file === undefined ? [false, false] : [await isFile(file), await isFile(`${file}.pub`)]
  if (file !== undefined && !isPrivate && !isPublic) return { state: 'unusable', code: 'key-missing' }
  const named =
    file === undefined
      ? await run(program, ['-l', '-f', '-'], key.replace(/^key::/, ''))
      : await run(program, ['-l', '-f', isPublic ? `${file}.pub` : file])
  if (named === 'missing') return { state: 'unusable', code: 'program-missing' }
  const opened = isPrivate && file !== undefined ? await run(program, ['-y', '-P', '', '-f', file]) : undefined
  if (typeof opened === 'object') return { state: 'usable' }
  const [print] = printsIn(named)
  if (print === undefined) return { state: 'unusable', code: 'key-malformed' }
  if (printsIn(await run('ssh-add', ['-l'])).includes(print)) return { state: 'usable' }
  if (isPrivate) return { state: 'unusable', code: 'key-locked' }
  return { state: 'unusable', code: env['SSH_AUTH_SOCK'] === undefined ? 'agent-missing' : 'key-not-in-agent' }
}

const defaultProgram = 'ssh-keygen'
/** An agent answers at once, or somebody has to look at it. */
const patience = 5_000
const mostBytes = 256 * 1024

type Run = (
  program: string,
  args: readonly string[],
  input?: string,
) => Promise<{ readonly said: string } | 'missing' | 'failed'>

function runner(env: Environment, platform: NodeJS.Platform): Run {
  return async (program, args, input) => {
    const missing = new CountersignError('git-failed', 'no such program')
    const failures = { missing: () => missing, failed: (reason: string) => new CountersignError('git-failed', reason) }
    const bytes = input === undefined ? undefined : Buffer.from(`${input}\n`)
    const answer = await attemptAsync(() =>
      runFed(program, args, { env, platform, timeout: patience, maxBytes: mostBytes }, failures, bytes),
    )
    if (answer instanceof CountersignError) return answer === missing ? 'missing' : 'failed'
    return { said: answer.toString('utf8') }
  }
}

function printsIn(answer: Awaited<ReturnType<Run>>): string[] {
  if (typeof answer === 'string') return []
  return answer.said.split('\n').flatMap((line) => /^\d+ (SHA256:[A-Za-z0-9+/]{43}) /.exec(line)?.[1] ?? [])
}
