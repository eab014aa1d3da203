/** How anybody makes the digest of an AI configuration anew, without us. */
import { placesExpression } from './places.ts'

/**
 * One line for a shell, with git and the tools of GNU; `commit` is a full id. The published page has a script for trees with submodules and
 * odd names as well.
 */
export function recomputeCommand(commit: string): string {
  const blob = `$(git cat-file blob "${commit}:$path" | sha256sum | cut -c-64)`
  return [
    `git ls-tree -r --full-tree --format='%(objectmode) %(path)' ${commit}`,
    `LC_ALL=C grep -E '^[0-9]+ ${placesExpression.slice(1)}'`,
    `while read -r mode path; do test $mode = 120000 && sign=@ || sign=' '; printf '%s %s%s\\n' "${blob}" "$sign" "$path"; done`,
    'sha256sum',
  ].join(' | ')
}
