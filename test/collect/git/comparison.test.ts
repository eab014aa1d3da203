/** What git is told of how files compare, as each system. */
import { expect, it } from 'vitest'
import { comparisonArgs } from '../../../src/collect/git/comparison.ts'

const modes = ['core.fileMode=true', 'core.symlinks=true', 'core.autocrlf=false']

it.each([
  ['linux', [...modes, 'core.ignoreCase=false']],
  ['darwin', modes],
  ['win32', []],
] as const)('as %s', (system, settings) => {
  expect(comparisonArgs(system).filter((it) => it !== '-c')).toEqual(['core.attributesFile=/dev/null', ...settings])
})
