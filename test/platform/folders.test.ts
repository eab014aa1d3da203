import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFolder } from '../../src/platform/folders.ts'

const variables = { cache: 'XDG_CACHE_HOME', data: 'XDG_DATA_HOME', state: 'XDG_STATE_HOME' } as const
const usual = { cache: '.cache', data: '.local/share', state: '.local/state' } as const

test.each(['cache', 'data', 'state'] as const)(
  'the %s of a person lies where XDG says, if that is absolute',
  (kind) => {
    const variable = variables[kind]
    expect(ownFolder(kind, { HOME: '/home/ann', [variable]: '/elsewhere' }, 'linux')).toBe('/elsewhere/countersign')
    const below = join('/home/ann', usual[kind], 'countersign')
    for (const value of [undefined, '', 'relative', './x']) {
      expect(ownFolder(kind, { HOME: '/home/ann', [variable]: value }, 'linux')).toBe(below)
    }
    expect(ownFolder(kind, {}, 'linux')).toBe(join(homedir(), usual[kind], 'countersign'))
  },
)
