/**
 * Completion for bash, from 3.2 on, which macOS still has: neither `mapfile` nor associative arrays, and `compopt` only where it
 * is there. What follows the cursor does not count.
 */
import type { CompletedCommand, Value } from './model.ts'

export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of countersign for bash; written by: countersign completion bash
_countersign() {
  local current=\${COMP_WORDS[COMP_CWORD]} chosen='' wants='' ended='' words='' paths=none word index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -n $wants ]]; then
      # bash takes --format=json for three words.
      [[ $word == '=' ]] || wants=''
    elif [[ -n $ended ]]; then
      :
    elif [[ $word == -- ]]; then
      ended=yes
    elif [[ $word == -* ]]; then
      case "$chosen $word" in
${valuedForms(commands)}) wants=$word ;;
      esac
    else
      case "$chosen $word" in
${belowCases(commands)}
      esac
    fi
  done
  if [[ -n $wants ]]; then
    [[ $current == '=' ]] && current=''
    case "$chosen $wants" in
${valueCases(commands)}
    esac
  elif [[ $current == -* && -z $ended ]]; then
    case "$chosen" in
${commands.map((it) => `      ${quoted(it.path)}) words=${quoted(formsOf(it).join(' '))} ;;`).join('\n')}
    esac
  else
    case "$chosen" in
${commands.map((it) => `      ${quoted(it.path)}) ${assigned(argumentOf(it))} ;;`).join('\n')}
    esac
  fi
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  case "$paths" in
    files) compopt -o filenames 2>/dev/null
      while IFS= read -r word; do
        # What begins like a flag would be one.
        [[ $word == -* && -z $ended ]] && word=./$word
        COMPREPLY+=("$word")
      done < <(compgen -f -- "$current") ;;
    folders) compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$current") ;;
  esac
}
complete -F _countersign countersign
`
}

function valuedForms(commands: readonly CompletedCommand[]): string {
  const forms = commands.flatMap(({ path, options }) =>
    options.filter((it) => it.value !== undefined).flatMap((it) => it.forms.map((form) => `${path} ${form}`)),
  )
  return `        ${forms.map(quoted).join(' | \\\n        ')}`
}

function belowCases(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ path, below }) =>
      below.map(({ word }) => `        ${quoted(`${path} ${word}`)}) chosen=${quoted(`${path} ${word}`.trim())} ;;`),
    )
    .join('\n')
}

function valueCases(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ path, options }) =>
      options.flatMap(({ forms, value }) => {
        if (value === undefined) return []
        const patterns = forms.map((form) => quoted(`${path} ${form}`)).join(' | ')
        return [`      ${patterns}) ${assigned(value)} ;;`]
      }),
    )
    .join('\n')
}

/** Below a command there are commands or arguments, never both. */
function argumentOf({ below, argument }: CompletedCommand): Value {
  return below.length === 0 ? argument : { words: below.map((it) => it.word), paths: 'none' }
}

function assigned({ words, paths }: Value): string {
  return `words=${quoted(words.join(' '))} paths=${paths}`
}

function formsOf({ options }: CompletedCommand): readonly string[] {
  return options.flatMap((it) => it.forms)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
