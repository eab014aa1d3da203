/** Whether the key for records is there and can be used, in each way in which it may not be. */
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { signingKeyState } from '../../src/attest/signing-key-state.ts'
import type { SigningKeyState } from '../../src/model/signing-key.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'

const agents: number[] = []
afterAll(() => agents.forEach((it) => process.kill(it)))

function newKey(passphrase = ''): { readonly path: string; readonly text: string } {
  const path = join(scratchFolder(), 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', path])
  return { path, text: readFileSync(`${path}.pub`, 'utf8').trim() }
}

function newAgent(key: string): string {
  const socket = join(execFileSync('mktemp', ['-d', '/tmp/countersign-agent-XXXXXX'], { encoding: 'utf8' }).trim(), 's')
  const said = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' })
  agents.push(Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]))
  execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
  return socket
}

function begun() {
  const scratch = scratchRepository()
  const home = scratchFolder()
  const stateOf = (key: string | undefined, more: Record<string, string> = {}): Promise<SigningKeyState> => {
    if (key !== undefined) scratch.git(['config', 'user.signingkey', key])
    const env = { PATH: process.env['PATH'], HOME: home, ...more }
    return signingKeyState({ cwd: scratch.folder, env })
  }
  return { scratch, home, stateOf }
}

const unusable = (code: string): object => ({ state: 'unusable', code })
const usable = { state: 'usable' }

test('of a key in a file: there, gone, locked, half, and what is none', async () => {
  const { home, stateOf } = begun()
  const open = newKey()
  expect(await stateOf(undefined)).toEqual(unusable('key-unnamed'))
  expect(await stateOf('/nowhere/key')).toEqual(unusable('key-missing'))
  expect(await stateOf(open.path)).toEqual(usable)
  expect(await stateOf(`${open.path}.pub`)).toEqual(usable)
  const locked = newKey('a passphrase')
  expect(await stateOf(locked.path)).toEqual(unusable('key-locked'))
  expect(await stateOf(`${locked.path}.pub`)).toEqual(unusable('key-locked'))
  rmSync(locked.path)
  expect(await stateOf(`${locked.path}.pub`)).toEqual(unusable('agent-missing'))
  writeFileSync(join(home, 'none'), 'no key\n')
  expect(await stateOf('~/none')).toEqual(unusable('key-malformed'))
  expect(await stateOf('%(prefix)/key')).toMatchObject({ state: 'unknown', code: 'key-unread' })
})

test('of a key in an agent', async () => {
  const { stateOf } = begun()
  const [mine, other] = [newKey(), newKey()]
  const SSH_AUTH_SOCK = newAgent(mine.path)
  rmSync(mine.path)
  expect(await stateOf(`${mine.path}.pub`, { SSH_AUTH_SOCK })).toEqual(usable)
  expect(await stateOf(`key::${mine.text}`, { SSH_AUTH_SOCK })).toEqual(usable)
  expect(await stateOf(mine.text, { SSH_AUTH_SOCK })).toEqual(usable)
  expect(await stateOf(`key::${other.text}`, { SSH_AUTH_SOCK })).toEqual(unusable('key-not-in-agent'))
  expect(await stateOf(`key::${mine.text}`)).toEqual(unusable('agent-missing'))
  expect(await stateOf(`key::${mine.text}`, { SSH_AUTH_SOCK: '/nowhere/s' })).toEqual(unusable('key-not-in-agent'))
})

test('of the program that signs: none, another one, and never one of the repository', async () => {
  const { scratch, home, stateOf } = begun()
  const { path } = newKey()
  const bin = scratchFolder()
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh\nexec ${execFileSync('which', ['git'], { encoding: 'utf8' }).trim()} "$@"\n`,
  )
  chmodSync(join(bin, 'git'), 0o755)
  expect(await stateOf(path, { PATH: bin })).toEqual(unusable('program-missing'))
  scratch.git(['config', 'gpg.ssh.program', join(bin, 'git')])
  expect(await stateOf(path)).toEqual(usable)
  const own = (program: string): void =>
    writeFileSync(join(home, '.gitconfig'), `[gpg "ssh"]\n\tprogram = ${program}\n`)
  own('/nowhere/op-ssh-sign')
  expect(await stateOf(path)).toEqual(unusable('program-missing'))
  own(join(bin, 'git'))
  expect(await stateOf(path)).toEqual({ state: 'unknown', code: 'program-other' })
})
