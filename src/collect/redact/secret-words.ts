/** All words of which one stands in a secret, and the one search for them. */
import type { Form } from './form.ts'
import { namedValues } from './named-values.ts'
import { plainForms } from './plain-forms.ts'
import { ruleWords } from './preset-words.ts'
import { tokenForms } from './token-forms.ts'
import { newWordSearch } from './word-places.ts'
import type { Words } from './word-places.ts'

export const forms: readonly Form[] = [...tokenForms, ...plainForms, ...namedValues]

/** What every run of characters has in which `tokenStart` finds a token: a JWT, or one of GitHub or GitLab. */
export const tokenWords: Words = {
  words: [
    ...['eyJ', 'github_pat_', 'gloas-', ...['p', 'o', 'u', 's', 'r'].map((it) => `gh${it}_`)],
    ...['pat', 'ptt', 'dt', 'rt', 'rtr', 'cbt', 'ft', 'imt', 'agent', 'wt', 'soat', 'ffct'].map((it) => `gl${it}-`),
  ],
}

/**
 * With what the header of a JWT begins, an object of JSON in base64url: a bracket, or a blank, and what may stand behind it. Of the byte after these
 * two bits are in the third character.
 */
export const headerWords: Words = {
  words: Array.from('{ \t\n\r').flatMap((first) =>
    Array.from(first === '{' ? '"} \t\n\r' : '{ \t\n\r').flatMap((second) =>
      [0, 1, 2, 3].map((bits) =>
        Buffer.from([first.charCodeAt(0), second.charCodeAt(0), bits << 6])
          .toString('base64url')
          .slice(0, 3),
      ),
    ),
  ),
}

export const secretWordsIn = newWordSearch([
  ...forms.map(({ words }) => words),
  tokenWords,
  headerWords,
  ...[...ruleWords.values()].flat(),
])
