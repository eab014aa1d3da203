/** Commands that a person can paste, for a POSIX shell (POSIX.1-2024 §2.2: within single quotes every character is itself). */

export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

/**
 * One word for the shell. A backtick leaves its quotes as an apostrophe must: our own lines take a name between two of them
 * for an option.
 */
function shellWord(text: string): string {
  if (/^[A-Za-z0-9@%+=:,./_-]+$/.test(text)) return text
  return `'${text.replace(/['`]/g, (mark) => `'\\${mark}'`)}'`
}
