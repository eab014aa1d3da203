/** A call of a tool as SpecStory writes it: `<tool-use …>`, fences with what was written or run, the last with what came of it. Pure. */
import type { EditVerdict } from '../../model/transcript.ts'
import type { EditTold } from './session-sink.ts'

export interface ToolUse {
  line(line: string): void
  /** Whether it can end here: the content of a fence may look like an end. */
  end(): boolean
  edits(): readonly EditTold[]
  commands(): readonly string[]
}

interface Fence {
  readonly language: string
  readonly lines: string[]
  /** Of which file, as it was named last before it. */
  readonly path: string | undefined
  /** The tool repeats what it did. */
  readonly isOutput: boolean
}

const paths = [
  /^\*\*(?:Add|Update|Edit|Create|Write)(?: File)?: `([^`]+)`\*\*$/,
  /^(?:Edit file|Path|File): `([^`]+)`$/,
  /^ `([^`]+)`$/,
  /<summary>.* • Edit file: ([^<]+)<\/summary>$/,
]

/** Undefined for a line that begins none. */
export function newToolUse(first: string): ToolUse | undefined {
  const [, type] = /^<tool-use data-tool-type="([\w-]+)" data-tool-name="[^"]*">/.exec(first) ?? []
  if (type === undefined) return undefined
  const fences: Fence[] = []
  const named: string[] = []
  const run: string[] = []
  let open: Fence | undefined
  let path: string | undefined
  let isOutput = false

  function outside(line: string): void {
    const said = paths.map((it) => it.exec(line)?.[1]).find((it) => it !== undefined)
    const command =
      /^`([^`]+)`$/.exec(line)?.[1] ?? /<summary>Tool use: \*\*[^*]+\*\* `(.+)`<\/summary>$/.exec(line)?.[1]
    if (line === 'Output:') isOutput = true
    else if (said !== undefined) {
      path = said
      named.push(said)
    } else if (command !== undefined) run.push(plain(command))
  }

  return {
    line(line) {
      const fence = /^```([\w+#.-]*)$/.exec(line)
      if (fence === null) {
        if (open === undefined) outside(line)
        // A fence within one has a backslash before it.
        else open.lines.push(plain(line.replace(/^(\s*)\\(?=`)/, '$1')))
      } else if (open === undefined) {
        open = { language: fence[1] ?? '', lines: [], path, isOutput }
        fences.push(open)
      } else if (fence[1] === '') open = undefined
      else open.lines.push(line)
    },
    end: () => open === undefined || !fences.includes(open),
    edits() {
      if (type !== 'write') return []
      const last = fences.at(-1)
      const said = last !== undefined && isResult(last) ? last.lines.join('\n') : ''
      const verdict = verdictOf(said, fences.length > 0 || named.length > 0)
      const written = fences.filter((it) => !isResult(it) && !it.isOutput)
      const other = /^(?:The file|File created successfully at:) (\S.*?)(?: has been updated\b.*)?$/m.exec(said)?.[1]
      const texts = new Map<string, string[]>()
      for (const it of [...named, ...(named.length === 0 && other !== undefined ? [other] : [])]) texts.set(it, [])
      for (const it of written) texts.get(it.path ?? other ?? '')?.push(textOf(it))
      const acceptedBy = verdict === 'rejected' ? 'person' : undefined
      return [...texts].map(([of, parts]) => ({ path: of, text: parts.join('\n'), verdict, acceptedBy }))
    },
    commands() {
      if (type !== 'shell') return []
      return [
        ...run,
        ...fences.filter((it) => /^(?:bash|sh|shell|zsh)$/.test(it.language)).map((it) => it.lines.join('\n')),
      ]
    },
  }
}

function isResult({ language }: Fence): boolean {
  return language === '' || language === 'text'
}

/** Of a difference what it adds; all of anything else. */
function textOf({ language, lines }: Fence): string {
  const added = language === 'diff' ? lines.filter((it) => it.startsWith('+')).map((it) => it.slice(1)) : lines
  return added.join('\n')
}

/** Of formats that say nothing, nobody can tell. */
function verdictOf(said: string, isTold: boolean): EditVerdict {
  if (/^(?:The user doesn't want to|The user rejected|User rejected)/.test(said)) return 'rejected'
  if (/^(?:<tool_use_error>|Error\b|File has (?:been|not)|String to replace|Permission )/.test(said)) return 'failed'
  if (/^Process exited with code [1-9]|^Exit code: [1-9]/m.test(said)) return 'failed'
  return isTold && said !== '' ? 'applied' : 'unanswered'
}

function plain(text: string): string {
  return text.replaceAll('&#96;', '`')
}
