/** Text in HTML, also where that HTML stands in Markdown: one escaping for both. */

/**
 * All of ASCII that means something in HTML or in Markdown, as a character reference, which is neither. Forges look for names and
 * numbers (`@ann`, `#12`) behind that, in what is shown, but never in {@link code}.
 *
 * People read the Markdown as it is, too, so what means nothing stays: parentheses, because no bracket stands before them; a colon and an
 * underscore within a word, and a colon that ends one. Else a colon may begin an address (`://`) or a command of a CI (`::`), which forges
 * and runners take out of running text, and an underscore emphasis. An address may begin with `www.` as well.
 */
export function escaped(text: string): string {
  return text.replace(meaning, (mark) => `&#${mark.codePointAt(0) ?? 0};`)
}

const meaning =
  /(?<![A-Za-z0-9])[:_]|:(?![A-Za-z0-9 ])|_(?![A-Za-z0-9])|(?<=[Ww]{3})\.|[^A-Za-z0-9 .,/=+\-();?:_\u0080-\u{10ffff}]/gu

/** Text from outside. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`
}
