/** Where programs are looked for: never in the folder that they are started in. */
import { describe, expect, test } from 'vitest'
import { absoluteSearchPath, programOnPath } from '../../src/platform/search-path.ts'

describe('a program is that of the search path', () => {
  test('or the one that the system would take, where nothing is left of the path', () => {
    expect(absoluteSearchPath({ PATH: ':.:bin' }, 'linux')).toBeUndefined()
    expect(absoluteSearchPath({}, 'linux')).toBeUndefined()
    expect(absoluteSearchPath({ PATH: '/a::b:/c' }, 'linux')).toBe('/a:/c')
  })

  const onWindows = (Path: string, ...files: readonly string[]): string | undefined =>
    programOnPath('git', { Path }, 'win32', (it) => files.includes(it))

  test('on Windows is named by its path, so that the working folder is not searched', () => {
    const git = 'C:\\Program Files\\Git\\cmd\\git.exe'
    expect(onWindows('C:\\Windows;"C:\\Program Files\\Git\\cmd";D:\\git', git, 'D:\\git\\git.exe')).toBe(git)
    expect(onWindows('\\\\server\\share', '\\\\server\\share\\git.exe')).toBe('\\\\server\\share\\git.exe')
  })

  test.for(['', '.', 'bin', 'C:bin', '\\bin', '/bin'])('on Windows is not in %j', (entry) => {
    const anything = (): boolean => true
    expect(programOnPath('git', { PATH: entry }, 'win32', anything)).toBeUndefined()
    expect(programOnPath('git', { PATH: `${entry};C:\\git` }, 'win32', anything)).toBe('C:\\git\\git.exe')
  })
})
