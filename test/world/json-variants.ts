/** Copies of a JSON value that each differ from it in one place. */

/**
 * One text of it in other words, or one name of a member; what stood there is kept before them where both could be read. A member more
 * comes to each object, and where the members are named by what somebody wrote (paths), each is once renamed.
 */
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
      // A format's own names are words; with a point or a digit it is a path or an id.
      if (!/[^A-Za-z_]/.test(name)) continue
      yield Object.fromEntries(Object.entries(value).map(([it, of]) => [it === name ? text : it, of]))
    }
    yield { ...value, [text]: text }
  }
}
