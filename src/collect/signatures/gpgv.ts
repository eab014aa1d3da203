/**
 * OpenPGP signatures by gpgv, which decides nothing but whether a key of one keyring signed these bytes: it has no web of
 * trust, starts no agent and fetches nothing. Neither git's configuration nor a home of GnuPG says which program runs or how.
 */
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { absoluteSearchPath, nameOfPath, programOnPath } from '../../platform/search-path.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../../platform/temporary-folder.ts'
import type { Git } from '../git/process.ts'
import { answerOf } from './openpgp.ts'
import type { OpenPgpAnswer } from './openpgp.ts'

export interface Gpgv {
  /** `cannot-look`: there is no gpgv, or no folder for it. */
  verify(signature: Buffer, payload: Buffer): Promise<OpenPgpAnswer | 'cannot-look'>
  close(): Promise<void>
}

/** A few lines of some hundred characters. */
const statusBytes = 64 * 1024

/** `keyring` as {@link keyringBytes} gives it. The program is found where git's own search path says. */
export function newGpgv({ env, platform, signal }: Pick<Git, 'env' | 'platform' | 'signal'>, keyring: Buffer): Gpgv {
  const program = programOnPath('gpgv', env, platform)
  let folder: Promise<string | undefined> | undefined

  async function verify(signature: Buffer, payload: Buffer): Promise<OpenPgpAnswer | 'cannot-look'> {
    folder ??= furnish(keyring)
    const here = await folder
    if (program === undefined || here === undefined) return 'cannot-look'
    await writeFile(join(here, 'signature'), signature)
    const home = join(here, 'home')
    const args = ['--homedir', home, '--keyring', join(here, 'keyring'), '--status-fd', '1', '--']
    const path = { [nameOfPath(env, platform)]: absoluteSearchPath(env, platform) }
    const systemRoot = env['SYSTEMROOT'] ?? env['SystemRoot']
    const child = spawn(program, [...args, join(here, 'signature'), '-'], {
      cwd: here,
      env: { ...path, LC_ALL: 'C', HOME: home, ...(systemRoot === undefined ? {} : { SYSTEMROOT: systemRoot }) },
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' }),
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(payload)
    let status = ''
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      if (status.length <= statusBytes) status += text
    })
    const exitCode = await new Promise<number | undefined>((resolve) => {
      child.once('error', () => resolve(undefined))
      child.once('close', (code) => resolve(code ?? -1))
    })
    if (exitCode === undefined) return 'cannot-look'
    return status.length > statusBytes ? 'wrong' : answerOf(status, exitCode)
  }

  async function close(): Promise<void> {
    const here = await folder
    if (here !== undefined) await removeTemporaryFolder(here)
  }

  return { verify, close }
}

/** A folder of its own with the keyring and an empty home. */
async function furnish(keyring: Buffer): Promise<string | undefined> {
  try {
    const folder = await makeTemporaryFolder('gpgv')
    await mkdir(join(folder, 'home'), { mode: 0o700 })
    await writeFile(join(folder, 'keyring'), keyring)
    return folder
  } catch {
    return undefined
  }
}
