/** Text in HTML, also where that HTML stands in Markdown: one escaping for both. */

/**
 * All of ASCII that means something in HTML or in Markdown, as a character reference, which is neither. Forges look for names and
 * numbers (`@ann`, `#12`) behind that, in what is shown, but never in {@link code}.
 */
export function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,/=+\-\u0080-\u{10ffff}]/gu, (mark) => `&#${mark.codePointAt(0) ?? 0};`)
}

/** Text from outside. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`
}
