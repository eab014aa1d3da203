/**
 * Secrets in text, taken out before it is kept or signed. Which texts are secrets is secretlint's recommended preset: some forty
 * forms of tokens and keys, each with the checks that keep it from crying wolf, which nobody should write anew.
 */
/** Text without its secrets, and how many were taken out of it. */
export interface Redacted {
  readonly text: string
  readonly count: number
}

/** What stands where a secret was. */
export const redaction = '[redacted]'

/** Takes every secret out of a text that the caller has bounded. */
export async function redactSecrets(text: string): Promise<Redacted> {
  // Loaded where there is something to redact: hardly ever.
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  const config = {
    rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }],
  }
  const source = { content: text, filePath: 'text', ext: '', contentType: 'text' } as const
  const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } })
  // Two rules may see the same secret, or parts of it.
  const places = messages.map(({ range }) => range).sort(([a], [b]) => a - b)
  let redacted = ''
  let end = 0
  let count = 0
  for (const [from, to] of places) {
    if (from >= end) {
      redacted += text.slice(end, from) + redaction
      count += 1
    }
    end = Math.max(end, to)
  }
  return { text: redacted + text.slice(end), count }
}
