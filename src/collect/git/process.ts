/**
 * Running git: arguments as an array, never a shell; bounded answers; and nothing that a repository's own configuration
 * could start (file system monitor, hooks, external diff, signature check, lazy fetch by a command of its choice).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { CountersignError } from '../../errors.ts'
import { oneLine } from '../../one-line.ts'
import type { Environment } from '../../platform/environment.ts'
import { absoluteSearchPath, nameOfPath, programOnPath } from '../../platform/search-path.ts'

/** Where and how git runs; made by {@link gitIn}. */
export interface Git {
  /** What is started: a name that the system looks up, on Windows a path. */
  readonly program: string
  readonly cwd: string
  readonly env: Environment
  readonly platform: NodeJS.Platform
  readonly signal: AbortSignal | undefined
  readonly reading?: Reading
}

/** What lasts as long as a repository is read; lent-gits.ts has it. */
export interface Reading {
  /** For whom: a git in another folder or environment could answer something else. */
  readonly cwd: string
  readonly env: Environment
  /** Gits that nobody asks just now. */
  readonly idle: FedGit[]
  /** What was read once, by its name. */
  readonly known: Map<string, Promise<unknown>>
  /** Gits that were started before somebody asks, by their arguments; their pipes bound what they do until then. */
  readonly begun: Map<string, Begun>
  /** Gits that are fed meanwhile. */
  readonly fed: Set<Pick<FedGit, 'stop'>>
}

/** A git that runs before somebody asks. */
export interface Begun {
  readonly running: FedGit
  /** What it prints, from the first part on. */
  readonly next: () => Promise<IteratorResult<Buffer>>
}

/** The end of a git process: exit status (-1 when a signal ended it) and the start of what it wrote to stderr. */
export interface Ending {
  readonly status: number
  readonly stderr: string
}

export interface Answer extends Ending {
  readonly stdout: Buffer
}

const stderrBytes = 8_192
/** Everything that is read as a whole is names and ids; histories are streamed. */
const answerBytes = 4 * 1024 * 1024

const safety: readonly string[] = [
  '--no-pager',
  ...[
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    // What a commit's parents are, only the commit says.
    'core.commitGraph=false',
    'core.quotePath=false',
    'log.showSignature=false',
    'diff.external=',
    'protocol.allow=never',
    'safe.bareRepository=explicit',
    'submodule.recurse=false',
  ].flatMap((setting) => ['-c', setting]),
]

// A program that git starts in spite of everything, Git LFS for one, inherits this environment: so it holds what git needs
// to find its parts, its configuration and a temporary folder, and none of the secrets of a job. Windows compares the names
// without case. SUDO_UID: whose checkouts git may trust beside root's.
const systemVariables = new Set(
  [
    ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'TMP', 'TEMP', 'SUDO_UID'],
    ['SYSTEMROOT', 'WINDIR', 'COMSPEC', 'PATHEXT'],
    ['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA'],
  ].flat(),
)
// Of git's own variables only those that choose the configuration or make git refuse more: GIT_DIR and its like would
// turn every question to another repository than the folder that was named.
const gitVariables = /^GIT_(CONFIG(_.*)?|EXEC_PATH|CEILING_DIRECTORIES|TEST_ASSUME_DIFFERENT_OWNER)$/

/**
 * Git in a folder, with an environment in which the answer depends on the repository alone, and in which there is nothing
 * worth stealing. Error: `git-failed` (Windows: git is not on the search path).
 */
export function gitIn(
  cwd: string,
  { env, platform, signal }: Pick<Git, 'env' | 'platform'> & { readonly signal: AbortSignal | undefined },
): Git {
  const program = programOnPath('git', env, platform)
  if (program === undefined) throw notInstalled()
  const kept = Object.entries(env).filter(
    ([name]) => systemVariables.has(name.toUpperCase()) || gitVariables.test(name),
  )
  return {
    program,
    cwd,
    platform,
    signal,
    env: {
      ...Object.fromEntries(kept),
      [nameOfPath(env, platform)]: absoluteSearchPath(env, platform),
      // For the programs that git starts on Windows; for git itself only the environment of this process would count.
      NoDefaultCurrentDirectoryInExePath: '1',
      LC_ALL: 'C',
      LANGUAGE: '',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      // A partial clone would fetch what is missing, by a program that its configuration names.
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      // A commit is what its id says, not what refs/replace or a graft file puts in its place.
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_GRAFT_FILE: '/dev/null/none',
      // Into a pipe git flushes after every commit unless it is told otherwise.
      GIT_FLUSH: '0',
    },
  }
}

/**
 * Runs git and returns its whole answer, whatever the exit status is. Errors: `git-failed` when git is not there, when the
 * answer is larger than 4 MiB, when it was aborted.
 */
export async function runGit(git: Git, args: readonly string[]): Promise<Answer> {
  const running = start(git, args, undefined)
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of running.stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > answerBytes) throw new CountersignError('git-failed', `git ${nameOf(args)} answered too much`)
      parts.push(chunk)
    }
    return { ...(await running.ending), stdout: Buffer.concat(parts) }
  } finally {
    await running.stop()
  }
}

/** The answer of a git that must succeed, as text without the last line end. Errors: `git-failed`. */
export async function askGit(git: Git, args: readonly string[]): Promise<string> {
  const answer = await runGit(git, args)
  if (answer.status !== 0) throw gitFailure(args, answer)
  return answer.stdout.toString('utf8').replace(/\n$/, '')
}

/**
 * Runs git and yields what it writes as it comes; `input` goes to its stdin. Leaving the loop early ends the process. A
 * status other than 0 throws `git-failed` at the end.
 */
export async function* streamGit(
  git: Git,
  args: readonly string[],
  input?: string,
): AsyncGenerator<Buffer, void, undefined> {
  const running = start(git, args, input)
  try {
    yield* running.stdout as AsyncIterable<Buffer>
    const ending = await running.ending
    if (ending.status !== 0) throw gitFailure(args, ending)
  } finally {
    await running.stop()
  }
}

/** A git that gets its input as it comes to be. */
export interface FedGit {
  write(input: string | Buffer): void
  /** All of a source, as fast as it is read, and closes the input. */
  writeAll(source: AsyncIterable<Buffer>): Promise<void>
  /** What it prints, as it comes. Whoever leaves the loop leaves the rest to the next loop. */
  readonly output: AsyncIterable<Buffer>
  /** Nothing more will be written; what it still prints can be read. */
  close(): void
  /** Closes its input, and gives how it ended. What it still prints is dropped. */
  end(): Promise<Ending>
  stop(): Promise<void>
}

export function feedGit(git: Git, args: readonly string[]): FedGit {
  const running = start(git, args, 'open')
  const over = new AbortController()
  running.ending.catch(() => undefined).finally(() => over.abort())
  return {
    write: (input) => void running.stdin.write(input),
    async writeAll(source) {
      try {
        for await (const chunk of source) {
          const isFull = !running.stdin.write(chunk)
          // Whoever ends before it has read its input never asks for more.
          if (isFull && running.stdin.writable)
            await once(running.stdin, 'drain', { signal: over.signal }).catch(() => undefined)
        }
      } finally {
        // Whoever reads to its end must see one, also where the source failed.
        running.stdin.end()
      }
    },
    output: { [Symbol.asyncIterator]: () => running.stdout.iterator({ destroyOnReturn: false }) },
    close: () => void running.stdin.end(),
    async end() {
      running.stdin.end()
      running.stdout.resume()
      return running.ending
    },
    stop: () => running.stop(),
  }
}

/** What git said on stderr as our failure, without the folders of this machine. */
export function gitFailure(args: readonly string[], ending: Ending): CountersignError {
  if (ending.stderr.includes('dubious ownership')) {
    return new CountersignError('git-failed', 'git refuses this repository because another user owns it', {
      hint: 'let the user of the checkout run this, or trust the folder: git config --global --add safe.directory "$PWD"',
    })
  }
  if (ending.stderr.includes('promisor remote')) {
    return new CountersignError('git-failed', `git ${nameOf(args)} needs objects that this partial clone left out`, {
      hint: 'clone the repository whole, without a filter: nothing is fetched by itself',
    })
  }
  const lines = ending.stderr.split('\n')
  const line = lines.find((it) => /^(fatal|error): /.test(it)) ?? lines.find((it) => it !== '') ?? 'it gave no reason'
  const reason = withoutPaths(line.replace(/^(fatal|error): /, ''))
  return new CountersignError('git-failed', `git ${nameOf(args)} failed: ${reason}`)
}

/** One line without absolute paths and without the user part of a URL. */
function withoutPaths(text: string): string {
  return oneLine(text)
    .slice(0, 500)
    .replace(/:\/\/[^\s/@]*@/g, '://')
    .replace(/'(?:\/|[A-Za-z]:[\\/])[^']*'/g, "'<path>'")
    .replace(/(^|[\s"(=])(?:\/|[A-Za-z]:[\\/])[^\s"':,)]+/g, '$1<path>')
}

function nameOf(args: readonly string[]): string {
  return args.find((it) => /^[a-z][a-z-]*$/.test(it)) ?? 'command'
}

interface Running {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly ending: Promise<Ending>
  /** Ends the process if it still runs, and waits until it is gone. */
  stop(): Promise<void>
}

/** `input` is all of it, or `open`: the caller writes and ends it. */
function start(git: Git, args: readonly string[], input: string | undefined): Running {
  const { child, ...running } = launch(git, args, 'pipe')
  if (input !== 'open') child.stdin.end(input)
  // There is none where it was given another place alone.
  return { ...running, stdin: child.stdin, stdout: child.stdout as Readable }
}

/** Prints into a file that is open; its input is written and closed by the caller. */
export function feedGitInto(
  git: Git,
  args: readonly string[],
  file: number,
): Pick<FedGit, 'write' | 'close' | 'stop'> & { readonly ending: Promise<Ending> } {
  const { child, ...running } = launch(git, args, file)
  return { ...running, write: (input) => void child.stdin.write(input), close: () => void child.stdin.end() }
}

interface Launched extends Pick<Running, 'ending' | 'stop'> {
  readonly child: ChildProcessByStdio<Writable, Readable | null, Readable>
}

function launch(git: Git, args: readonly string[], output: 'pipe' | number): Launched {
  if (git.signal?.aborted === true) throw aborted(args)
  const child = spawn(git.program, [...safety, ...args], {
    cwd: git.cwd,
    env: git.env,
    windowsHide: true,
    stdio: ['pipe', output, 'pipe'],
  }) as Launched['child']
  // A git that ends before it has read its input is judged by its status, not by the broken pipe.
  child.stdin.on('error', () => undefined)
  const stderr = headOf(child)
  const abort = (): void => void child.kill('SIGKILL')
  git.signal?.addEventListener('abort', abort, { once: true })
  const ending = new Promise<Ending>((resolve, reject) => {
    child.once('error', (thrown) => reject(notStarted(thrown)))
    child.once('close', (code) => {
      git.signal?.removeEventListener('abort', abort)
      if (git.signal?.aborted === true) reject(aborted(args))
      else resolve({ status: code ?? -1, stderr: stderr() })
    })
  })
  ending.catch(() => undefined) // whoever reads stdout to its end awaits it
  return {
    child,
    ending,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ending.catch(() => undefined)
    },
  }
}

function headOf(child: ChildProcess): () => string {
  const parts: Buffer[] = []
  let bytes = 0
  child.stderr?.on('data', (chunk: Buffer) => {
    if (bytes < stderrBytes) parts.push(chunk.subarray(0, stderrBytes - bytes))
    bytes += chunk.length
  })
  return () => Buffer.concat(parts).toString('utf8')
}

function notStarted(thrown: NodeJS.ErrnoException): CountersignError {
  if (thrown.code === 'ENOENT') return notInstalled()
  return new CountersignError('git-failed', `git could not be started: ${thrown.code ?? 'unknown reason'}`)
}

function notInstalled(): CountersignError {
  return new CountersignError('git-failed', 'git is not installed', { hint: 'install git and put it on PATH' })
}

function aborted(args: readonly string[]): CountersignError {
  return new CountersignError('git-failed', `git ${nameOf(args)} was stopped`)
}
