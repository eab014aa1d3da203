/** Links that come with a checkout are refused wherever they lead; those of its owner, around it, are the owner's. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refuseLinksBelow } from '../../src/platform/links.ts'
import { codeOfAsync } from '../world/failure.ts'

let base: string
let root: string
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-links-')))
  root = join(base, 'checkout')
  mkdirSync(join(root, 'dist/deep'), { recursive: true })
  mkdirSync(join(base, 'outside'))
  writeFileSync(join(root, 'dist/file'), '')
  symlinkSync('../../outside', join(root, 'dist/away'))
  symlinkSync('deep', join(root, 'dist/inside'))
  symlinkSync('/nowhere/at/all', join(root, 'dist/dangling'))
  symlinkSync('loop', join(root, 'dist/loop'))
  symlinkSync('checkout', join(base, 'name'))
  symlinkSync('checkout/dist', join(base, 'entry'))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

it.each(['checkout/dist/away', 'checkout/dist/away/x', 'checkout/dist/inside/x', 'checkout/dist/dangling'])(
  '%s',
  (path) => expect(codeOfAsync(() => refuseLinksBelow(root, join(base, path)))).resolves.toBe('symlink-in-checkout'),
)

it.each(['checkout/dist/loop', 'name/dist/away/x', 'entry/away', 'entry/inside/none/at/all'])(
  '%s, by whichever name the checkout goes',
  (path) => expect(codeOfAsync(() => refuseLinksBelow(root, join(base, path)))).resolves.toBe('symlink-in-checkout'),
)

it('a checkout that is named by a link is one too', async () => {
  expect(await codeOfAsync(() => refuseLinksBelow(join(base, 'name'), join(root, 'dist/away')))).toBe(
    'symlink-in-checkout',
  )
})

it.each([
  'checkout',
  'checkout/dist/file',
  'checkout/dist/none',
  'none/at/all',
  'outside/x',
  'name/dist/file',
  'entry/x',
])('not %s', (path) => expect(refuseLinksBelow(root, join(base, path))).resolves.toBeUndefined())
