/** Real repositories for tests: made by git in a temporary folder, gone when the test is over. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openRepository } from '../../src/collect/git/repository.ts'
import type { Repository } from '../../src/collect/git/repository.ts'
import { ownGitFolder, writeObject } from './loose-objects.ts'
import { commitWorkTree } from './work-tree-commit.ts'

export interface Scratch {
  readonly folder: string
  /** Runs git, `input` on its stdin; returns what it prints, without the last line end. */
  git(args: readonly string[], input?: string | Buffer): string
  /** The same of several gits in one script, so that this process, which is large and slow to fork, starts but one. */
  sh(script: string, ...args: readonly string[]): string
  write(path: string, contents: string | Buffer): void
  /** Writes the files, stages everything and commits it; returns the commit id. */
  commit(message: string | Buffer, files?: { readonly [path: string]: string | Buffer }): string
  /** A blob, or a commit as its very bytes; its id. */
  object(type: 'blob' | 'commit', contents: string | Buffer): string
  /** A note as it is given; default: in refs/notes/ai, where git-ai has its. */
  note(commit: string, contents: string | Buffer, ref?: string): void
  open(): Promise<Repository>
}

const identity = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
}
const person = 'Ann <ann@example.org>'

/**
 * For the environment of git: that it starts no process after a commit, to look for what it might tidy up, and none that makes
 * loose objects of what was imported.
 */
export const untidied = {
  GIT_CONFIG_COUNT: '2',
  ...{ GIT_CONFIG_KEY_0: 'maintenance.auto', GIT_CONFIG_VALUE_0: 'false' },
  ...{ GIT_CONFIG_KEY_1: 'fastimport.unpackLimit', GIT_CONFIG_VALUE_1: '1' },
}

const commitAll = 'git add --all && exec git commit --quiet --allow-empty --cleanup=verbatim --file=-'

/** What `git init` makes, made once for the process. */
let empty: string | undefined
function emptyRepository(): string {
  if (empty !== undefined) return empty
  const folder = mkdtempSync(join(tmpdir(), 'countersign-git-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  scratchIn(folder).git(init)
  return (empty = folder)
}
const init = ['init', '--quiet', '--initial-branch=main', '--template=']

/** An empty folder of its own. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-git-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function scratchRepository(...initArgs: string[]): Scratch {
  const scratch = scratchIn(scratchFolder())
  if (initArgs.length > 0) scratch.git([...init, ...initArgs])
  else cpSync(emptyRepository(), scratch.folder, { recursive: true })
  return scratch
}

/** A clone; the path becomes a URL, so that git makes it as it does over a network. */
export function scratchClone(origin: Scratch, ...cloneArgs: string[]): Scratch {
  const folder = scratchFolder()
  origin.git(['-c', 'protocol.file.allow=always', 'clone', '--quiet', ...cloneArgs, `file://${origin.folder}`, folder])
  return scratchIn(folder)
}

export function scratchIn(folder: string): Scratch {
  let clock = 1_700_000_000
  const git = (args: readonly string[], input: string | Buffer = ''): string => {
    const asked = args.join(' ')
    const own = asked === 'hash-object -w --stdin' ? ownGitFolder(folder) : undefined
    if (own !== undefined) return writeObject(own, 'blob', input)
    return (asked === 'rev-parse HEAD' ? tip() : undefined) ?? run('git', args, input)
  }
  const run = (program: string, args: readonly string[], input: string | Buffer): string => {
    const date = `${clock} +0000`
    const env = { ...process.env, ...untidied, ...identity, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    const stdout = execFileSync(program, args, { cwd: folder, env, input, stdio: ['pipe', 'pipe', 'pipe'] })
    return stdout.toString('utf8').replace(/\n$/, '')
  }
  /** What HEAD names, as git wrote it a moment ago; undefined in a work tree, or another form of refs, where git says it. */
  const tip = (): string | undefined => {
    try {
      const [, ref] = /^ref: (.*)\n$/.exec(readFileSync(join(folder, '.git/HEAD'), 'utf8')) ?? []
      const id = ref === undefined ? '' : readFileSync(join(folder, '.git', ref), 'utf8').trim()
      return /^[0-9a-f]{40,64}$/.test(id) ? id : undefined
    } catch {
      return undefined
    }
  }
  const write = (path: string, contents: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), contents)
  }
  const object: Scratch['object'] = (type, contents) => {
    const own = ownGitFolder(folder)
    if (own !== undefined) return writeObject(own, type, contents)
    return git(['hash-object', '-w', '-t', type, '--literally', '--stdin'], contents)
  }
  return {
    folder,
    git,
    object,
    sh: (script, ...args) => run('sh', ['-c', script, 'sh', ...args], ''),
    write,
    commit(message, files = {}) {
      clock += 60
      for (const [path, contents] of Object.entries(files)) write(path, contents)
      const own = commitWorkTree(folder, message, `${person} ${clock} +0000`)
      if (own !== undefined) return own
      run('sh', ['-c', commitAll], message)
      return git(['rev-parse', 'HEAD'])
    },
    note(commit, contents, ref = 'refs/notes/ai') {
      git(['notes', `--ref=${ref}`, 'add', '--force', '--allow-empty', '-C', object('blob', contents), commit])
    },
    open: () => openRepository(folder),
  }
}
