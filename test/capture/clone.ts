/** A clone with hooks, in which commits are made by real git. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { installHooks, removeHooks } from '../../src/hooks.ts'
import type { HooksReport, HooksRequest } from '../../src/hooks.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

export const session = '0b9e6c52-7a3f-4d18-9c0e-5f2a71d3b846'
export const claude = { CLAUDE_CODE_SESSION_ID: session }
export const claudeLine = `AI-Session-ID: claude-code:${session}`

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

type Variables = { readonly [name: string]: string }

export interface Clone {
  readonly root: string
  readonly home: string
  readonly env: Variables
  git(args: readonly string[], env?: Variables): string
  tryGit(args: readonly string[], env?: Variables): Ended
  write(path: string, text: string, mode?: number): void
  /** Writes, stages and commits one file. */
  commit(message: string, path: string, text: string, env?: Variables): void
  message(revision?: string): string
  /** `git interpret-trailers --parse` of a message. */
  trailers(revision?: string): string[]
  install(request?: HooksRequest): Promise<HooksReport>
  remove(): Promise<HooksReport>
  /** An agent's hook, as its settings start it. */
  agent(tool: string, payload: object, cwd?: string): Ended
}

/** One time for all clones: what began in two different seconds would differ. */
const began = `${Math.floor(new Date().getTime() / 1_000)} +0000`

const folders: string[] = []
/** A clone with one commit, as the first of the file began. */
let begun: string | undefined
afterAll(() => {
  folders.splice(0).forEach((it) => rmSync(it, { recursive: true, force: true }))
  begun = undefined
})

export function newClone(at?: string): Clone {
  const folder = at ?? realpathSync(mkdtempSync(join(tmpdir(), 'countersign-capture-')))
  if (at === undefined) folders.push(folder)
  const root = at ?? join(folder, 'clone')
  const home = join(at === undefined ? folder : dirname(at), 'home')
  mkdirSync(home, { recursive: true })
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_EDITOR: 'true', LC_ALL: 'C' },
    ...{ GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Ann' },
    ...{ GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'ann@example.org' },
  }
  const tryGit = (args: readonly string[], more: Variables = {}): Ended => {
    const options = { cwd: root, env: { ...env, ...more }, encoding: 'utf8', timeout: 60_000 } as const
    const { status, stdout, stderr } = spawnSync('git', args, options)
    return { status, stdout, stderr }
  }
  const clone: Clone = {
    ...{ root, home, env, tryGit },
    git(args, more) {
      const { status, stdout, stderr } = tryGit(args, more)
      if (status !== 0) throw new Error(`git ${args.join(' ')} ended with ${String(status)}: ${stderr}`)
      return stdout
    },
    write(path, text, mode) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
      if (mode !== undefined) chmodSync(join(root, path), mode)
    },
    commit(message, path, text, more) {
      clone.write(path, text)
      clone.git(['add', path])
      clone.git(['commit', '-q', '-m', message], more)
    },
    message: (revision = 'HEAD') => clone.git(['log', '-1', '--format=%B', revision]).trimEnd(),
    trailers(revision) {
      const input = clone.message(revision)
      const told = execFileSync('git', ['interpret-trailers', '--parse'], { cwd: root, env, input, encoding: 'utf8' })
      return told.split('\n').filter((it) => it !== '')
    },
    install: (request = {}) => {
      const program = {
        node: process.execPath,
        capture: join(dist, 'capture.js'),
        program: join(dist, '../bin/countersign.js'),
      }
      return installHooks({ agents: ['none'], program, ...request, world: { cwd: root, env } })
    },
    remove: () => removeHooks({ cwd: root, env }),
    agent(tool, payload, cwd = root) {
      const runner = join(root, clone.git(['rev-parse', '--git-common-dir']).trim(), 'countersign/hook')
      const options = { cwd, env, input: JSON.stringify(payload), encoding: 'utf8', timeout: 60_000 } as const
      const { status, stdout, stderr } = spawnSync(runner, ['agent', tool], options)
      return { status, stdout, stderr }
    },
  }
  if (!existsSync(join(root, '.git'))) {
    mkdirSync(root, { recursive: true })
    if (begun === undefined) {
      clone.git(['init', '-q', '-b', 'main'])
      clone.git(['commit', '-q', '--allow-empty', '-m', 'Begin'], { GIT_AUTHOR_DATE: began, GIT_COMMITTER_DATE: began })
      begun = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-capture-')))
      folders.push(begun)
      cpSync(root, begun, { recursive: true })
    } else cpSync(begun, root, { recursive: true })
  }
  return clone
}

/** Every path below a folder, with its mode and bytes; git's objects and what its commands note are left out. */
export function treeOf(folder: string): { readonly [path: string]: string } {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    paths.flatMap((path) => {
      if (/^\.git\/(?:objects|logs|index|COMMIT_EDITMSG|ORIG_HEAD|former$)/.test(path)) return []
      const stats = statSync(join(folder, path))
      const mode = (stats.mode & 0o7777).toString(8)
      return [[path, stats.isDirectory() ? `${mode} folder` : `${mode} ${readFileSync(join(folder, path), 'latin1')}`]]
    }),
  )
}

/** An editor that writes a text in front of what is there. */
export function editorThat(clone: Clone, script: string): Variables {
  const path = join(clone.home, 'editor.sh')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return { GIT_EDITOR: path }
}
