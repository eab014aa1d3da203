/**
 * A repository of our own, for a moment, that borrows the objects of another one. What git computes there is written there, and
 * neither the other's configuration nor attributes can start anything (a merge driver, a filter) or change an answer.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTemporaryFolder, removeTemporaryFolder } from '../../platform/temporary-folder.ts'
import { CountersignError } from '../../errors.ts'
import type { Git } from '../git/process.ts'
import { askGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'

/** Runs `use` with git in the workshop, and removes it. Errors: `git-failed`, and those of `use`. */
export async function inWorkshop<T>(repository: Repository, use: (git: Git) => Promise<T>): Promise<T> {
  const folder = await makeFolder()
  try {
    return await use(await furnished(repository, folder))
  } finally {
    await removeTemporaryFolder(folder)
  }
}

async function makeFolder(): Promise<string> {
  try {
    return await makeTemporaryFolder('workshop')
  } catch {
    throw new CountersignError('git-failed', 'there is no folder for temporary files')
  }
}

/** Errors: `git-failed`, also where the system fails (a full disk). */
async function furnished(repository: Repository, folder: string): Promise<Git> {
  try {
    return await furnish(repository, folder)
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw new CountersignError('git-failed', 'the folder for temporary files cannot be written')
  }
}

async function furnish({ git, objectFormat, shallow }: Repository, folder: string): Promise<Git> {
  const paths = ['rev-parse', '--path-format=absolute', '--git-path', 'objects', '--git-path', 'shallow']
  const [objects = '', shallowFile = '', ...more] = (await askGit(git, paths)).split('\n')
  // The list of borrowed folders has a line for each, and reads a quotation mark or `#` at its start.
  if (more.length > 0 || !/^(?:\/|[A-Za-z]:)/.test(objects)) {
    throw new CountersignError('git-failed', 'the folder of the objects has a name that git cannot borrow from')
  }
  await mkdir(join(folder, 'objects/info'), { recursive: true })
  await mkdir(join(folder, 'refs'))
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(
    join(folder, 'config'),
    objectFormat === 'sha1'
      ? '[core]\n\trepositoryformatversion = 0\n\tbare = true\n'
      : '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n',
  )
  await writeFile(join(folder, 'objects/info/alternates'), `${objects}\n`)
  if (shallow) await copyFile(shallowFile, join(folder, 'shallow'))
  const env = Object.entries(git.env).filter(([name]) => !name.startsWith('GIT_CONFIG'))
  return {
    ...git,
    cwd: folder,
    env: { ...Object.fromEntries(env), GIT_DIR: folder, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  }
}
