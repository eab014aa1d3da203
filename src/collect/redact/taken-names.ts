/** Names of members that are one once something is taken out of them: each stays a member of its own, so that nothing is lost. Pure. */

/** `names` as they are to be called, in their order; those that another one has before get a number. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names)
  if (taken.size === names.length) return names
  const given = new Set<string>()
  const last = new Map<string, number>()
  return names.map((name) => {
    let own = name
    for (let number = (last.get(name) ?? 1) + 1; given.has(own); number += 1) {
      const other = `${name}#${number}`
      last.set(name, number)
      if (!taken.has(other)) own = other
    }
    given.add(own)
    return own
  })
}
