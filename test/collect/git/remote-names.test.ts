/** Remotes that a configuration names, beside origin: a commit can name them, so nothing that the job was given goes to them. */
import { expect, test } from 'vitest'
import { addressesOf } from '../../../src/collect/git/remote-names.ts'
import { noPlace } from '../../../src/collect/git/remote-place.ts'
import { openRemote } from '../../../src/collect/git/remote.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

test('have the addresses of the clone, without credentials, and none where it does not know them', async () => {
  const scratch = scratchRepository()
  scratch.git(['remote', 'add', 'backup', 'https://user:PLANTED@git.acme.example/backup.git'])
  scratch.git(['remote', 'add', 'plain', 'http://git.acme.example/plain.git'])
  const addresses = await addressesOf(await scratch.open(), [
    { kind: 'name', name: 'backup' },
    { kind: 'name', name: 'plain' },
    { kind: 'name', name: 'nowhere' },
    { kind: 'address', url: 'https://git.acme.example/other' },
  ])
  expect(addresses).toEqual([
    { name: 'backup', url: 'https://git.acme.example/backup' },
    { name: 'plain', url: undefined },
    { name: 'nowhere', url: undefined },
    { name: 'https://git.acme.example/other', url: 'https://git.acme.example/other' },
  ])
})

test('have nothing only where all of them say so', async () => {
  const repository = await scratchRepository().open()
  const silent = noPlace('backup')
  const empty = { name: 'origin', ask: () => Promise.resolve(bytesOf('0000')) }
  for (const [places, whole] of [
    [[empty], true],
    [[empty, empty], true],
    [[silent, empty], false],
    [[empty, silent], false],
  ] as const) {
    const remote = openRemote(repository, { places, known: [] })
    expect(await remote.look(['refs/notes/ai'])).toEqual({ refs: [], whole, failure: undefined })
  }
})

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield Buffer.from(text)
}
