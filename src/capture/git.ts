/** Asking git from within a hook: an argument array, bounded, and never in the way of a commit. */
const longest = 10_000
const mostBytes = 32 * 1024 * 1024

/** What git prints; undefined where it failed, or printed too much. */
export function askGit(args: readonly string[], input?: string): string | undefined {
  // Loaded here, since it is half of what a hook loads, and most need no git.
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { status, stdout } = spawnSync('git', args, {
    encoding: 'utf8',
    maxBuffer: mostBytes,
    timeout: longest,
    input: input ?? '',
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  return status === 0 ? stdout : undefined
}
