import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askedSigners } from '../../src/attest/signer-keys.ts'
import { option } from '../../src/errors.ts'
import { worldOf } from '../../src/platform/world.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import { codeOfAsync } from '../world/failure.ts'
import { scratchFolder } from '../world/scratch-repository.ts'

test('the keys of people are read from the folder of the caller, and refused before anything is done', async () => {
  const cwd = scratchFolder()
  const world = worldOf({ cwd })
  const line = `ann@example.org ${ed25519Key().text}\n`
  writeFileSync(join(cwd, 'people'), line)
  writeFileSync(join(cwd, 'slip'), 'ann@example.org\n')
  expect(await askedSigners({}, world)).toEqual({ keys: {}, identities: [] })
  expect(await askedSigners({ allowedSigners: 'people' }, world)).toMatchObject({ keys: { allowedSigners: line } })
  expect(await codeOfAsync(() => askedSigners({ allowedSigners: 'slip' }, world))).toBe('allowed-signers-malformed')
  // Of two files in one form it must be said which one is meant.
  for (const name of ['allowedSigners', 'forgeSigners'] as const) {
    const slip = askedSigners({ [name]: 'slip' }, world)
    await expect(slip).rejects.toMatchObject({ option: name, message: expect.stringContaining(option(name)) as string })
  }
  expect(await codeOfAsync(() => askedSigners({ allowedSigners: 'none' }, world))).toBe('path-missing')
  expect(await codeOfAsync(() => askedSigners({ keyring: 'people' }, world))).toBe('keyring-malformed')
  const named = ['https://accounts.google.com=ann@example.org']
  expect((await askedSigners({ allowedIdentities: named }, world)).identities).toHaveLength(1)
  expect(await codeOfAsync(() => askedSigners({ allowedIdentities: ['ann@example.org'] }, world))).toBe(
    'allowed-identity-malformed',
  )
})
