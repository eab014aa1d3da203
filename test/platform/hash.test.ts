import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { hashFile, hashOpenFile } from '../../src/platform/hash.ts'
import type { HashableFile } from '../../src/platform/hash.ts'

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

/** Of the largest file here, with what is read ahead. */
const mostReads = 8

/** A file whose reads and looks are counted: `change` runs right after the read with this number. */
function steppedFile(size: number, changeAfter: number, change: (file: Stepped) => void): Stepped {
  let position = 0
  const file: Stepped = {
    size: BigInt(size),
    mtimeNs: 1n,
    reads: 0,
    stat: () => Promise.resolve({ size: file.size, mtimeNs: file.mtimeNs }),
    read(buffer, offset, length) {
      const bytesRead = Math.max(0, Math.min(length, Number(file.size) - position))
      buffer.fill(0x61, offset, offset + bytesRead)
      position += bytesRead
      file.reads += 1
      if (file.reads > mostReads) throw new Error('it is read on and on')
      if (file.reads === changeAfter) change(file)
      return Promise.resolve({ bytesRead })
    },
  }
  return file
}

interface Stepped extends HashableFile {
  size: bigint
  mtimeNs: bigint
  reads: number
}

const sizes = [10, mebibyte, 3 * mebibyte]

test.each(sizes)('hashes a file of %i bytes that stays as it is', async (size) => {
  const file = steppedFile(size, 0, () => undefined)
  const { digest } = await hashOpenFile(file, 'it')
  expect(digest.sha256).toBe(createHash('sha256').update(Buffer.alloc(size, 0x61)).digest('hex'))
})

describe.each(sizes)('refuses a file of %i bytes that, after a read,', (size) => {
  test.each<[string, (file: Stepped) => void]>([
    ['grows', (file) => (file.size += 1n)],
    ['shrinks', (file) => (file.size -= 1n)],
    ['is written in place', (file) => (file.mtimeNs += 1n)],
    ['has no end any more', (file) => (file.size = 2n ** 50n)],
  ])('%s', async (_, change) => {
    for (let read = 1; read <= Math.ceil(size / mebibyte); read += 1) {
      const file = steppedFile(size, read, change)
      await expect(hashOpenFile(file, 'it')).rejects.toMatchObject({ code: 'input-unreadable' })
      expect(file.reads).toBeLessThan(mostReads)
    }
  })
})

test('refuses a file that cannot be read to its end, without its path', async () => {
  const file = steppedFile(10, 1, () => {
    throw Object.assign(new Error('EIO: /secret/path'), { code: 'EIO' })
  })
  await expect(hashOpenFile(file, 'it')).rejects.toMatchObject({
    code: 'input-unreadable',
    message: 'it cannot be read (EIO)',
  })
})
