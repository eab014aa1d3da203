/** Remotes that a configuration names, beside origin. */
import { expect, test } from 'vitest'
import { addressesOf } from '../../../src/collect/git/named-remote.ts'
import { anyRemoteRef } from '../../../src/collect/git/remote-refs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

test('have the addresses of the clone, without credentials, and none where it does not know them', async () => {
  const scratch = scratchRepository()
  scratch.git(['remote', 'add', 'backup', 'https://user:PLANTED@git.acme.example/backup.git'])
  const addresses = await addressesOf(await scratch.open(), [
    { kind: 'name', name: 'backup' },
    { kind: 'name', name: 'nowhere' },
    { kind: 'address', url: 'https://git.acme.example/other' },
  ])
  expect(addresses).toEqual([
    expect.stringMatching(/^https:\/\/git\.acme\.example\/backup/),
    'https://git.acme.example/other',
  ])
})

test.each([
  [[false, true, undefined], true],
  [[false, false], false],
  // What one of them does not say is unknown of all.
  [[false, undefined], undefined],
  [[undefined], undefined],
])('that answer %j say together %j', async (answers, expected) => {
  const ask = anyRemoteRef(answers.map((it) => () => Promise.resolve(it)))
  expect(await ask('refs/notes/ai')).toBe(expected)
})
