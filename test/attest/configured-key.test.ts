/** The key under which people are hashed, where a commit names it: never one that the committer can know. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identityKeyOf } from '../../src/attest/change-statement.ts'
import { attemptAsync, CountersignError } from '../../src/errors.ts'
import { worldOf } from '../../src/platform/world.ts'

const secret = 's'.repeat(32)
let top: string
let root: string
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-key-')))
  root = join(top, 'checkout')
  mkdirSync(join(root, 'folder'), { recursive: true })
  mkdirSync(join(top, 'secrets'))
  for (const path of ['secrets/key', 'secrets/public', 'checkout/key', 'checkout/folder/key', 'checkout-key']) {
    writeFileSync(join(top, path), secret, { mode: 0o600 })
  }
  writeFileSync(join(top, 'secrets/short'), 'short', { mode: 0o600 })
  writeFileSync(join(top, 'secrets/large'), 'x'.repeat(70_000), { mode: 0o600 })
  writeFileSync(join(top, 'flag'), 'f'.repeat(32))
  chmodSync(join(top, 'secrets/public'), 0o644)
  symlinkSync(join(top, 'secrets/key'), join(top, 'link'))
  symlinkSync(join(top, 'secrets'), join(top, 'linked'))
  symlinkSync(root, join(top, 'same'))
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

async function keyOf(
  configured: Parameters<typeof identityKeyOf>[1],
  path?: string,
  env: Record<string, string> = {},
): Promise<string> {
  const key = await attemptAsync(() => identityKeyOf(path, configured, root, worldOf({ cwd: root, env })))
  return key instanceof CountersignError ? key.code : `${key.kind} ${Buffer.from(key.bytes).toString('latin1')}`
}

describe('a key that a configuration names', () => {
  it.each([
    ['secrets/key', `organisation ${secret}`],
    // Beside the repository, with a name that begins like it.
    ['checkout-key', `organisation ${secret}`],
    ['secrets/none', 'path-missing'],
    ['secrets', 'path-directory'],
    ['secrets/short', 'identity-key-unusable'],
    ['secrets/large', 'identity-key-unusable'],
    ['secrets/public', 'identity-key-unusable'],
    ['link', 'identity-key-unusable'],
    ['linked/key', 'identity-key-unusable'],
    ['secrets/../secrets/key', 'identity-key-unusable'],
    ['checkout/key', 'identity-key-unusable'],
    ['checkout/folder/key', 'identity-key-unusable'],
    ['same/key', 'identity-key-unusable'],
  ])('in the file %s: %s', async (file, expected) => {
    // `join` would take the way back out.
    expect(await keyOf({ file: `${top}/${file}` })).toBe(expected)
  })

  it('in a file whose path is not whole is none', async () => {
    expect(await keyOf({ file: '../secrets/key' })).toBe('identity-key-unusable')
  })

  it('is in a variable that is set, and long enough', async () => {
    const variable = 'COUNTERSIGN_KEY'
    expect(await keyOf({ variable }, undefined, { [variable]: secret })).toBe(`organisation ${secret}`)
    expect(await keyOf({ variable })).toBe('identity-key-unusable')
    expect(await keyOf({ variable }, undefined, { [variable]: 'short' })).toBe('identity-key-unusable')
  })

  it('does not count where the caller names one, whatever it is', async () => {
    expect(await keyOf({ file: join(top, 'checkout/key') }, '../flag')).toBe(`organisation ${'f'.repeat(32)}`)
  })
})
