/** What is wrong with a value that a schema refuses: said by code, so that no value of the file stands in a message. */
import type * as z from 'zod/mini'

export type Issue = z.core.$ZodIssue

export function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'is no member here'
    case 'invalid_type':
      return `is no ${issue.expected}`
    case 'invalid_value':
      return notOf(issue.values.map(String))
    case 'too_big':
      return `has more than ${issue.maximum}, or is more`
    case 'too_small':
      return `is less than ${issue.minimum}, or empty`
    default:
      return 'has not the form that its schema says'
  }
}

/** Of many words the first, since nobody reads three hundred of them. */
function notOf(words: readonly string[]): string {
  const rest = words.length - mostWords
  if (rest <= 0) return `is not ${words.join(' or ')}`
  return `is none of ${words.slice(0, mostWords).join(', ')} and ${rest} more words`
}

const mostWords = 12
