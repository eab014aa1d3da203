/** What a GitHub runner makes of the file of a step's outputs, and of a line in its log. */

/**
 * As actions/runner reads it (FileCommandManager): `name<<delimiter`, lines up to the delimiter, or `name=value`; empty lines
 * between them count for nothing. Throws for what it refuses.
 */
export function readOutputs(text: string): { readonly [name: string]: string } {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  const outputs: Record<string, string> = {}
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (heredoc < 0 || (equals >= 0 && equals < heredoc)) {
      if (equals < 1) throw new Error(`no output: ${line}`)
      outputs[line.slice(0, equals)] = line.slice(equals + 1)
      continue
    }
    const end = lines.indexOf(line.slice(heredoc + 2), at + 1)
    if (end < 0) throw new Error('the delimiter does not come again')
    outputs[line.slice(0, heredoc)] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return outputs
}

export interface LogCommand {
  readonly command: string
  readonly title: string
  readonly message: string
}

/** Commands of the workflow in a log (ActionCommand.TryParseV2), unescaped; at most one a line. */
export function readCommands(log: string): readonly LogCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, command, properties = '', message = ''] = /^\s*::([a-z-]+)(?: (.*?))?::(.*)$/.exec(line) ?? []
    if (command === undefined) return []
    const title = /^title=([^,]*)$/.exec(properties)?.[1] ?? ''
    return [{ command, title: unescaped(title), message: unescaped(message) }]
  })
}

function unescaped(text: string): string {
  const codes: { readonly [code: string]: string } = { '0D': '\r', '0A': '\n', '3A': ':', '2C': ',', '25': '%' }
  return text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => codes[code]!)
}
