/**
 * Completion for PowerShell, from 5.1 on. Where a file can stand nothing is offered, and PowerShell offers files itself. What
 * follows the cursor does not count.
 */
import type { CompletedCommand, Value, Word } from './model.ts'

export function powershellScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of countersign for PowerShell; written by: countersign completion powershell
Register-ArgumentCompleter -Native -CommandName countersign -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $below = @{
${commands.map((it) => `    ${quoted(it.path)} = ${pairs(it.below)}`).join('\n')}
  }
  $options = @{
${commands.map((it) => `    ${quoted(it.path)} = ${pairs(optionWords(it))}`).join('\n')}
  }
  $arguments = @{
${commands.map((it) => `    ${quoted(it.path)} = @(${knownWords(it.argument)})`).join('\n')}
  }
  $values = @{
${valueRows(commands).join('\n')}
  }
  $chosen = ''
  $wants = ''
  $ended = $false
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $word = $element.ToString()
    if ($wants -ne '') { $wants = ''; continue }
    if ($ended) { continue }
    if ($word -ceq '--') { $ended = $true; continue }
    if ($word.StartsWith('-')) {
      if ($values.ContainsKey("$chosen $word")) { $wants = $word }
      continue
    }
    $next = "$chosen $word".Trim()
    if ($below.ContainsKey($next)) { $chosen = $next }
  }
  $found =
    if ($wants -ne '') { $values["$chosen $wants"] | ForEach-Object { , @($_, $_) } }
    elseif ($wordToComplete.StartsWith('-') -and -not $ended) { $options[$chosen] }
    elseif ($below[$chosen].Count -gt 0) { $below[$chosen] }
    else { $arguments[$chosen] | ForEach-Object { , @($_, $_) } }
  $found | Where-Object { $_ -and $_[0].StartsWith($wordToComplete) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`
}

function valueRows(commands: readonly CompletedCommand[]): readonly string[] {
  return commands.flatMap(({ path, options }) =>
    options.flatMap(({ forms, value }) =>
      value === undefined ? [] : forms.map((form) => `    ${quoted(`${path} ${form}`)} = @(${knownWords(value)})`),
    ),
  )
}

function knownWords({ words }: Value): string {
  return words.map(quoted).join(', ')
}

function optionWords({ options }: CompletedCommand): readonly Word[] {
  return options.flatMap(({ forms, says }) => forms.map((word) => ({ word, says })))
}

/** A list of pairs. The comma in front keeps a single pair from being taken for the list itself. */
function pairs(words: readonly Word[]): string {
  const written = words.map(({ word, says }) => `@(${quoted(word)}, ${quoted(says)})`)
  return `@(${written.length === 1 ? ', ' : ''}${written.join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
