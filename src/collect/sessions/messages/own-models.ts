/**
 * Whose a model is, where a tool and a model only stand beside each other. `Claude, Gemini 2.5 Pro` are two assistants, and
 * `Cursor, Gemini 2.5 Pro` is one: some tools run the models of their vendor, others those of anybody. Of a tool that runs
 * others when told to (Claude Code, Qwen Code) only words that tie them (`with`, a colon, brackets) say so.
 */
import { normalModel } from '../models.ts'

/** Tool → the normal forms of its vendor's models. */
const ownModels: ReadonlyMap<string, RegExp> = new Map([
  ['claude-code', /^claude-/],
  ['codex', /^(?:gpt|codex|o\d)/],
  ['chatgpt', /^(?:gpt|codex|o\d)/],
  ['gemini', /^gem(?:ini|ma)/],
  ['jules', /^gemini/],
  ['qwen-code', /^q(?:wen|wq|vq)/],
  ['kimi', /^kimi/],
])

/** Whether a model that only stands beside a tool can be the one that it ran. */
export function canBeOf(tool: string, model: string): boolean {
  const own = ownModels.get(tool)
  return own === undefined || own.test(normalModel(model))
}

/** Words that put two beside each other and tie neither to the other. */
export function isBeside(joint: string): boolean {
  return ['+', '&', 'and', '/', '|', '-'].includes(joint)
}
