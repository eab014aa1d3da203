/**
 * Aider: one Markdown file for each repository, to which every chat is appended (`aider/io.py`): `#### ` before what a person asked, `> `
 * before what the tool says, and the answers as they came. A chat has no id, and its times have no zone.
 */
import { patchedFiles } from '../patch-text.ts'
import type { Mark, SessionSink } from '../session-sink.ts'
import type { Telling, TranscriptFormat } from './row.ts'

export const aider: TranscriptFormat = {
  id: 'aider',
  title: 'Aider',
  tool: 'aider',
  basis: 'seen',
  source: 'Aider-AI/aider tests/fixtures/chat-history.md',
  body: { kind: 'text', isOwn, open },
}

const chatStart = /^# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s*$/

function isOwn(head: string, name: string): boolean {
  const isNamedSo = /(?:^|[/.-])chat[.-]history\.md$/.test(name)
  return (
    chatStart.test(head.trimStart().split('\n', 1)[0] ?? '') || (isNamedSo && /^# aider chat started at /m.test(head))
  )
}

function open(telling: Telling): { line(line: string): void; end(): void } {
  let chat: Chat | undefined
  return {
    line(line) {
      if (chatStart.test(line)) {
        chat?.end()
        telling.next()
        chat = newChat(telling.sink)
      } else chat?.line(line)
    },
    end: () => chat?.end(),
  }
}

interface Chat {
  line(line: string): void
  end(): void
}

/** Text for a file that stands in an answer; whether it was written, the tool says behind it. */
interface Wanted {
  readonly path: string
  readonly text: string
}

function newChat(sink: SessionSink): Chat {
  const commits = new Map<string, Mark>()
  const blocks = newBlocks()
  let prompt: string[] = []
  let isAnswering = false
  let runs = 0
  let counted = 0
  /** What was there before an edit is committed by itself: that is the work of a person. */
  let isOthersCommit = false
  let hasFailed = false
  let turn: Mark = sink.mark()

  function endPrompt(): void {
    const text = prompt.join('\n')
    prompt = []
    if (text === '') return
    leaveRest()
    // Other commands are for the tool, not for a model.
    turn = sink.mark()
    if (!/^[/!](?!ask\b|code\b|architect\b|context\b)/.test(text)) sink.prompt(text)
  }

  /** What no line says to be applied was not, where a failure is told. */
  function leaveRest(): void {
    for (const it of blocks.takeAll()) sink.edit({ ...it, verdict: hasFailed ? 'failed' : 'unanswered' })
    hasFailed = false
  }

  function said(text: string): void {
    const applied = /^Applied edit to (.+)$/.exec(text)?.[1]
    const dry = /^Did not apply edit to (.+) \(--dry-run\)$/.exec(text)?.[1]
    const refused = /^Skipping edits to (.+)$/.exec(text)?.[1]
    const commit = /^Commit ([0-9a-f]{7,40})\b/.exec(text)?.[1]
    const removed = /^Removed: ([0-9a-f]{7,40})\b/.exec(text)?.[1]
    const model = /^(?:Main model|Models?|Editor model): (\S+) with /.exec(text)?.[1]
    const version = /^Aider v(\S+)$/i.exec(text)?.[1]
    const command = /^Running (\S.*)$/.exec(text)?.[1]
    if (applied !== undefined) sink.edit({ path: applied, text: blocks.take(applied), verdict: 'applied' })
    else if (dry !== undefined) sink.edit({ path: dry, text: blocks.take(dry), verdict: 'failed' })
    else if (refused !== undefined) {
      sink.edit({ path: refused, text: blocks.take(refused), verdict: 'rejected', acceptedBy: 'person' })
    } else if (commit !== undefined) {
      if (!isOthersCommit) commits.set(commit, turn)
    } else if (removed !== undefined) {
      const since = commits.get(removed)
      if (since !== undefined) sink.undo(since)
      commits.delete(removed)
    } else if (model !== undefined) sink.model(model.replace(/[^\w)]+$/, ''))
    else if (version !== undefined) sink.version(version)
    else if (command !== undefined) sink.shell(command)
    else if (text.startsWith('Tokens: ')) tokens(text)
    else if (/failed to match!|did not conform to the edit format/.test(text)) hasFailed = true
    if (text !== '') isOthersCommit = /^Committing .+ before applying edits\.$/.test(text)
  }

  function tokens(text: string): void {
    counted += 1
    const count = (words: string): number | undefined => {
      const [, digits = '', unit] = new RegExp(`([\\d.,]{1,16})([kM]?) ${words}`).exec(text) ?? []
      const number = Number.parseFloat(digits.replaceAll(',', ''))
      return Number.isFinite(number) ? Math.round(number * (unit === 'k' ? 1e3 : unit === 'M' ? 1e6 : 1)) : undefined
    }
    sink.answer(undefined, {
      input: count('sent'),
      output: count('received'),
      cacheRead: count('cache hit'),
      cacheWrite: count('cache write'),
    })
  }

  return {
    line(line) {
      // The tool ends its own lines with two blanks; a heading of an answer has none.
      const asked = /^####(?: (.*))?$/.exec(line)?.[1]
      const isPrompt = line.startsWith('####') && (/^####(?: .*)? {2}$/.test(line) || !isAnswering) && !blocks.isOpen()
      if (isPrompt) {
        isAnswering = false
        prompt.push((asked ?? '').trimEnd())
        return
      }
      endPrompt()
      if (/^>(?: |$)/.test(line) && !blocks.isOpen()) {
        isAnswering = false
        said(line.slice(1).trim())
        return
      }
      if (!isAnswering && line.trim() !== '') {
        isAnswering = true
        runs += 1
      }
      blocks.line(line)
    },
    end() {
      endPrompt()
      leaveRest()
      if (counted === 0) for (let run = 0; run < runs; run += 1) sink.answer(undefined)
      for (const it of commits.keys()) sink.commit(it)
    },
  }
}

interface Blocks {
  line(line: string): void
  /** Whether the line that comes next is content of a block. */
  isOpen(): boolean
  /** What is wanted of a file, all together. */
  take(path: string): string
  /** What is left; whole files are only taken by name, for most code in an answer is none. */
  takeAll(): readonly Wanted[]
}

/** SEARCH/REPLACE blocks, patches, and whole files behind their names. */
function newBlocks(): Blocks {
  let wanted: Wanted[] = []
  let whole: Wanted[] = []
  let path = ''
  let before = ''
  let fence: { readonly mark: string; readonly lines: string[]; readonly isPatch: boolean } | undefined
  let added: string[] | undefined
  let isSearch = false

  function endFence(): void {
    if (fence === undefined) return
    const text = fence.lines.join('\n')
    if (fence.isPatch) wanted.push(...patchedFiles(text))
    else if (path !== '') whole.push({ path, text })
    fence = undefined
  }

  return {
    line(line) {
      if (isSearch) {
        if (/^={5,9}\s*$/.test(line)) {
          isSearch = false
          added = []
        }
      } else if (added !== undefined) {
        if (/^>{5,9} (?:REPLACE|UPDATED)\s*$/.test(line)) {
          wanted.push({ path, text: added.join('\n') })
          added = undefined
        } else added.push(line)
      } else if (/^<{5,9} (?:SEARCH|ORIGINAL)\s*$/.test(line)) {
        isSearch = true
        // The name stands before the fence, or between it and the block.
        if (fence === undefined && before !== '') path = pathIn(before)
        else if (fence?.lines.length === 1) path = pathIn(fence.lines[0] ?? '')
        fence = fence === undefined ? undefined : { ...fence, lines: ['', ''] }
      } else if (fence !== undefined) {
        if (line.trimEnd() === fence.mark) endFence()
        else fence.lines.push(line)
      } else if (/^`{3,}/.test(line)) {
        if (before !== '') path = pathIn(before)
        fence = { mark: /^`+/.exec(line)?.[0] ?? '', lines: [], isPatch: /^`+(?:diff|udiff)\b/.test(line) }
      }
      if (line.trim() !== '') before = /^`{3,}/.test(line) ? '' : line.trim()
    },
    isOpen: () => isSearch || added !== undefined,
    take(of) {
      const isIt = (it: Wanted): boolean => it.path === of || of.endsWith(`/${it.path}`) || it.path.endsWith(`/${of}`)
      const own = wanted.filter(isIt)
      const texts = own.length > 0 ? own : whole.filter(isIt).slice(-1)
      wanted = wanted.filter((it) => !isIt(it))
      whole = whole.filter((it) => !isIt(it))
      return texts.map((it) => it.text).join('\n')
    },
    takeAll() {
      endFence()
      const rest = wanted.filter((it) => it.path !== '')
      wanted = []
      whole = []
      isSearch = false
      added = undefined
      return rest
    },
  }
}

/** A name as models write it: in backticks, bold, behind a comment mark, before a colon. */
function pathIn(line: string): string {
  const name = line.replace(/^[#*`\s]+|[*`:\s]+$/g, '')
  return name.length <= 1_024 && !/\s{2}|[<>"|?]/.test(name) ? name : ''
}
