/**
 * Which text may become a trailer of a commit. Variables and payloads are somebody else's words: a line end in one of them would
 * write a trailer of its choice, and a token that stands there by mistake would be published.
 */

export interface SessionName {
  /** Id of the tool, lower-case, as `claude-code`. */
  readonly tool: string
  readonly id: string
  readonly toolVersion?: string | undefined
  readonly model?: string | undefined
}

const secretStart = /^(?:gh[a-z]_|github_pat_|glpat-|sk-|xox[a-z]-|AKIA|AIza|eyJ|npm_)/

/** Letters, digits and `._:+-` alone: no blank, no line end, no path, no address, no list. At most 128 characters. */
export function isSessionId(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(text) && !secretStart.test(text)
}

export function isTool(text: unknown): text is string {
  return typeof text === 'string' && /^[a-z][a-z0-9-]{0,59}$/.test(text)
}

export function isToolVersion(text: unknown): text is string {
  return typeof text === 'string' && /^\d[\w.+-]{0,63}$/.test(text)
}

export function isModel(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9][\w.:/+-]{0,95}$/.test(text) && !secretStart.test(text)
}

/** `tool:id`; undefined for anything else. */
export function sessionOfText(text: string): SessionName | undefined {
  const colon = text.indexOf(':')
  const [tool, id] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)]
  return isTool(tool) && isSessionId(id) ? { tool, id } : undefined
}

/** The lines that a commit message gets for a session. */
export function trailersOf({ tool, id, toolVersion, model }: SessionName): SessionTrailers {
  const version = isToolVersion(toolVersion) ? `${tool}/${toolVersion}` : tool
  const isToldMore = version !== tool || isModel(model)
  return {
    session: `AI-Session-ID: ${tool}:${id}`,
    ...(isToldMore ? { version: `AI-Tool-Version: ${version}${isModel(model) ? ` (${model})` : ''}` } : {}),
  }
}

export interface SessionTrailers {
  /** The line that names the session, or says that there was none. */
  readonly session: string
  readonly version?: string
}

/** `AI-Provenance-Override: <reason>`: printable text on one line, of at most 200 characters; undefined for what is none. */
export function noneTrailer(reason: string): SessionTrailers | undefined {
  const text = reason.trim()
  return text.length <= 200 && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && /\p{L}/u.test(text)
    ? { session: `AI-Provenance-Override: ${text}` }
    : undefined
}
