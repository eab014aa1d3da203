/** Folders are made with those above them, and what cannot be one is an error at once. */
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolders } from '../../src/platform/folders.ts'

const root = mkdtempSync(join(tmpdir(), 'countersign-folders-'))
afterAll(() => rmSync(root, { recursive: true }))

test('with all that is missing above, for their owner alone, and again', () => {
  const path = join(root, 'a', 'b', 'c')
  makeFolders(path)
  makeFolders(path)
  expect(statSync(path).isDirectory()).toBe(true)
  expect(statSync(join(root, 'a')).mode & 0o77).toBe(0)
})

test('where a file, or a link to nowhere, is in the way', () => {
  writeFileSync(join(root, 'file'), '')
  symlinkSync(join(root, 'nowhere'), join(root, 'link'))
  expect(() => makeFolders(join(root, 'file'))).toThrow(/EEXIST/)
  expect(() => makeFolders(join(root, 'file', 'below'))).toThrow(/ENOTDIR/)
  expect(() => makeFolders(join(root, 'link'))).toThrow(/EEXIST/)
})

test.runIf(process.platform === 'linux')('where the system lets nobody make one, nothing is waited for', () => {
  expect(() => makeFolders('/proc/countersign/below')).toThrow(/ENOENT/)
})
