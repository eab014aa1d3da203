/** Completion for zsh, with what each word means beside it. What follows the cursor does not count. */
import type { CompletedCommand, Value, Word } from './model.ts'

export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef countersign
# Completion of countersign for zsh; written by: countersign completion zsh
_countersign() {
  local chosen='' wants='' ended='' word paths=none
  local -i index
  local -a values described
  for (( index = 2; index < CURRENT; index++ )); do
    word=$words[index]
    if [[ -n $wants ]]; then
      wants=''
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
  word=$words[CURRENT]
  if [[ -z $wants && -z $ended && $word == --*=* ]]; then
    wants=\${word%%=*}
    compset -P '*='
  fi
  if [[ -n $wants ]]; then
    case "$chosen $wants" in
${valueCases(commands)}
    esac
  elif [[ $word == -* && -z $ended ]]; then
    case "$chosen" in
${commands.map((it) => `      (${quoted(it.path)}) described=(${described(optionWords(it))}) ;;`).join('\n')}
    esac
    _describe -o 'option' described
    return
  else
    case "$chosen" in
${commands.map((it) => `      (${quoted(it.path)}) described=(${described(it.below)}) ${assigned(it.argument)} ;;`).join('\n')}
    esac
    (( $#described )) && _describe 'command' described
  fi
  (( $#values )) && compadd -a values
  case $paths in
    (files) _files ;;
    (folders) _files -/ ;;
  esac
}
# Autoloaded from a folder of $fpath this file is the function; sourced, it says which command it belongs to.
if [[ $funcstack[1] == _countersign ]]; then
  _countersign "$@"
else
  compdef _countersign countersign
fi
`
}

function valuedForms(commands: readonly CompletedCommand[]): string {
  const forms = commands.flatMap(({ path, options }) =>
    options.filter((it) => it.value !== undefined).flatMap((it) => it.forms.map((form) => `${path} ${form}`)),
  )
  return `        (${forms.map(quoted).join('|')}`
}

function belowCases(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ path, below }) =>
      below.map(({ word }) => `        (${quoted(`${path} ${word}`)}) chosen=${quoted(`${path} ${word}`.trim())} ;;`),
    )
    .join('\n')
}

function valueCases(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ path, options }) =>
      options.flatMap(({ forms, value }) => {
        if (value === undefined) return []
        const patterns = forms.map((form) => quoted(`${path} ${form}`)).join('|')
        return [`      (${patterns}) ${assigned(value)} ;;`]
      }),
    )
    .join('\n')
}

function optionWords({ options }: CompletedCommand): readonly Word[] {
  return options.flatMap(({ forms, says }) => forms.map((word) => ({ word, says })))
}

/** `word:meaning`, the form of `_describe`, where a colon in the word itself would end it. */
function described(words: readonly Word[]): string {
  return words.map(({ word, says }) => quoted(`${word.replaceAll(':', '\\:')}:${says}`)).join(' ')
}

function assigned({ words, paths }: Value): string {
  return `values=(${words.map(quoted).join(' ')}) paths=${paths}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
