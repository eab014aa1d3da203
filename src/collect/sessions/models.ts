/** Names of models as records write them, made comparable: `Claude Opus 4.6 (1M context)` and `claude-opus-4-6` are one. */

const maxCharacters = 96

/** What tools write where they do not know or do not say which model it was. */
const noModels = new Set(['unknown', 'auto', 'default', 'none', 'n/a', 'synthetic', '<synthetic>', 'undefined', 'null'])

const familyNames =
  'claude|opus|sonnet|haiku|gpt|chatgpt|codex|gemini|gemma|llama|mistral|mixtral|devstral|codestral|magistral|qwen|qwq|' +
  'deepseek|grok|kimi|glm|minimax|phi|nova|granite|composer|swe'

/** Up to three steps of a provider, then a family and somewhere behind it a version. */
const knownModel = new RegExp(
  `^(?:[a-z0-9._-]{1,40}/){0,3}(?:(?:${familyNames})[a-z .:_+[\\]-]{0,40}\\d|o\\d(?:-[a-z]+)*$)`,
  'i',
)

const families = 'opus|sonnet|haiku'

/**
 * The name of a model in the form of ids; undefined for "unknown" and for text that cannot be one (too long, an address, a
 * path, other characters than ids have).
 */
export function modelId(text: string): string | undefined {
  const name = text.trim().slice(0, maxCharacters + 1)
  if (name === '' || name.length > maxCharacters || noModels.has(name.toLowerCase())) return undefined
  const id = displayed(name)
  const isId = /^[A-Za-z0-9][A-Za-z0-9._:/@+[\]-]*$/.test(id)
  const isAddress = /@[^@]*\.[a-z]{2,}$/i.test(id)
  const isPath = id.split('/').length > 4 || id.includes(':/')
  return isId && !isAddress && !isPath ? id : undefined
}

/** The same, but only for a family of models that is known: for places where the text may be anything. */
export function knownModelId(text: string): string | undefined {
  const name = text.trim()
  return name.length <= maxCharacters && knownModel.test(name) ? modelId(name) : undefined
}

/** A name for people → the id that it stands for. */
function displayed(name: string): string {
  const plain = name.replace(/ ?\([^()]*\)$/, '').trim()
  const claude =
    /^claude ([a-z]{2,20}) (\d{1,2}(?:\.\d{1,2})?)(?: .*)?$/i.exec(plain) ??
    new RegExp(`^(${families}) (\\d{1,2}(?:\\.\\d{1,2})?)(?: .*)?$`, 'i').exec(plain)
  if (claude !== null) return hyphenated(`claude ${claude[1] ?? ''} ${claude[2] ?? ''}`).replaceAll('.', '-')
  if (/^claude \d/i.test(plain)) return hyphenated(plain).replaceAll('.', '-')
  // Other words than those of a known model could be anybody's.
  return plain.includes(' ') && knownModel.test(plain) ? hyphenated(plain) : plain
}

function hyphenated(words: string): string {
  return words.toLowerCase().split(/\s+/).join('-')
}
