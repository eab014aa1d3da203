/** The shell scripts that are put into a repository. None of them holds a path of this machine but the runner, which stays here. */
import { agentMarkers, currentSessionVariable, sessionVariables } from '../environment-sessions.ts'

/**
 * Git hooks that do something here:
 * - prepare-commit-msg adds the trailers, also with `--no-verify`, and before the editor opens;
 * - commit-msg takes them back where a person wrote nothing, so that giving up a commit still works;
 * - post-commit notes which edits have their commit, so that no session is named twice for them;
 * - post-rewrite tells where an amend or a rebase lost what a commit said of sessions;
 * - pre-push makes, and where that is wanted pushes, the records of sessions.
 */
export const gitHooks = ['prepare-commit-msg', 'commit-msg', 'post-commit', 'post-rewrite', 'pre-push'] as const
export type GitHook = (typeof gitHooks)[number]

/** What a hook that was there is called as long as ours stands in its place. */
export const asideSuffix = '.before-countersign'

const begin = '# >>> countersign >>>'
const end = '# <<< countersign <<<'

/**
 * Where the runner is. An agent stands in any folder: one that a checkout brings with the files of a bare repository in it would
 * name itself, and have a runner of its own in it (git-config(1), safe.bareRepository). In a hook of git `GIT_DIR` says which it is.
 */
export const runnerPath =
  '"$(git -c safe.bareRepository=explicit rev-parse --git-common-dir 2>/dev/null)/countersign/hook"'

/** A hook of its own. The one that was there runs first, with the same input, and what it ends with counts. */
export function hookScript(hook: GitHook): string {
  const hasInput = hook === 'post-rewrite'
  const before = `"$0${asideSuffix}" "$@"`
  return `#!/bin/sh
${begin}
# countersign hooks status tells what this is, and countersign hooks remove takes it away.
# A manager of hooks may have kept this file as the one that was there: it must not call itself.
[ "\${COUNTERSIGN_HOOK-}" != '${hook}' ] || exit 0
export COUNTERSIGN_HOOK='${hook}'
${hasInput ? 'countersign_input=$(cat)\n' : ''}if [ -x "$0${asideSuffix}" ]; then
  ${hasInput ? `printf '%s\\n' "$countersign_input" | ${before}` : before} || exit $?
fi
${call(hook, hasInput)}
exit 0
${end}
`
}

/**
 * A hook of somebody else with our part in it, behind all that is there; undefined where a shell would never come to it. Before a last
 * `exit 0` it stands in front; any other `exit` or `exec` at the end says what the hook ends with, which is not ours to say. Nor does it
 * stand behind a line that goes on: `check &&` before `exit 0` refuses, and would not any more.
 */
export function joinedHook(hook: GitHook, text: string): string | undefined {
  const lines = text.split('\n')
  let last = lines.findLastIndex((it) => /^\s*[^\s#]/.test(it))
  const former = lines.slice(0, Math.max(last, 0)).findLast((it) => /^\s*[^\s#]/.test(it)) ?? ''
  const isExit = /^\s*exit\b/.test(lines[last] ?? '')
  if ((isExit && goesOn(former)) || goesOn(lines[last] ?? '')) return undefined
  while (lines[last - 1]?.endsWith('\\') === true) last -= 1
  const command = lines[last] ?? ''
  if (/^exit 0\s*$/.test(command)) {
    const part = `${begin}\n${call(hook, false)}\n${end}`
    return [...lines.slice(0, last), part, ...lines.slice(last)].join('\n')
  }
  // A redirection alone (`exec < /dev/tty`) ends nothing.
  if (/^(?:exit|exec)\b(?!\s*\d*[<>])/.test(command)) return undefined
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${hookPart(hook)}`
}

/** Whether the next command belongs to what this line begins, as far as its end tells. */
function goesOn(line: string): boolean {
  return /(?:[&|\\{(!]|(?:^|[\s;])(?:then|else|do))$/.test(line.replace(/\s#.*$/, '').trimEnd())
}

/** What the hook ends with counts, though ours is the last command: else what refuses by its last line would refuse nothing any more. */
function hookPart(hook: GitHook): string {
  return `${begin}
countersign_status=$?
if [ "$countersign_status" -eq 0 ]; then
${call(hook, false).replaceAll(/^/gm, '  ')}
else
  (exit "$countersign_status")
fi
${end}
`
}

/** Where the runner is, git says: the same line is right in each clone, and does nothing where there is no runner. */
function call(hook: GitHook, hasInput: boolean): string {
  const run = `"$countersign_hook" ${hook} "$@"`
  return `countersign_hook=${runnerPath}
[ ! -x "$countersign_hook" ] || ${hasInput ? `printf '%s\\n' "$countersign_input" | ${run}` : run} || true`
}

/** What the settings of an agent run. Its hooks must end well wherever they run, and print nothing. */
export function agentCommand(tool: string): string {
  return `h=${runnerPath}; [ ! -x "$h" ] || "$h" agent ${tool} || true`
}

/** In the folder for hooks that stand in the place of a folder of another: whatever that has is run as before. */
export function passingScript(hook: string, folder: string): string {
  return `#!/bin/sh\n[ ! -x ${quoted(`${folder}/${hook}`)} ] || exec ${quoted(`${folder}/${hook}`)} "$@"\n`
}

/** Lines of a file of git that is no script. */
export function linesOfOurs(lines: readonly string[]): string {
  return `${begin}\n${lines.join('\n')}\n${end}\n`
}

/** The part of a text that is ours, and what is left without it; undefined where it is not there. */
export function withoutPart(text: string): string | undefined {
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from < 0 || to < 0) return undefined
  const rest = text.slice(to + end.length).replace(/^\n/, '')
  return text.slice(0, from) + rest
}

export function holdsPart(text: string): boolean {
  return withoutPart(text) !== undefined
}

/** Whether a text is a hook of ours and nothing else. */
export function isOwnScript(text: string): boolean {
  return withoutPart(text)?.trim() === '#!/bin/sh'
}

export interface Runner {
  /** Git's own folder holds our hooks, so that one that is lost can be told of by another. */
  readonly isWatched: boolean
  readonly node: string
  readonly capture: string
  readonly program: string
}

/**
 * What all hooks call. Most commits are made without a session, so it looks for a reason to start Node, and does without where
 * there is none.
 */
export function runnerScript({ isWatched, node, capture, program }: Runner): string {
  const variables = [...[...sessionVariables, ...agentMarkers].map(([name]) => name), currentSessionVariable]
  const says = (text: string): string => `echo "countersign: warning: ${text}" >&2`
  return `#!/bin/sh
# Made by countersign hooks install for this clone alone; countersign hooks remove takes it away.
node=${quoted(node)}
capture=${quoted(capture)}
program=${quoted(program)}
hook=\${1-}
[ $# -eq 0 ] || shift
common=\${0%/*}/..
if [ ! -x "$node" ] || [ ! -f "$capture" ]; then
  ${says('it is not where it was when its hooks were installed, and names no session; run countersign hooks install, or remove')}
  exit 0
fi
if [ "$hook" = agent ]; then
  "$node" "$capture" agent "$@"
  exit 0
fi
dir=\${GIT_DIR-}
[ -n "$dir" ] || { [ -d .git ] && dir=.git; } || dir=$(git rev-parse --git-dir 2>/dev/null) || exit 0
own=$dir/countersign
wanted=
case $hook in
prepare-commit-msg)
  [ ! -f "$own/undone.json" ] || rm -f "$own/undone.json"
  if [ -n "${variables.map((name) => `\${${name}-}`).join('')}" ]; then wanted=1
  elif [ -d "$own/edits" ] || [ -f "$own/by-hand.json" ] || [ -f "$own/offered.json" ]; then wanted=1
  elif [ -d "$own/committed" ] && [ ! -f "$dir/CHERRY_PICK_HEAD" ] && [ ! -f "$dir/MERGE_HEAD" ]; then wanted=1
  elif [ -f "$dir/SQUASH_MSG" ] || [ -f "$dir/rebase-merge/current-fixups" ]; then wanted=1
  elif [ "\${GIT_EDITOR-}" != : ] && [ "$(git config --type=bool countersign.ask 2>/dev/null)" = true ]; then wanted=1
  elif [ "\${2-}" = message ] && [ -n "\${GIT_AUTHOR_DATE-}" ] &&
    [ "$(git --no-pager log -1 --no-show-signature --date=raw --format=@%ad 2>/dev/null)" = "$GIT_AUTHOR_DATE" ]; then wanted=1
  fi ;;
commit-msg) [ ! -f "$own/offered.json" ] || wanted=1 ;;
post-commit)
${isWatched ? watch(says) : ''}  { [ ! -d "$own/edits" ] && [ ! -f "$own/by-hand.json" ] && [ ! -f "$own/undone.json" ]; } || wanted=1 ;;
post-rewrite) wanted=1 ;;
pre-push)
  # Pushing a record is a push, too.
  [ -z "\${COUNTERSIGN_RECORDING-}" ] && [ -d "$common/countersign/sessions" ] || exit 0
  export COUNTERSIGN_RECORDING=1
  set -- "\${1-}"
  if [ "$(git config --type=bool countersign.pushRecords 2>/dev/null)" = true ]; then
    remote=$(git config countersign.recordRemote 2>/dev/null) || remote=$1
    set -- --push "$remote"
  else
    set --
  fi
  "$node" "$program" sessions record --pending "$@" </dev/null >&2 ||
    ${says('the records of sessions could not be made or pushed; the push goes on')}
  exit 0 ;;
esac
[ -z "$wanted" ] || GIT_DIR=$dir "$node" "$capture" git "$hook" "$@" || true
exit 0
`
}

/** A manager of hooks that an installation of packages starts takes our place without a word, and commits would name no session. */
function watch(says: (text: string) => string): string {
  const [mine, named] = ['"$common/hooks/post-commit"', '"$common/hooks/prepare-commit-msg"']
  return `  if grep -qs '${begin}' ${mine} && ! grep -qs '${begin}' ${named} "$common"/hooks/prepare-commit-msg.legacy; then
    ${says('its hook prepare-commit-msg was replaced, and commits name no session; run countersign hooks install again')}
  fi
`
}

/** In a shell script: as it stands. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
