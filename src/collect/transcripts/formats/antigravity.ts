/**
 * Antigravity CLI (`agy`): a row for each step, in a folder that is called as the session; no row names it. What came of a call is the
 * next step of the model, without an id. `transcript.jsonl` holds each argument as a text of JSON, `transcript_full.jsonl` as it is:
 * where both are there, they are one session.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { jsonIn, newTexts, textsBetween } from '../block-texts.ts'
import { pathOfUri, uuidOfFolder } from '../file-names.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const antigravity: TranscriptFormat = {
  id: 'antigravity',
  title: 'Antigravity CLI',
  tool: 'antigravity',
  basis: 'documented',
  source: 'specstoryai/getspecstory, ANTIGRAVITY-FORMAT.md of agy 1.1.5',
  folders: {
    linux: ['~/.gemini/antigravity-cli/brain', '~/.gemini/antigravity/brain', '~/.gemini/antigravity-ide/brain'],
    darwin: ['~/.gemini/antigravity-cli/brain', '~/.gemini/antigravity/brain', '~/.gemini/antigravity-ide/brain'],
    win32: ['~/.gemini/antigravity-cli/brain', '~/.gemini/antigravity/brain', '~/.gemini/antigravity-ide/brain'],
  },
  fuller: (name) =>
    /(?:^|\/)\.system_generated\/logs\/transcript\.jsonl$/.test(name)
      ? name.replace(/\.jsonl$/, '_full.jsonl')
      : undefined,
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => {
    const isStep = numberIn(it?.['step_index']) !== undefined && textIn(it?.['source']) !== undefined
    return isStep && textIn(it?.['type']) !== undefined && textIn(it?.['status']) !== undefined
  })
}

/** Steps of the model that are no result of a call. */
const noResults: ReadonlySet<Json | undefined> = new Set(['PLANNER_RESPONSE', 'CHECKPOINT', 'CONVERSATION_HISTORY'])

function open({ sink, name }: Telling): RowReader {
  // `<id>/.system_generated/logs/transcript.jsonl`
  const id = uuidOfFolder(name, 3)
  if (id !== undefined) sink.id(id)
  /** Calls of the last answer, in their order; undefined for those that write nothing. */
  let pending: (string | undefined)[] = []
  let calls = 0

  function asked(content: string): void {
    const [inTags] = textsBetween(content, '<USER_REQUEST>', '</USER_REQUEST>')
    sink.prompt((inTags ?? content).trim())
    // Behind the prompt, so that nobody is believed who writes this into one.
    const settings = content.slice(content.lastIndexOf('</USER_REQUEST>') + 1)
    const [, model] = /setting `Model Selection` from .{1,80}? to (.{1,80}?)\. /.exec(`${settings} `) ?? []
    if (inTags !== undefined && model !== undefined) sink.model(model)
  }

  function wanted(call: JsonObject | undefined): string | undefined {
    const args = plainArguments(objectIn(call?.['args']) ?? {})
    const path = textIn(args['TargetFile'])
    const key = `call ${(calls += 1)}`
    switch (call?.['name']) {
      case 'run_command':
        sink.shell(textIn(args['CommandLine']) ?? '')
        return undefined
      case 'write_to_file':
      case 'replace_file_content': {
        const text = textIn(args['CodeContent']) ?? textIn(args['ReplacementContent'])
        if (path !== undefined && text !== undefined) sink.edit({ path: pathOfUri(path), text, call: key })
        return key
      }
      case 'multi_replace_file_content':
        if (path !== undefined) {
          const text = newTexts(args['ReplacementChunks'], 'ReplacementContent')
          sink.edit({ path: pathOfUri(path), text, call: key })
        }
        return key
      default:
        return undefined
    }
  }

  function result(row: JsonObject): void {
    const call = pending.shift()
    if (call === undefined || row['status'] === 'RUNNING') return
    const content = textIn(row['content']) ?? ''
    if (
      /\buser (?:has )?(?:rejected|denied|declined)\b|\b(?:rejected|denied|declined) by (?:the )?user\b/i.test(content)
    ) {
      sink.result(call, 'rejected', 'person')
    } else {
      const isMade = row['status'] === 'DONE' && !/^\s*Encountered error\b/.test(content)
      sink.result(call, isMade ? 'applied' : 'failed')
    }
  }

  return {
    row(row) {
      if (numberIn(row['step_index']) === undefined) return
      const time = textIn(row['created_at'])
      if (time !== undefined) sink.time(time)
      if (row['type'] === 'USER_INPUT' && row['source'] === 'USER_EXPLICIT') {
        pending = []
        asked(textIn(row['content']) ?? '')
      } else if (row['type'] === 'PLANNER_RESPONSE') {
        sink.answer(undefined)
        pending = listIn(row['tool_calls']).map((it) => wanted(objectIn(it)))
      } else if (row['source'] === 'MODEL' && !noResults.has(row['type'])) result(row)
    },
  }
}

/** Escaped is what has nothing but texts of JSON. */
function plainArguments(args: JsonObject): JsonObject {
  const plain = Object.entries(args).map(([name, value]) => [name, jsonIn(textIn(value) ?? '')] as const)
  const isEscaped = plain.every(([, value]) => value !== undefined)
  return isEscaped ? Object.fromEntries(plain.map(([name, value]) => [name, value ?? null])) : args
}
