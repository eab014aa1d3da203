/** What attackers write where they may write a name, and whether it got through. */

/** Steers a terminal, or a log of GitHub Actions or Azure Pipelines, by every means that is known here. */
export const hostile =
  'x\u001b]0;owned\u0007\u001b[31m\r\n::stop-commands::pwn\n ##[set-output name=verified]true\n##vso[task.x y=z]b' +
  '\u202e\u2066\u061c\u200b\u2060\ufeff\u00ad\u{e0041}\u3164\ufe0f\u0085\u009b31m\u2028::error::y'

/** The same where control characters are refused: nothing of it is more than a word. */
export const printable = '::stop-commands::x##[set-output]y##vso[z]'

/** Lines of an output that would do something, with what does it. */
export function steersIn(output: string): string[] {
  return output.split('\n').filter(
    (line) =>
      // Each written out here, so that the product's own list is not held against itself.
      /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/u.test(
        line,
      ) ||
      line.trimStart().startsWith('::') ||
      /##[a-z]*\[/i.test(line),
  )
}

/** What HTML, Markdown or a forge reads in running text; of colons and underscores those that are no part of a word, and what begins an address. */
export const withMeaning = /[<>&`|*[\]{}#~@!$"'\\^%]|(?<![A-Za-z0-9])[:_]|:(?![A-Za-z0-9 ])|_(?![A-Za-z0-9])|www\./i
