import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readReceiptFiles } from '../../../src/collect/receipts/receipt-files.ts'
import { attemptAsync, CountersignError } from '../../../src/errors.ts'
import { limits } from '../../../src/model/limits.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-receipts-'))
  mkdirSync(join(folder, 'some/below'), { recursive: true })
  const files = {
    ...{ 'some/b.txt': 'b1\r\n\n\r\nb2', 'some/a.jws': 'a\n', 'some/.hidden': 'no\n', 'some/below/c': 'no\n' },
    ...{ secret: 'a line of a secret\n', many: '\nx'.repeat(limits.receipts), more: 'x\n'.repeat(limits.receipts + 1) },
    large: '',
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  truncateSync(join(folder, 'large'), limits.receiptFileBytes + 1)
  symlinkSync(join(folder, 'secret'), join(folder, 'some/link'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(...paths: readonly string[]): Promise<unknown> {
  const lines = await attemptAsync(() => readReceiptFiles(paths.map((it) => join(folder, it))))
  if (lines instanceof CountersignError) return lines.code
  return lines.length > 9 ? lines.length : lines.map((it) => Buffer.from(it).toString())
}

it('receipts are the lines of files, and of those in a folder that are its own', async () => {
  expect(await read('some/b.txt')).toEqual(['b1', 'b2'])
  expect(await read('some', 'some/a.jws')).toEqual(['a', 'b1', 'b2', 'a'])
})

it('there are no more of them than are read', async () => {
  expect(await read('many')).toBe(limits.receipts)
  expect(await read('more')).toBe('input-too-large')
  expect(await read('many', 'some')).toBe('input-too-large')
  expect(await read('large')).toBe('input-too-large')
  expect(await read('none')).toBe('path-missing')
})
