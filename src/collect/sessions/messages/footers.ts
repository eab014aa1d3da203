/** The lines by which a tool signs a message: `🤖 Generated with [Claude Code](…)`, also in markup and with settings behind it. */
import { knownModelName } from '../models.ts'
import type { ToolTable } from '../tools.ts'
import { agentsInProse } from './agent-name.ts'
import type { Agent } from './agent-name.ts'

/** Which verbs; a footer that only lists its tool needs no other. */
export const footerVerbs = 'generated|created|written|made|authored|coded|assisted|ultraworked'

/**
 * A footer on a line of its own, also as an item of a list or emphasised; group 1 is who. Behind another sign (`> `, `+`, `$ `,
 * a quotation mark) the line is quoted from somewhere.
 */
const footer = new RegExp(
  `^[ \\t]{0,64}(?:[-*+•][ \\t]{1,16})?(?:[^\\t -~«»‘-‟‹›]{1,16}[ \\t]{0,16})?[*_]{0,3}(?:${footerVerbs})[ \\t]+(?:with|by|using)[ \\t]+(.+)$`,
  'i',
)

/** mux, also under the name of a fork, where it writes no footer: `<!-- mux-attribution: model=… thinking=… -->`. */
const comment = /^[ \t]{0,3}<!--[ \t]{0,4}[mx]ux-attribution:[ \t]{0,4}([^<>]{0,200})-->/i

/** Whether a line is one of these. */
export function isFooter(line: string): boolean {
  return footer.test(line) || comment.test(line)
}

/** The model of `model=anthropic:claude-opus-5 thinking=high`. */
export function modelsInSettings(settings: string): string[] {
  const said = /(?:^|\s)model=(\S{1,96})/.exec(settings)?.[1]
  const model = said === undefined ? undefined : knownModelName(said, { besideTool: true })
  return model === undefined ? [] : [model]
}

/** Nobody writes so much. */
const longest = 800

/** The tools that sign a line; empty where it is no footer, or not all of it can be understood. */
export function agentsInFooter(line: string, tools: ToolTable): Agent[] {
  const settingsOfMux = comment.exec(line)?.[1]
  if (settingsOfMux !== undefined) return [{ tool: 'mux', models: modelsInSettings(settingsOfMux) }]
  const text = footer.exec(line)?.[1] ?? ''
  if (text === '' || text.length > longest) return []
  const plain = text
    .replaceAll('`', '')
    .replace(/[*_\s\p{Extended_Pictographic}\ufe0f]+$/u, '')
    .replace(/ on behalf of .*$/i, '')
  // mux: `mux` • Model: `anthropic:claude-opus-5` • Thinking: `high`, in one form or another.
  const [who = '', ...settings] = plain.split(/ • |\. (?=[A-Z][a-z]{1,15}: )/)
  const agents = agentsInProse(who, tools)
  const [first, ...others] = agents
  const said = settings.flatMap((it) => /^Model: {0,4}(.{1,96})$/i.exec(it.trim())?.[1] ?? [])[0]
  const model = said === undefined ? undefined : knownModelName(said, { besideTool: true })
  if (first === undefined || model === undefined || others.length > 0) return agents
  return [{ ...first, models: [...first.models, model] }]
}
