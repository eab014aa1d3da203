/** Copies of a JSON value that each differ from it in one place. */

/** One text of it, or one name of a member, in other words; what stood there is kept before them where both could be read. */
export function* withText(value: unknown, text: string): Generator {
  if (typeof value === 'string') {
    yield `${value}${text}`
    yield text
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const changed of withText(item, text)) yield value.with(index, changed)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const changed of withText(member, text)) yield { ...value, [name]: changed }
    }
    yield { ...value, [text]: text }
  }
}
