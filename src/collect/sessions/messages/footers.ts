/** The lines by which a tool signs a message: `🤖 Generated with [Claude Code](…)`, also in markup and with settings behind it. */
import { knownModelName } from '../models.ts'
import type { ToolTable } from '../tools.ts'
import { agentsInProse } from './agent-name.ts'
import type { Agent } from './agent-name.ts'

/** Which verbs; a footer that only lists its tool needs no other. */
export const footerVerbs =
  'generated|created|written|made|authored|co-?authored|coded|vibe[- ]?coded|assisted|developed|built|implemented|drafted|ultraworked'

/** What stands before the verb in `🤖 - Generated`, each sign with a blank behind it; letters and digits are none. */
export const footerStart = '(?:[^A-Za-z0-9 \\t\\r\\n]{1,32}[ \\t]{1,16}){0,3}[^A-Za-z0-9 \\t\\r\\n]{0,32}'

/**
 * A footer on a line of its own, also as an item of a list or emphasised; the groups are its sign, its emphasis, its verb and who.
 * Behind another sign (`> `, `+`, `$ `, a quotation mark) the line is quoted from somewhere.
 */
const footer = new RegExp(
  `^[ \\t]{0,64}(?:[-*+•][ \\t]{1,16})?(?:([^\\t -~«»‘-‟‹›]{1,16})[ \\t]{0,16}(?:[-–—:|][ \\t]{1,16})?)?([*_]{0,3})(${footerVerbs})[ \\t]+(?:with|by|using|via)[ \\t]+(.+)$`,
  'i',
)

/** How a tool says its settings where no reader of the text sees them (mux): `<!-- mux-attribution: model=… thinking=… -->`. */
const comment =
  /^[ \t]{0,3}<!--[ \t]{0,4}([a-z][a-z0-9-]{0,22}[a-z0-9])-attribution:[ \t]{0,4}([^<>]{0,200}?)(?:-->|$)/i

/** The same anywhere in a message, for a search. */
export const settingsComment = '<!--[ \\t]{0,4}[a-z][a-z0-9-]{0,22}[a-z0-9]-attribution:'

/** Whether a line is one of these. */
export function isFooter(line: string): boolean {
  return footer.test(line) || comment.test(line)
}

/** A message, as any text, in which this finds nothing has no line that is one: one search is less than one in each line. */
export function mayHoldFooter(message: string): boolean {
  return mayBeFooter.test(message)
}

const mayBeFooter = new RegExp(`(?:${footerVerbs})[ \\t]+(?:with|by|using|via)[ \\t]|-attribution:`, 'i')

/** Whether a footer stops behind a settings' name or the sign between two: then the next line goes on with it. */
export function goesOn(line: string): boolean {
  return /(?:\s[•·]|[A-Z][a-z]{1,15}:)\s{0,4}$/.test(line) && footer.test(line)
}

/** The model of `model=anthropic:claude-opus-5 thinking=high`. */
export function modelsInSettings(settings: string): string[] {
  const said = /(?:^|\s)model=(\S{1,96})/.exec(settings)?.[1]
  const model = said === undefined ? undefined : knownModelName(said, { besideTool: true })
  return model === undefined ? [] : [model]
}

/** Nobody writes so much. */
const longest = 800

/** Between the settings: `mux` • Model: `anthropic:claude-opus-5` • Thinking: `high`, in one form or another. */
const betweenSettings = /\s+[•·](?:\s+|$)|\s*[|;,.–—-]\s+(?=[A-Z][a-z]{1,15}: )/

/** The tools that sign a line; empty where it is no footer, or not all of it can be understood. */
export function agentsInFooter(line: string, tools: ToolTable): Agent[] {
  const [, commented, settingsOf = ''] = comment.exec(line) ?? []
  if (commented !== undefined) {
    const tool = tools.kindOfName(commented) === 'first-name' ? undefined : tools.id(commented)
    return tool === undefined ? [] : [{ tool, models: modelsInSettings(settingsOf) }]
  }
  // Escaped by whoever put it through a shell or a program.
  const plainLine = line.replaceAll('\\`', '`').replaceAll('\\u2022', '•')
  const [, sign = '', emphasis = '', verb = '', text = ''] = footer.exec(plainLine) ?? []
  if (text === '' || text.length > longest) return []
  const isSentence = sign !== '' || emphasis !== '' || /^[A-Z]/.test(verb)
  const plain = withoutTail(emphasised(text, emphasis), isSentence)
    .replaceAll('`', '')
    .replace(/[*_\s\p{Extended_Pictographic}\ufe0f]+$/u, '')
    .replace(/ on behalf of .*$/i, '')
  const [who = '', ...settings] = plain.split(betweenSettings)
  const agents = agentsSigning(who, sign, tools)
  const [first, ...others] = agents
  const [model] = settings.flatMap((it) => modelInSetting(it.trim()) ?? [])
  if (first === undefined || model === undefined || others.length > 0) return agents
  return [{ ...first, models: [...first.models, model] }]
}

/** `Model: "openai:gpt-5.4"`, or only the model. */
function modelInSetting(text: string): string | undefined {
  const [, key, said = ''] = /^(?:([A-Z][a-z]{1,15}): {0,4})?["']?(.{1,96}?)["']?$/.exec(text) ?? []
  return key === undefined || key === 'Model' ? knownModelName(said, { besideTool: true }) : undefined
}

/** As far as the emphasis reaches that the line begins with: what stands behind it is about the footer, and no part of it. */
function emphasised(text: string, emphasis: string): string {
  if (emphasis === '') return text
  for (let at = text.indexOf(emphasis, 1); at > 0; at = text.indexOf(emphasis, at + 1)) {
    if (/\S/.test(text[at - 1] ?? '') && !/[A-Za-z0-9]/.test(text[at + emphasis.length] ?? '')) return text.slice(0, at)
  }
  return text
}

/** What people add: who reviewed it, or a sentence of its own. In the middle of somebody's sentence there is no such end. */
function withoutTail(text: string, isSentence: boolean): string {
  if (!isSentence) return text
  return text.replace(
    /(?<=\S)(?:[.!] (?=[A-Z])(?![A-Z][a-z]{1,15}: ).*|(?:[;,]| [-–—])? (?:then |and |but )?(?:manually |carefully |fully )?(?:reviewed|tested|edited|checked|verified|approved|adjusted|polished|refined|amended|supervised|touched up)\b.*)$/,
    '',
  )
}

/** Behind the sign of a robot no person is named; elsewhere a name that people bear can be one's. */
function agentsSigning(who: string, sign: string, tools: ToolTable): Agent[] {
  const name = who.replace(/^(?:the )?(?:help|assistance|support|aid) (?:of|from) /i, '')
  const isRobot = sign.includes('🤖')
  const agents = agentsInProse(name, tools, isRobot)
  if (agents.length > 0) return agents
  // `Codex 5.2 xhigh`: how hard it thought.
  const effort = /(?<=\d) (?:x?high|medium|low|minimal|max)[.,]?$/i
  return effort.test(name) ? agentsInProse(name.replace(effort, ''), tools, isRobot) : []
}
