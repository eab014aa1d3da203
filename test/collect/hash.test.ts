import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { hashFile } from '../../src/collect/hash.ts'

const mebibyte = 1024 * 1024
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-hash-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(content: Uint8Array): string {
  const path = join(folder, 'file')
  writeFileSync(path, content)
  return path
}

test.each([0, 1, 4_096, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 5 * mebibyte + 7])(
  'gives the digests of %i bytes',
  async (size) => {
    const content = randomBytes(size)
    const digest = (algorithm: string): string => createHash(algorithm).update(content).digest('hex')
    const path = file(content)
    expect(await hashFile(path)).toEqual({ digest: { sha256: digest('sha256') }, size })
    expect(await hashFile(path, ['sha512', 'sha384', 'sha512'])).toEqual({
      digest: { sha256: digest('sha256'), sha384: digest('sha384'), sha512: digest('sha512') },
      size,
    })
  },
)

test('agrees with sha256sum', async () => {
  const path = file(randomBytes(3 * mebibyte))
  const { digest } = await hashFile(path)
  expect(execFileSync('sha256sum', [path], { encoding: 'utf8' }).split(' ')[0]).toBe(digest.sha256)
})

test('follows a symbolic link unless told otherwise', async () => {
  const link = join(folder, 'link')
  symlinkSync(file(Buffer.from('x')), link)
  expect((await hashFile(link)).size).toBe(1)
  await expect(hashFile(link, [], 'refuse')).rejects.toMatchObject({ code: 'input-unreadable' })
})

test('refuses what is no regular file, and does not wait for it', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const server = createServer().listen(join(folder, 'socket'))
  onTestFinished(() => void server.close())
  await expect(hashFile(pipe)).rejects.toMatchObject({ code: 'path-not-regular' })
  await expect(hashFile(join(folder, 'socket'))).rejects.toMatchObject({ code: 'path-not-regular' })
  await expect(hashFile('/dev/zero')).rejects.toMatchObject({ code: 'path-not-regular' })
  await expect(hashFile(folder)).rejects.toMatchObject({ code: 'path-directory' })
  await expect(hashFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'path-missing' })
  await expect(hashFile(join(file(Buffer.alloc(1)), 'below'))).rejects.toMatchObject({ code: 'path-missing' })
  await expect(hashFile('a\0b')).rejects.toMatchObject({ code: 'input-unreadable' })
})

test('refuses a file that says one size and has another', async () => {
  await expect(hashFile('/proc/self/status')).rejects.toMatchObject({ code: 'input-unreadable' })
})

// The file is large enough that the change falls between the first look and the last.
test.each<[string, (path: string) => void]>([
  ['grows', (path) => appendFileSync(path, 'x')],
  ['shrinks', (path) => truncateSync(path, mebibyte)],
  ['is written in place', (path) => execFileSync('sh', ['-c', 'printf x | dd of="$0" conv=notrunc status=none', path])],
  ['gets another time', (path) => utimesSync(path, 1, 1)],
])('refuses a file that %s while it is hashed', async (_, change) => {
  const path = file(Buffer.alloc(256 * mebibyte))
  const hashed = hashFile(path)
  hashed.catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 20))
  change(path)
  await expect(hashed).rejects.toMatchObject({ code: 'input-unreadable' })
})

test('comes to an end with a file that has none any more', async () => {
  const path = file(Buffer.alloc(64 * mebibyte))
  const hashed = hashFile(path)
  hashed.catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 5))
  truncateSync(path, 2 ** 40) // sparse: hours of reading
  await expect(hashed).rejects.toMatchObject({ code: 'input-unreadable' })
})
