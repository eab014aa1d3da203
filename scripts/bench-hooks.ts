/** What a hook costs a commit: the CPU time of the hook and of all that it starts, against that of a Node that does nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installHooks } from '../src/hooks.ts'
import { median, root } from './bench-timing.ts'

export interface HookBench {
  readonly what: string
  /** Milliseconds of CPU time. */
  readonly ours: number
  readonly theirs: number
}

/** Milliseconds of CPU time that a shell script's children took, as `times` of the shell tells. */
function cpu(script: string, cwd: string, env: NodeJS.ProcessEnv, rounds: number): number {
  const loop = `i=0; while [ $i -lt ${rounds} ]; do ${script}; i=$((i+1)); done >/dev/null 2>&1; times`
  const told = execFileSync('bash', ['-c', loop], { cwd, env, encoding: 'utf8' })
  const [, children = ''] = told.trim().split('\n')
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + Number(m) * 60 + Number(s),
    0,
  )
  return (seconds * 1_000) / rounds
}

export async function benchHooks(): Promise<readonly HookBench[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-hooks-'))
  try {
    const env = { PATH: process.env['PATH'], HOME: folder, GIT_AUTHOR_NAME: 'Ann', GIT_EDITOR: ':' }
    execFileSync('git', ['init', '-q'], { cwd: folder, env })
    const program = join(root, 'bin/countersign.js')
    await installHooks({
      agents: ['none'],
      program: { node: process.execPath, capture: join(root, 'dist/capture.js'), program },
      world: { cwd: folder, env },
    })
    const message = join(folder, '.git/COMMIT_EDITMSG')
    writeFileSync(message, 'One\n')
    const node = `'${process.execPath}' -e 0`
    const hook = `printf 'One\\n' > .git/COMMIT_EDITMSG; .git/hooks/prepare-commit-msg .git/COMMIT_EDITMSG message`
    const rows = [
      { what: 'prepare-commit-msg, a session in the environment', env: { ...env, CLAUDE_CODE_SESSION_ID: 'a-1' } },
      { what: 'prepare-commit-msg, no session', env },
    ]
    return rows.map(({ what, env: its }) => {
      const pairs = Array.from({ length: 7 }, () => [cpu(hook, folder, its, 10), cpu(node, folder, its, 10)] as const)
      const isNamed = readFileSync(message, 'utf8').includes('AI-Session-ID')
      if (isNamed !== 'CLAUDE_CODE_SESSION_ID' in its) throw new Error('the hook did not do its work')
      return { what, ours: median(pairs.map(([it]) => it)), theirs: median(pairs.map(([, it]) => it)) }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
