/**
 * Patches as models write them: `*** Begin Patch` with `*** Update File: path`, `*** Add File: path`, `*** Move to: path` (openai/codex
 * `codex-rs/apply-patch`), which several tools have taken over, and unified diffs. Pure.
 */

/** One file that a patch changes. */
export interface PatchedFile {
  readonly path: string
  /** The lines that it adds. */
  readonly text: string
}

const mostFiles = 10_000

/** In the order of the patch; none for text that is no patch. A file that is only deleted or moved adds nothing. */
export function patchedFiles(patch: string): PatchedFile[] {
  const files: { path: string; lines: string[] }[] = []
  let open: { path: string; lines: string[] } | undefined
  const begin = (path: string): void => {
    open = files.length === mostFiles ? undefined : { path: path.trim(), lines: [] }
    if (open !== undefined) files.push(open)
  }
  let isUnified = false
  for (const line of patch.split(/\r?\n/)) {
    const named = /^\*\*\* (?:Add|Update) File: (.+)$/.exec(line)?.[1]
    const moved = /^\*\*\* Move to: (.+)$/.exec(line)?.[1]
    const unified = /^\+\+\+ (?:b\/)?([^\t]+)/.exec(line)?.[1]
    if (named !== undefined) {
      isUnified = false
      begin(named)
    } else if (moved !== undefined && open !== undefined) open.path = moved.trim()
    else if (/^\*\*\* (?:Delete File:|End Patch)/.test(line)) open = undefined
    else if (unified !== undefined && (open === undefined || isUnified)) {
      isUnified = true
      if (unified === '/dev/null') open = undefined
      else begin(unified)
    } else if (line.startsWith('+')) open?.lines.push(line.slice(1))
  }
  return files.map(({ path, lines }) => ({ path, text: lines.join('\n') }))
}
