/** Who is named by `Co-authored-by`, `Assisted-by` and their like, where it is a tool and not a person. */
import { knownModelId, modelId } from '../models.ts'
import { toolId, toolOfAddress, unknownTool } from '../tools.ts'

export interface Agent {
  readonly tool: string
  readonly model: string | undefined
}

/** `Name <address>`: a tool by its address alone; the name may tell the model (`aider (gpt-5.4)`, `Claude Opus 4.6`). */
export function agentOfPerson(text: string): Agent | undefined {
  const person = personIn(text)
  const tool = person === undefined ? undefined : toolOfAddress(person.address)
  if (person === undefined || tool === undefined) return undefined
  const inBrackets = /\(([^()]*)\)\s*$/.exec(person.name)?.[1]
  return { tool, model: knownModelId(person.name) ?? (inBrackets === undefined ? undefined : knownModelId(inBrackets)) }
}

/**
 * A tool in words, maybe with its model: `AGENT:MODEL [tool] …` (Linux Documentation/process/coding-assistants.rst),
 * `A / B`, `A (B)`, `A`, or only a model. Somebody or something else (a person, coccinelle) is none: what is not known to
 * be a tool or model is never recorded, for it could be a name.
 */
export function agentInWords(text: string): Agent | undefined {
  if (text.length > 200) return undefined
  if (text.includes('<') || text.includes('@')) return agentOfPerson(text)
  const words = text.trim().replace(/[.,]$/, '')
  const [, name, model] =
    /^([^:/()]+):([^\s:/][^\s]*)/.exec(words) ?? // AGENT:MODEL
    /^([^:()]+?) \/ (.+)$/.exec(words) ?? // A / B
    /^([^:/()]+?) ?\(([^()]*)\)$/.exec(words) ?? // A (B)
    []
  if (name !== undefined && model !== undefined) {
    const tool = toolId(name)
    if (tool !== undefined) return { tool, model: modelId(model) }
    const known = knownModelId(name) ?? knownModelId(model)
    return known === undefined ? undefined : { tool: toolOfModel(name) ?? unknownTool, model: known }
  }
  const tool = toolId(words.replace(/\/v?\d[\w.+-]*$/, ''))
  if (tool !== undefined) return { tool, model: undefined }
  const known = knownModelId(words)
  return known === undefined ? undefined : { tool: toolOfModel(words) ?? unknownTool, model: known }
}

/** `Claude Opus 4.6` names the assistant with its model; `GPT-5.6` or `Opus 4.7` only a model that many tools use. */
function toolOfModel(words: string): string | undefined {
  return /^claude /i.test(words) ? toolId('claude') : undefined
}

/** `[Claude Code](https://claude.com/claude-code)` or plain words, up to the next bracket. */
export function agentInLink(text: string): Agent | undefined {
  const linked = /^\[([^\]]{1,80})\]/.exec(text.trim())?.[1]
  return agentInWords(linked ?? text)
}

function personIn(text: string): { readonly name: string; readonly address: string } | undefined {
  const open = text.lastIndexOf('<')
  const close = text.indexOf('>', open)
  if (open < 0 || close < 0) return undefined
  return { name: text.slice(0, open).trim().slice(0, 200), address: text.slice(open + 1, close) }
}
