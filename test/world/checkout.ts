/**
 * A git checkout that is released: commits with AI sessions in trailers and in a git-ai note, one without, an artifact in an
 * ignored folder, and an embedded Sigstore in a state folder of its own.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { localStateFolder, mintLocalJobToken } from '../../src/embedded/project.ts'
import type { Job } from './release.ts'
import { untidied } from './scratch-repository.ts'

/** A folder that a job attests in. */
export interface Workplace {
  readonly folder: string
  readonly state: string
  /** HEAD. */
  readonly commit: string
  write(path: string, text: string): void
  /** Everything in a folder of it, sorted. */
  list(path: string): string[]
  /** A token for HEAD on the tag v1.1.0; `job` says what else. */
  token(job?: Job): Promise<string>
  /** Environment of a CI job that was given this token; without one, of a workstation. */
  env(token?: string): { readonly [name: string]: string | undefined }
}

export interface Checkout extends Workplace {
  /** Commits with the session in trailers, with the note, and without anything. */
  readonly trailed: string
  readonly noted: string
  readonly released: string
  git(...args: readonly string[]): string
}

export const cursorSession = '0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11'

/** A checkout of its own for each call, copied from one that is made once for the file; `prepare` adds to that. */
export const useCheckouts = (prepare?: (template: Checkout) => void): (() => Checkout) =>
  useCopies((folder) => {
    const template = makeRepository(folder)
    prepare?.(template)
    return template
  })

/**
 * The same without a repository, for what does not come of one: where there is no history to look at, an attestation starts no
 * git, and else some thirty.
 */
export const useWorkplaces = (): (() => Workplace) =>
  useCopies((folder) => {
    mkdirSync(folder)
    buildIn(folder)
    return checkoutIn(folder, { trailed: '', noted: '', released: 'a'.repeat(40) })
  })

function useCopies(make: (folder: string) => Checkout): () => Checkout {
  const folders: string[] = []
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
    folders.push(folder)
    return folder
  }
  let template: Checkout | undefined
  beforeAll(async () => {
    template = make(join(newFolder(), 'widget'))
    await template.token() // makes the state folder
  })
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  return () => {
    if (template === undefined) throw new Error('the checkout is made by beforeAll')
    const copy = checkoutIn(join(newFolder(), 'widget'), template, template.commit)
    cpSync(template.folder, copy.folder, { recursive: true })
    cpSync(template.state, copy.state, { recursive: true })
    return copy
  }
}

type Commits = Pick<Checkout, 'trailed' | 'noted' | 'released'>

function checkoutIn(folder: string, { trailed, noted, released }: Commits, at = released): Checkout {
  const home = {
    PATH: process.env['PATH'],
    HOME: join(folder, '..', 'home'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  mkdirSync(folder, { recursive: true })
  const state = localStateFolder(folder, home)
  const run = gitIn(folder)
  let commit: string | undefined = at
  const git: Checkout['git'] = (...args) => {
    commit = undefined
    return run(args)
  }
  const checkout: Checkout = {
    folder,
    state,
    trailed,
    noted,
    released,
    git,
    get commit() {
      return (commit ??= run(['rev-parse', 'HEAD']))
    },
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    },
    list: (path) => readdirSync(join(folder, path)).sort(),
    token({ provider = 'github', ...job } = {}) {
      return mintLocalJobToken(state, provider, { ref: 'refs/tags/v1.1.0', sha: checkout.commit, ...job })
    },
    env: (token) => ({
      ...home,
      ...(token === undefined ? {} : { CI: 'true', SIGSTORE_ID_TOKEN: token }),
    }),
  }
  return checkout
}

/** Its commits are made by one process, and so are its notes: by git's own commands each would take several. */
function makeRepository(folder: string): Checkout {
  mkdirSync(folder, { recursive: true })
  const git = gitIn(folder)
  git(['init', '--quiet', '--initial-branch=main', '--template='])
  const origin = { url: 'https://user:secret@github.com/acme/widget.git', fetch: '+refs/heads/*:refs/remotes/origin/*' }
  const settings = Object.entries(origin).map(([name, value]) => `\t${name} = ${value}\n`)
  appendFileSync(join(folder, '.git/config'), `[remote "origin"]\n${settings.join('')}`)
  importInto(folder, [
    commit('refs/heads/main', 'Begin\n', file('.gitignore', 'dist/\n'), file('README', 'widget\n')),
    'reset refs/tags/v1.0.0\nfrom refs/heads/main\n\n',
    commit(
      'refs/heads/main',
      'Parse widgets\n\nClaude-Session: https://claude.ai/code/session_01TestParseWidgets\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\n',
      file('parse.js', 'export const parse = JSON.parse\n'),
    ),
    commit(
      'refs/heads/main',
      'Limit widgets\n',
      file('limit.js', 'export const limit = 100\nexport const retries = 3\n'),
    ),
    commit('refs/heads/main', 'Release 1.1.0\n', file('README', 'widget 1.1.0\n')),
    'reset refs/tags/v1.1.0\nfrom refs/heads/main\n\n',
  ])
  git(['reset', '--quiet', '--hard'])
  const [released = '', noted = '', trailed = ''] = git(['rev-list', 'HEAD']).split('\n')
  importInto(folder, [
    commit('refs/notes/ai', '', note(noted, gitAiNote(noted))),
    // What people write to each other, in the ref where others keep what they signed.
    commit('refs/notes/commits', '', note(trailed, 'Fine.\n')),
  ])
  buildIn(folder)
  return checkoutIn(folder, { trailed, noted, released })
}

function buildIn(folder: string): void {
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/app.tgz'), 'the artifact')
}

// Commands of git-fast-import.
const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
const file = (path: string, text: string): string => `M 100644 inline ${path}\n${data(text)}`
const note = (of: string, text: string): string => `N inline ${of}\n${data(text)}`
const commit = (ref: string, message: string, ...changes: readonly string[]): string =>
  `commit ${ref}\ncommitter Ann <ann@acme.example> now\n${data(message)}${changes.join('')}\n`

function importInto(folder: string, commands: readonly string[]): void {
  gitIn(folder)(['fast-import', '--quiet', '--date-format=now'], commands.join(''))
}

/** authorship/3.0.0: one session, both lines of limit.js. */
function gitAiNote(commit: string): string {
  const key = `s_${createHash('sha256').update(`cursor:${cursorSession}`).digest('hex').slice(0, 14)}`
  const metadata = {
    schema_version: 'authorship/3.0.0',
    git_ai_version: '1.6.24',
    base_commit_sha: commit,
    prompts: {},
    sessions: { [key]: { agent_id: { tool: 'cursor', id: cursorSession, model: 'gpt-5.2-codex' } } },
  }
  return `limit.js\n  ${key}::t_00000000000001 1-2\n---\n${JSON.stringify(metadata)}`
}

function gitIn(folder: string): (args: readonly string[], input?: string) => string {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...untidied,
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@acme.example',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@acme.example',
  }
  return (args, input = '') =>
    execFileSync('git', args, { cwd: folder, env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }).trim()
}
